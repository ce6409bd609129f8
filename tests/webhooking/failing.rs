//! Sites that fail, each in its way: they are tried again, left alone, and given up in the end; nobody else waits for them.

use std::time::{Duration, Instant};

use alliance_tests::receiver::{Manner, Received, Receiver};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::webhooking::{Desk, OF_POSTS, both};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn who_hangs_delays_nobody_else() {
    for desk in both().await {
        let (hanging, name) = (Receiver::of(Manner::Hangs).await, desk.app.name);
        desk.webhook(&hanging, &OF_POSTS, json!({})).await;
        let mut sites = Vec::new();
        for _ in 0..4 {
            let site = Receiver::start().await;
            desk.webhook(&site, &OF_POSTS, json!({})).await;
            sites.push(site);
        }
        for post in 0..5 {
            desk.published(&format!("Clean air {post}"), json!({})).await;
        }
        let began = Instant::now();
        desk.app.work().await;
        for site in &sites {
            let received = site.take();
            assert_eq!(received.len(), 5, "{name}");
            let last = received.iter().map(|one| one.at).max().expect("one came");
            assert!(last - began < Duration::from_secs(1), "{name}: it waited for who hangs: {:?}", last - began);
        }
        assert!(hanging.count() >= 2, "{name}");
    }
}

/// The attempts of the only delivery to a webhook.
async fn attempts(desk: &Desk, webhook: &Value) -> (String, Vec<Value>) {
    let delivery = desk.deliveries(webhook).await.remove(0);
    (delivery["state"].as_str().expect("a state").to_owned(), delivery["attempts"].as_array().expect("a list").clone())
}

