//! When an event has another time or place, or is called off: those who mean to come are told by mail.

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::coming::Scene;
use crate::guests::{self, done};

/// The subjects and texts of the mails that are sent now, by whom they are to.
async fn told(app: &TestApp) -> Vec<(String, String, String)> {
    app.work().await;
    let mut told: Vec<_> = app.mails().into_iter().map(|mail| (mail.to, mail.subject, mail.text)).collect();
    told.sort_unstable();
    told
}

#[tokio::test]
async fn those_who_come_and_those_who_wait_are_told_of_every_change_and_why() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(1)).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        scene.comes(&app, &rosa, 0).await;
        scene.confirms(&app, "theo@example.org", 0).await;
        let (_, cancel) = scene.confirms(&app, "gone@example.org", 0).await;
        done(&app, ("", "eventRsvpCancel"), json!({ "token": cancel }), "state").await;
        scene.asks(&app, "perhaps@example.org", 0).await;
        let changes: [(&str, Value, &str, &[&str]); 5] = [
            (
                "eventReschedule",
                json!({ "startsAt": "2027-06-15T18:00:00Z", "reason": "The mayor is ill." }),
                "Another time",
                &[
                    "which was to be on Friday 15 January 2027, 18:00",
                    "Tuesday 15 June 2027, 19:00 (Europe/London)",
                    "The mayor is ill.",
                ],
            ),
            (
                "eventEdit",
                json!({ "venue": { "name": "The Arboretum" } }),
                "Another place",
                &["The Arboretum", "Tuesday 15 June 2027, 19:00 (Europe/London)"],
            ),
            ("eventCancel", json!({ "reason": "Snow." }), "Called off", &["does not take place", "Snow."]),
            ("eventPublish", json!({}), "It takes place after all", &["takes place after all"]),
            ("eventEdit", json!({ "summary": "Bring candles." }), "", &[]),
        ];
        for (act, input, subject, words) in changes {
            assert_eq!(scene.change(&app, act, input).await, "done", "{}: {act}", app.name);
            let told = told(&app).await;
            let to: Vec<&str> = told.iter().map(|(to, ..)| to.as_str()).collect();
            let wanted: &[&str] = if subject.is_empty() { &[] } else { &["rosa@example.org", "theo@example.org"] };
            assert_eq!(to, wanted, "{}: {act}: nobody who cancelled or has yet to confirm", app.name);
            for (_, of, text) in &told {
                assert_eq!(of, &format!("{subject}: A vigil for clean air"), "{}", app.name);
                let flowing = text.replace('\n', " ");
                for word in words {
                    assert!(flowing.contains(word), "{}: {act}: {word}: {text}", app.name);
                }
                assert_eq!(text.contains("/rsvp/cancel?token="), act != "eventCancel", "{}: {act}: {text}", app.name);
            }
        }
    }
}

#[tokio::test]
async fn an_event_that_people_mean_to_come_to_is_called_off_before_it_is_deleted() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        scene.comes(&app, &rosa, 0).await;
        let named = json!({ "confirm": "a-vigil-for-clean-air" });
        assert_eq!(scene.change(&app, "eventDelete", named.clone()).await, "WRONG_STATE", "{}", app.name);
        assert_eq!(scene.change(&app, "eventCancel", json!({ "reason": "Snow." })).await, "done", "{}", app.name);
        assert_eq!(scene.change(&app, "eventDelete", json!({})).await, "IN_USE", "{}", app.name);
        assert_eq!(scene.change(&app, "eventDelete", named).await, "done", "{}", app.name);
        for table in ["event_rsvps", "rsvp_counters"] {
            assert_eq!(guests::rows_of(&app, &format!("SELECT event_id FROM {table}")).await.len(), 0, "{}: {table}", app.name);
        }
        app.work().await;
    }
}
