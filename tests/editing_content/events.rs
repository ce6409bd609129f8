//! An event's life: it is announced, moved, called off, and takes place after all.

use alliance::viewer::Viewer;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::editing_content::{Thing, both, done, editor, is_sound, make, plain, public, sees, tried};

const SAID: &str = "status startsAt endsAt timeZone rescheduledFrom rescheduleReason cancelReason venue { name address }";

/// The slugs of a campaign's events, as the public sees them in the order of their starts.
async fn events_of(app: &TestApp, campaign: &Thing) -> Vec<Value> {
    let mut told = campaign.told(app, &Viewer::Anonymous, "events { nodes { slug } }").await;
    let nodes = told["events"]["nodes"].as_array_mut().expect("a list");
    nodes.iter_mut().map(|node| node["slug"].take()).collect()
}

#[tokio::test]
async fn an_event_is_announced_moved_called_off_and_takes_place_after_all_and_its_campaign_shows_it_in_order() {
    for app in both().await {
        let stranger = Viewer::Anonymous;
        let campaign = public(&app, "campaign", "Clean air").await;
        let said = json!({
            "title": "Vigil", "startsAt": "2027-02-01T18:00:00Z", "endsAt": "2027-02-01T19:30:00Z", "campaigns": [campaign.id],
            "venue": { "name": "Old Market Square", "address": "Nottingham\nNG1 2BS" }, "capacity": 200,
        });
        let vigil = make(&app, "eventCreate", said).await;
        let lunch = json!({ "title": "Lunch", "startsAt": "2027-02-10T12:00:00Z", "campaigns": [campaign.id] });
        let lunch = make(&app, "eventCreate", lunch).await;
        assert!(!sees(&app, &stranger, &vigil, "vigil").await, "{}", app.name);
        assert_eq!(events_of(&app, &campaign).await, <[Value; 0]>::default(), "{}", app.name);
        let lunch = done(&app, &lunch, "eventPublish", json!({})).await;
        let vigil = done(&app, &vigil, "eventPublish", json!({})).await;
        assert!(sees(&app, &stranger, &vigil, "vigil").await, "{}", app.name);
        assert_eq!(events_of(&app, &campaign).await, ["lunch", "vigil"], "{}", app.name);

        let moved = json!({ "startsAt": "2027-03-01T18:00:00+01:00", "reason": "The square is closed." });
        let vigil = done(&app, &vigil, "eventReschedule", moved).await;
        assert!(sees(&app, &stranger, &vigil, "vigil").await, "{}", app.name);
        assert_eq!(events_of(&app, &campaign).await, ["vigil", "lunch"], "{}", app.name);
        let mut wanted = json!({
            "status": "SCHEDULED", "startsAt": "2027-03-01T17:00:00Z", "endsAt": "2027-03-01T18:30:00Z", "timeZone": "Europe/London",
            "rescheduledFrom": "2027-02-01T18:00:00Z", "rescheduleReason": "The square is closed.", "cancelReason": null,
            "venue": { "name": "Old Market Square", "address": "Nottingham\nNG1 2BS" },
        });
        assert_eq!(vigil.told(&app, &stranger, SAID).await, wanted, "{}", app.name);

        let vigil = done(&app, &vigil, "eventCancel", json!({ "reason": "A storm is coming." })).await;
        assert!(sees(&app, &stranger, &vigil, "vigil").await, "{}", app.name);
        (wanted["status"], wanted["cancelReason"]) = (json!("CANCELLED"), json!("A storm is coming."));
        assert_eq!(vigil.told(&app, &stranger, SAID).await, wanted, "{}", app.name);
        assert_eq!(tried(&app, &vigil, "eventCancel", json!({ "reason": "Again." })).await, "WRONG_STATE", "{}", app.name);
        let vigil = done(&app, &vigil, "eventPublish", json!({})).await;
        (wanted["status"], wanted["cancelReason"]) = (json!("SCHEDULED"), Value::Null);
        assert_eq!(vigil.told(&app, &stranger, SAID).await, wanted, "{}", app.name);
        is_sound(&app).await;
        done(&app, &vigil, "eventDelete", json!({})).await;
        assert!(!sees(&app, &stranger, &vigil, "vigil").await, "{}", app.name);
        assert_eq!(events_of(&app, &campaign).await, ["lunch"], "{}", app.name);
        done(&app, &lunch, "eventEdit", json!({ "campaigns": null })).await;
        assert_eq!(events_of(&app, &campaign).await, <[Value; 0]>::default(), "{}", app.name);
    }
}

#[tokio::test]
async fn a_draft_is_moved_by_editing_and_what_was_announced_with_a_reason() {
    for app in both().await {
        let campaign = public(&app, "campaign", "Clean air").await;
        let draft = plain(&app, "event", "Assembly").await;
        let at = json!({ "startsAt": "2027-05-01T18:00:00Z", "reason": "Why not." });
        assert_eq!(tried(&app, &draft, "eventReschedule", at.clone()).await, "WRONG_STATE", "{}", app.name);
        assert_eq!(tried(&app, &draft, "eventCancel", json!({ "reason": "No." })).await, "WRONG_STATE", "{}", app.name);
        let moved = json!({ "startsAt": "2027-04-01T18:00:00Z", "campaigns": [campaign.id] });
        let draft = done(&app, &draft, "eventEdit", moved).await;
        let draft = done(&app, &draft, "eventEdit", json!({ "startsAt": "2027-04-02T18:00:00Z" })).await;
        let event = done(&app, &draft, "eventPublish", json!({})).await;
        assert_eq!(events_of(&app, &campaign).await, ["assembly"], "{}", app.name);
        let edit = json!({ "startsAt": "2027-05-01T18:00:00Z" });
        assert_eq!(tried(&app, &event, "eventEdit", edit).await, "WRONG_STATE startsAt", "{}", app.name);
        let wrong = [
            (json!({ "startsAt": "2027-04-02T18:00:00Z", "reason": "The same." }), "INVALID startsAt"),
            (json!({ "startsAt": "2027-05-01T18:00:00Z", "reason": " \n" }), "REQUIRED reason"),
            (json!({ "startsAt": "2027-05-01T18:00:00Z", "endsAt": "2027-05-01T18:00:00Z", "reason": "So." }), "INVALID endsAt"),
        ];
        for (input, problem) in wrong {
            assert_eq!(tried(&app, &event, "eventReschedule", input).await, problem, "{}", app.name);
        }
        assert_eq!(tried(&app, &event, "eventCancel", json!({ "reason": "" })).await, "REQUIRED reason", "{}", app.name);
        let event = done(&app, &event, "eventReschedule", at).await;
        assert_eq!(event.told(&app, &editor(), "endsAt").await["endsAt"], Value::Null, "{}: it stays open", app.name);
        let came = done(&app, &event, "eventEdit", json!({ "attendance": 2_300, "venue": null })).await;
        assert_eq!(came.told(&app, &Viewer::Anonymous, "attendance").await["attendance"], 2_300, "{}", app.name);
    }
}