#[tokio::test]
async fn each_way_to_fail_is_noted_and_what_was_not_taken_is_tried_again() {
    let ways: [(Manner, &str, Option<u16>, &str); 8] = [
        (Manner::Answers(500, ""), "WAITING", Some(500), "did not take it"),
        (Manner::Answers(302, "location: http://127.0.0.1:1/\r\n"), "WAITING", Some(302), "leads elsewhere"),
        (Manner::Answers(503, "retry-after: 7200\r\n"), "WAITING", Some(503), "did not take it"),
        (Manner::Answers(410, ""), "FAILED", Some(410), "gone for good"),
        (Manner::Hangs, "WAITING", None, "in time"),
        (Manner::Trickles, "WAITING", None, "in time"),
        (Manner::BreaksOff, "WAITING", None, "could not be reached"),
        (Manner::Floods, "DELIVERED", Some(200), ""),
    ];
    for desk in both().await {
        let name = desk.app.name;
        let mut all = Vec::new();
        for (manner, ..) in &ways {
            let site = Receiver::of(*manner).await;
            let (webhook, _) = desk.webhook(&site, &OF_POSTS, json!({})).await;
            all.push((site, webhook));
        }
        desk.published("Clean air", json!({})).await;
        desk.app.work().await;
        for ((_, state, status, problem), (_, webhook)) in ways.iter().zip(&all) {
            let (stands, tried) = attempts(&desk, webhook).await;
            assert_eq!((stands.as_str(), tried.len()), (*state, 1), "{name}: {status:?}: {tried:?}");
            assert_eq!(tried[0]["status"], json!(status), "{name}: {tried:?}");
            assert!(tried[0]["problem"].as_str().unwrap_or_default().contains(problem), "{name}: {tried:?}");
        }
        let flood = attempts(&desk, &all[7].1).await.1[0]["answer"].as_str().map(str::len);
        assert_eq!(flood, Some(1_000), "{name}: no more is kept of an answer");
        let gone = desk.state(&all[3].1).await;
        assert_eq!((&gone["isEnabled"], &gone["disabledReason"]), (&json!(false), &json!("GONE")), "{name}");
        let told = desk.app.mails();
        assert!(told.iter().any(|mail| mail.to == "ada@example.org" && mail.text.contains("gone for good")), "{name}: {told:?}");
        // Once they work again, they get the same message; who asked to be left alone for two hours is.
        let ids: Vec<String> = all.iter().map(|(site, _)| site.take()[0].id().to_owned()).collect();
        for (site, _) in &all {
            site.becomes(Manner::Answers(204, ""));
        }
        desk.app.app.db().bell().move_time(Duration::from_secs(6));
        desk.app.work().await;
        for (at, (site, webhook)) in all.iter().enumerate().filter(|(at, _)| ![3, 7].contains(at)) {
            let again = site.take();
            if at == 2 {
                assert_eq!(again.len(), 0, "{name}: it was to be left alone");
                continue;
            }
            assert_eq!(again.iter().map(Received::id).collect::<Vec<_>>(), [ids[at].as_str()], "{name}");
            assert_eq!(attempts(&desk, webhook).await.0, "DELIVERED", "{name}");
        }
        desk.app.app.db().bell().move_time(Duration::from_secs(3 * 60 * 60));
        desk.app.work().await;
        assert_eq!(all[2].0.take().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn who_fails_often_is_left_alone_for_a_while_and_asked_by_one_message_at_a_time() {
    for desk in both().await {
        let (site, name, bell) = (Receiver::of(Manner::Answers(500, "")).await, desk.app.name, desk.app.app.db().bell());
        let (webhook, _) = desk.webhook(&site, &OF_POSTS, json!({})).await;
        for post in 0..12 {
            desk.published(&format!("Clean air {post}"), json!({})).await;
        }
        desk.app.work().await;
        let first = site.take().len();
        assert!((5..=6).contains(&first), "{name}: {first}");
        let state = desk.state(&webhook).await;
        assert!(state["pausedUntil"].is_string() && state["failingSince"].is_string(), "{name}: {state}");
        desk.app.work().await;
        assert_eq!(site.take().len(), 0, "{name}: it is left alone");
        bell.move_time(Duration::from_secs(2 * 60));
        desk.app.work().await;
        assert_eq!(site.take().len(), 1, "{name}: one message asks whether it works again");
        site.becomes(Manner::Answers(200, ""));
        bell.move_time(DAY);
        desk.app.work().await;
        assert_eq!(site.take().len(), 12, "{name}: all come once it does");
        let state = desk.state(&webhook).await;
        assert_eq!((&state["failures"], &state["pausedUntil"]), (&json!(0), &Value::Null), "{name}");
    }
}

#[tokio::test]
async fn a_message_is_tried_ten_times_and_who_fails_for_five_days_is_turned_off_and_its_admins_are_told_once() {
    for desk in both().await {
        let (site, name, bell) = (Receiver::of(Manner::Answers(500, "")).await, desk.app.name, desk.app.app.db().bell());
        let (webhook, _) = desk.webhook(&site, &OF_POSTS, json!({})).await;
        desk.published("Clean air", json!({})).await;
        for _ in 0..12 {
            desk.app.work().await;
            bell.move_time(DAY + DAY / 4);
        }
        let received = site.take();
        assert_eq!(received.len(), 10, "{name}");
        assert!(received.iter().all(|one| one.id() == received[0].id()), "{name}");
        assert_eq!(attempts(&desk, &webhook).await.0, "FAILED", "{name}");
        desk.published("Warm homes", json!({})).await;
        let [later, much_later] = [121, 242].map(|hours| desk.app.later(TimeDelta::hours(hours)));
        for _ in 0..5 {
            later.work().await;
            bell.move_time(DAY / 4);
        }
        let state = desk.state(&webhook).await;
        let fares = (&state["isEnabled"], &state["failures"]);
        assert_eq!(fares, (&json!(true), &json!(5)), "{name}: nothing was sent to it for days: it is another failure: {state}");
        much_later.work().await;
        let state = desk.state(&webhook).await;
        assert_eq!((&state["isEnabled"], &state["disabledReason"]), (&json!(false), &json!("FAILING")), "{name}: {state}");
        assert_eq!(site.take().len(), 6, "{name}");
        desk.published("More air", json!({})).await;
        much_later.work().await;
        much_later.work().await;
        assert_eq!(site.take().len(), 0, "{name}: nothing is sent to it any more");
        let told = [desk.app.mails(), later.mails(), much_later.mails()].concat();
        assert_eq!(told.iter().filter(|mail| mail.subject.contains("turned off")).count(), 1, "{name}: {told:?}");
    }
}
