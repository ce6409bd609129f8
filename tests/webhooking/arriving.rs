//! What arrives: each event once, signed, with what may be seen of its subject at that moment.

use alliance_tests::receiver::Receiver;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::viewers::HERE;
use crate::webhooking::{CAMPAIGN, OF_POSTS, OTHER, both, is_believed};

#[tokio::test]
async fn each_event_that_was_asked_for_arrives_once_signed_and_says_how_its_subject_stands() {
    for desk in both().await {
        let (site, name) = (Receiver::start().await, desk.app.name);
        let (webhook, secret) = desk.webhook(&site, &OF_POSTS, json!({})).await;
        let post = desk.published("Clean air", json!({ "campaigns": [CAMPAIGN.to_string()] })).await;
        desk.app.work().await;
        let first = site.take().remove(0);
        assert!(is_believed(&first, &secret), "{name}: {first:?}");
        assert!(!is_believed(&first, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), "{name}: by no other secret");
        let said = first.said();
        let (id, data) = (post["id"].as_str().expect("an id"), &said["data"]);
        assert_eq!(
            (&said["type"], &data["id"], &data["kind"]),
            (&json!("post.published"), &post["id"], &json!("POST")),
            "{name}"
        );
        assert_eq!((&data["state"], &data["version"]), (&json!("PUBLISHED"), &json!(1)), "{name}");
        assert_eq!(data["alliance"], json!({ "id": HERE.to_string(), "slug": "here" }), "{name}");
        assert_eq!(data["url"], "https://citizens.example/here/posts/clean-air", "{name}");
        assert_eq!(said["timestamp"], "2026-11-24T12:00:00Z", "{name}");
        let tags = ["alliance:here".to_owned(), format!("campaign:{CAMPAIGN}"), format!("post:{id}"), "posts".to_owned()];
        assert_eq!(said["cacheTags"], json!(tags), "{name}");
        // An edit that waits to be published is told to nobody.
        let post = desk.act("postEdit", &post, json!({ "title": "Cleaner air" })).await;
        let post = desk.act("postPublish", &post, json!({})).await;
        let post = desk.act("postCorrect", &post, json!({ "correction": "It was cleaner still." })).await;
        desk.act("postDelete", &post, json!({})).await;
        desk.app.work().await;
        let told: Vec<Value> = site.take().iter().map(|one| json!([one.said()["type"], one.said()["data"]["state"]])).collect();
        // Each tells how the post stands now, whatever it tells of.
        for event in ["post.edited", "post.corrected", "post.deleted"] {
            assert!(told.contains(&json!([event, "DELETED"])), "{name}: {event}: {told:?}");
        }
        assert_eq!(told.len(), 3, "{name}: {told:?}");
        let ids: std::collections::BTreeSet<String> =
            desk.deliveries(&webhook).await.iter().map(|one| one["messageId"].to_string()).collect();
        assert_eq!(ids.len(), 4, "{name}");
        assert_eq!(desk.state(&webhook).await["deliveries"]["totalCount"], 4, "{name}");
    }
}

#[tokio::test]
async fn what_nobody_sees_is_told_to_nobody_and_what_is_seen_is_told_when_it_goes() {
    for desk in both().await {
        let (site, name, app) = (Receiver::start().await, desk.app.name, &desk.app);
        let events = ["CAMPAIGN_CHANGED", "EVENT_CHANGED", "INSTITUTION_CHANGED", "ALLIANCE_CHANGED", "PERSON_CHANGED"];
        desk.webhook(&site, &events, json!({})).await;
        let select = "campaign { id version }";
        let draft = json!({ "alliance": HERE.to_string(), "title": "A secret" });
        let draft = desk.ines.does(app, "campaignCreate", draft, select).await["campaign"].take();
        let edit = json!({ "id": draft["id"], "version": draft["version"], "title": "A bigger secret" });
        let draft = desk.ines.does(app, "campaignEdit", edit, select).await["campaign"].take();
        app.work().await;
        assert_eq!(site.count(), 0, "{name}: a draft is told to nobody");
        let which = |of: &Value| json!({ "id": of["id"], "version": of["version"] });
        let public = desk.ines.does(app, "campaignPublish", which(&draft), select).await["campaign"].take();
        app.work().await;
        let said = site.take().remove(0).said();
        assert_eq!((&said["type"], &said["data"]["state"]), (&json!("campaign.changed"), &json!("PUBLISHED")), "{name}: {said}");
        desk.ines.does(app, "campaignDelete", which(&public), select).await;
        app.work().await;
        let said = site.take().remove(0).said();
        assert_eq!((&said["type"], &said["data"]["state"]), (&json!("campaign.changed"), &json!("DELETED")), "{name}: {said}");
        assert!(said["cacheTags"].as_array().is_some_and(|tags| tags.contains(&json!("campaigns"))), "{name}: {said}");
        let secret = json!({ "alliance": HERE.to_string(), "title": "Another secret" });
        let secret = desk.ines.does(app, "campaignCreate", secret, select).await["campaign"].take();
        desk.ines.does(app, "campaignDelete", which(&secret), select).await;
        app.work().await;
        assert_eq!(site.count(), 0, "{name}: nobody knew of it");
    }
}

