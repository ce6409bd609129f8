//! What is sent by hand: a test, one message once more, and all that happened since.

use std::collections::BTreeSet;

use alliance_tests::receiver::{Manner, Receiver};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::webhooking::{OF_POSTS, both, is_believed};

#[tokio::test]
async fn a_test_a_redelivery_and_a_replay_say_the_same_under_the_same_id() {
    for desk in both().await {
        let (site, name, app) = (Receiver::start().await, desk.app.name, &desk.app);
        let (webhook, secret) = desk.webhook(&site, &OF_POSTS, json!({})).await;
        let test = json!({ "id": webhook["id"] });
        let test = desk.ada.does(app, "webhookTest", test, "delivery { id state messageId }").await["delivery"].take();
        app.work().await;
        let received = site.take().remove(0);
        assert!(is_believed(&received, &secret), "{name}");
        assert_eq!(
            (received.said()["type"].clone(), json!(received.id())),
            (json!("webhook.test"), test["messageId"].clone()),
            "{name}"
        );
        let mut cursors = Vec::new();
        for title in ["One", "Two", "Three"] {
            let post = desk.published(title, json!({})).await;
            app.work().await;
            let received = site.take().remove(0);
            cursors.push((received.said()["data"]["cursor"].clone(), received.id().to_owned()));
            let about = json!({ "id": webhook["id"], "post": post["id"] });
            desk.ada.does(app, "webhookTest", about, "delivery { id }").await;
            app.work().await;
            assert_eq!(site.take().remove(0).said()["data"]["id"], post["id"], "{name}: a test can be about a post");
        }
        let last = desk.deliveries(&webhook).await.into_iter().find(|one| one["messageId"] == cursors[2].1).expect("it is there");
        desk.ada.does(app, "webhookRedeliver", json!({ "id": last["id"] }), "delivery { id state }").await;
        app.work().await;
        assert_eq!(site.take().iter().map(|one| one.id().to_owned()).collect::<Vec<_>>(), [cursors[2].1.clone()], "{name}");
        let before = desk.deliveries(&webhook).await.len();
        let after = json!({ "id": webhook["id"], "after": cursors[0].0 });
        desk.ada.does(app, "webhookReplay", after, "webhook { id }").await;
        app.later(TimeDelta::seconds(1)).work().await;
        let ids = |received: Vec<alliance_tests::receiver::Received>| -> BTreeSet<String> {
            received.iter().map(|one| one.id().to_owned()).collect()
        };
        assert_eq!(ids(site.take()), BTreeSet::from([cursors[1].1.clone(), cursors[2].1.clone()]), "{name}");
        // One that was made later is sent what happened before, too.
        let other = Receiver::start().await;
        let (later, _) = desk.webhook(&other, &OF_POSTS, json!({})).await;
        let since = json!({ "id": later["id"], "since": app.app.clock().now() - TimeDelta::hours(1) });
        desk.ada.does(app, "webhookReplay", since, "webhook { id }").await;
        app.work().await;
        assert_eq!(other.take().len(), 3, "{name}");
        assert_eq!(desk.deliveries(&webhook).await.len(), before, "{name}: nothing is written down twice");
        let too_old = json!({ "id": later["id"], "since": app.app.clock().now() - TimeDelta::days(8) });
        assert_eq!(desk.ada.tries(app, "webhookReplay", too_old).await, "EXPIRED", "{name}");
        assert_eq!(desk.ada.tries(app, "webhookReplay", json!({ "id": later["id"] })).await, "REQUIRED", "{name}");
    }
}

#[tokio::test]
async fn who_is_turned_off_is_told_nothing_until_turned_on_and_what_waited_goes_then() {
    for desk in both().await {
        let (site, name, app) = (Receiver::of(Manner::Answers(500, "")).await, desk.app.name, &desk.app);
        let (webhook, _) = desk.webhook(&site, &OF_POSTS, json!({})).await;
        desk.published("One", json!({})).await;
        app.work().await;
        assert_eq!(site.take().len(), 1, "{name}");
        site.becomes(Manner::Answers(200, ""));
        let turn = |version: &Value, on: bool| json!({ "id": webhook["id"], "version": version, "isEnabled": on });
        let off = desk.ada.does(app, "webhookEdit", turn(&webhook["version"], false), "webhook { version disabledReason }").await;
        assert_eq!(off["webhook"]["disabledReason"], "BY_HAND", "{name}");
        assert_eq!(desk.ada.tries(app, "webhookTest", json!({ "id": webhook["id"] })).await, "WRONG_STATE", "{name}");
        desk.published("Two", json!({})).await;
        app.app.db().bell().move_time(std::time::Duration::from_secs(60));
        app.work().await;
        assert_eq!(site.count(), 0, "{name}");
        assert_eq!(desk.ada.tries(app, "webhookEdit", turn(&webhook["version"], true)).await, "CONFLICT", "{name}");
        desk.ada.does(app, "webhookEdit", turn(&off["webhook"]["version"], true), "webhook { id }").await;
        app.work().await;
        let told: Vec<Value> = site.take().iter().map(|one| one.said()["data"]["url"].clone()).collect();
        assert_eq!(told, [json!("https://citizens.example/here/posts/one")], "{name}");
        let state = desk.state(&webhook).await;
        let which = json!({ "id": webhook["id"], "version": state["version"] });
        desk.ada.does(app, "webhookDelete", which, "webhook { id }").await;
        assert_eq!(desk.deliveries(&webhook).await.len(), 0, "{name}");
    }
}