#[tokio::test]
async fn a_query_shapes_what_a_partner_is_told_within_its_rights() {
    for desk in both().await {
        let (site, name, app) = (Receiver::start().await, desk.app.name, &desk.app);
        let partner = json!({ "alliance": HERE.to_string(), "name": "Leicester", "campaigns": [CAMPAIGN.to_string()] });
        let partner = desk.ada.does(app, "partnerCreate", partner, "partner { id version }").await["partner"].take();
        let query = "query($id: ID!) { post(id: $id) { title campaigns { nodes { slug } } } partners { totalCount } }";
        let more = json!({ "partner": partner["id"], "query": query });
        let (webhook, secret) = desk.webhook(&site, &OF_POSTS, more).await;
        desk.published("Warm homes", json!({ "campaigns": [OTHER.to_string()] })).await;
        let links = json!({ "campaigns": [CAMPAIGN.to_string(), OTHER.to_string()] });
        let post = desk.published("Clean air", links).await;
        app.work().await;
        let received = site.take();
        assert_eq!(received.len(), 1, "{name}: it carries one of the two: {received:?}");
        assert!(is_believed(&received[0], &secret), "{name}");
        let said = received[0].said();
        assert_eq!(said["data"]["post"]["title"], "Clean air", "{name}: {said}");
        assert_eq!(said["data"]["partners"]["totalCount"], 1, "{name}: it is asked as the partner: {said}");
        assert_eq!((&said["subject"]["id"], said.get("errors")), (&post["id"], None), "{name}: {said}");
        let tags = said["cacheTags"].to_string();
        assert!(tags.contains(&CAMPAIGN.to_string()) && !tags.contains(&OTHER.to_string()), "{name}: {tags}");
        // Nobody carries it yet, and the query would tell what it says.
        let tomorrow = json!({ "embargoedUntil": app.app.clock().now() + TimeDelta::hours(24) });
        desk.act("postTermsSet", &post, tomorrow).await;
        app.work().await;
        let said = site.take().remove(0).said();
        assert_eq!((&said["type"], &said["data"]), (&json!("post.withdrawn"), &Value::Null), "{name}: {said}");
        assert_eq!(said["subject"]["state"], "WITHDRAWN", "{name}: {said}");
        assert_eq!(said["subject"]["version"], 2, "{name}: it is newer than what was told before: {said}");
        // A partner that may carry nothing for now is told that alone.
        let edit = json!({ "id": partner["id"], "version": partner["version"], "isSuspended": true });
        desk.ada.does(app, "partnerEdit", edit, "partner { id }").await;
        desk.published("More air", json!({ "campaigns": [CAMPAIGN.to_string()] })).await;
        app.work().await;
        let said: Vec<Value> = site.take().iter().map(|one| one.said()["type"].clone()).collect();
        assert_eq!((said, desk.deliveries(&webhook).await.len()), (vec![json!("webhook.resync")], 3), "{name}");
        app.leave_jobs();
    }
}

#[tokio::test]
async fn for_a_day_after_a_rotation_both_secrets_sign() {
    for desk in both().await {
        let (site, name) = (Receiver::start().await, desk.app.name);
        let (webhook, old) = desk.webhook(&site, &OF_POSTS, json!({})).await;
        let which = json!({ "id": webhook["id"], "version": webhook["version"] });
        let rotated = desk.ada.does(&desk.app, "webhookSecretRotate", which, "webhook { id formerSecretUntil } secret").await;
        let new = rotated["secret"].as_str().expect("a secret");
        assert_eq!(rotated["webhook"]["formerSecretUntil"], "2026-11-25T12:00:00Z", "{name}");
        desk.published("Clean air", json!({})).await;
        desk.app.work().await;
        let received = site.take().remove(0);
        assert_eq!((is_believed(&received, &old), is_believed(&received, new)), (true, true), "{name}");
        desk.published("Warm homes", json!({})).await;
        desk.app.later(TimeDelta::hours(25)).work().await;
        let received = site.take().remove(0);
        assert_eq!((is_believed(&received, &old), is_believed(&received, new)), (false, true), "{name}");
    }
}
