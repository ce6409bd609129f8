//! What is told around the posts: of campaigns, events and people that go, and of rights that change; and what is told of nobody.

use alliance_tests::app::TestApp;
use alliance_tests::receiver::Receiver;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::viewers::HERE;
use crate::webhooking::{CAMPAIGN, Desk, OF_POSTS, OTHER, both};

/// The types of all that has come to a site, in no order.
async fn types(app: &TestApp, site: &Receiver) -> Vec<String> {
    app.work().await;
    let mut types: Vec<String> = site.take().iter().map(|one| one.said()["type"].as_str().expect("a type").to_owned()).collect();
    types.sort_unstable();
    types
}

async fn partner(desk: &Desk, campaigns: Value) -> Value {
    let input = json!({ "alliance": HERE.to_string(), "name": "Leicester", "campaigns": campaigns });
    desk.ada.does(&desk.app, "partnerCreate", input, "partner { id version }").await["partner"].take()
}

#[tokio::test]
async fn a_partner_whose_rights_are_others_is_told_to_begin_anew_and_one_whose_name_changes_is_not() {
    for desk in both().await {
        let (site, name, app) = (Receiver::start().await, desk.app.name, &desk.app);
        let leicester = partner(&desk, json!([CAMPAIGN.to_string(), OTHER.to_string()])).await;
        desk.webhook(&site, &["CAMPAIGN_CHANGED"], json!({ "partner": leicester["id"] })).await;
        let edit = |version: i32, more: Value| {
            let mut input = json!({ "id": leicester["id"], "version": version });
            input.as_object_mut().expect("it is one").extend(more.as_object().expect("it is one").clone());
            input
        };
        desk.ada.does(app, "partnerEdit", edit(1, json!({ "name": "Leicester Citizens" })), "partner { id }").await;
        assert_eq!(types(app, &site).await, Vec::<String>::new(), "{name}: its rights are the same");
        let fewer = json!({ "campaigns": [CAMPAIGN.to_string()] });
        desk.ada.does(app, "partnerEdit", edit(2, fewer), "partner { id }").await;
        assert_eq!(types(app, &site).await, ["webhook.resync"], "{name}");
        let gone = json!({ "id": CAMPAIGN.to_string(), "version": 1, "confirm": "clean-air" });
        desk.ines.does(app, "campaignDelete", gone, "campaign { id }").await;
        assert_eq!(types(app, &site).await, ["webhook.resync"], "{name}: what gave it a right is gone");
    }
}

#[tokio::test]
async fn a_partner_is_told_to_begin_anew_where_its_alliance_has_other_terms() {
    for desk in both().await {
        let (site, own, name, app) = (Receiver::start().await, Receiver::start().await, desk.app.name, &desk.app);
        let leicester = partner(&desk, json!([CAMPAIGN.to_string()])).await;
        desk.webhook(&site, &["POST_EDITED"], json!({ "partner": leicester["id"] })).await;
        desk.webhook(&own, &["ALLIANCE_CHANGED"], json!({})).await;
        for (version, what, told) in [
            (1, json!({ "tagline": "Together" }), None),
            (2, json!({ "licence": "CC-BY-4.0" }), Some("webhook.resync")),
            (3, json!({ "slug": "nottingham" }), Some("webhook.resync")),
        ] {
            let mut input = json!({ "id": HERE.to_string(), "version": version });
            input.as_object_mut().expect("it is one").extend(what.as_object().expect("it is one").clone());
            desk.ada.does(app, "allianceEdit", input, "__typename").await;
            app.work().await;
            let messages = site.take();
            let types: Vec<_> = messages.iter().map(|one| one.said()["type"].clone()).collect();
            assert_eq!(types, told.into_iter().collect::<Vec<_>>(), "{name}: {what}");
            let said = own.take().pop().expect("it is told").said();
            assert_eq!(said["type"], "alliance.changed", "{name}: {what}");
            if let Some(message) = messages.first() {
                assert_eq!(message.said()["cacheTags"], said["cacheTags"], "{name}: the same pages show other terms");
            }
            let tags = said["cacheTags"].as_array().expect("a list").clone();
            assert!(tags.contains(&json!("alliance:here")), "{name}: who knows it by what it was called is told, too: {tags:?}");
            assert_eq!(tags.contains(&json!("alliance:nottingham")), version == 3, "{name}: {tags:?}");
        }
    }
}

#[tokio::test]
async fn who_is_seen_no_more_and_what_leaves_a_campaign_is_told_of_once_more() {
    for desk in both().await {
        let (site, other, name, app) = (Receiver::start().await, Receiver::start().await, desk.app.name, &desk.app);
        let leicester = partner(&desk, json!([CAMPAIGN.to_string()])).await;
        desk.webhook(&site, &["PERSON_CHANGED"], json!({})).await;
        desk.webhook(&other, &["EVENT_CHANGED"], json!({ "partner": leicester["id"] })).await;
        let person = json!({ "alliance": HERE.to_string(), "name": "Ines", "roles": [{ "role": "ORGANISER" }] });
        let person = desk.ines.does(app, "personCreate", person, "person { id version }").await["person"].take();
        assert_eq!(types(app, &site).await, ["person.changed"], "{name}");
        let hidden = json!({ "id": person["id"], "version": person["version"], "roles": null });
        desk.ines.does(app, "personEdit", hidden, "person { id }").await;
        assert_eq!(types(app, &site).await, ["person.changed"], "{name}: the public sees them no more");

        let event = json!({
            "alliance": HERE.to_string(), "title": "A ride", "startsAt": "2027-05-04T17:00:00Z", "campaigns": [CAMPAIGN.to_string()]
        });
        let event = desk.ines.does(app, "eventCreate", event, "event { id version }").await["event"].take();
        let which = json!({ "id": event["id"], "version": 1 });
        desk.ines.does(app, "eventPublish", which, "event { id }").await;
        assert_eq!(types(app, &other).await, ["event.changed"], "{name}");
        let leaves = json!({ "id": event["id"], "version": 2, "campaigns": [] });
        desk.ines.does(app, "eventEdit", leaves, "event { id }").await;
        assert_eq!(types(app, &other).await, ["event.changed"], "{name}: it is in the campaign no more");
    }
}

#[tokio::test]
async fn drafts_are_in_no_cache_tag_and_what_is_under_an_embargo_in_no_answer() {
    for desk in both().await {
        let (site, name, app) = (Receiver::start().await, desk.app.name, &desk.app);
        let query = "query($id: ID!) { campaign(id: $id) { title posts { totalCount nodes { title } } } alliance(slug: \"here\") { posts { nodes { title } } } }";
        let events = [OF_POSTS.as_slice(), &["CAMPAIGN_CHANGED"]].concat();
        desk.webhook(&site, &events, json!({ "query": query })).await;
        let draft = json!({ "alliance": HERE.to_string(), "title": "A secret" });
        let draft = desk.ines.does(app, "campaignCreate", draft, "campaign { id }").await["campaign"]["id"].take();
        desk.published("Clean air", json!({ "campaigns": [CAMPAIGN.to_string(), draft] })).await;
        app.work().await;
        let said = site.take().remove(0).said();
        let tags = said["cacheTags"].to_string();
        assert!(tags.contains(&CAMPAIGN.to_string()) && !tags.contains(draft.as_str().expect("an id")), "{name}: {tags}");

        let secret = desk.published("Not yet", json!({ "campaigns": [CAMPAIGN.to_string()] })).await;
        let tomorrow = json!({ "embargoedUntil": app.app.clock().now() + TimeDelta::hours(24) });
        desk.act("postTermsSet", &secret, tomorrow).await;
        let edit = json!({ "id": CAMPAIGN.to_string(), "version": 1, "summary": "It is for all." });
        desk.ines.does(app, "campaignEdit", edit, "campaign { id }").await;
        app.work().await;
        let all = site.take();
        let told = all.iter().map(alliance_tests::receiver::Received::said).find(|said| said["type"] == "campaign.changed");
        let data = told.expect("it is told of the campaign")["data"].take();
        assert_eq!(data["campaign"]["posts"], json!({ "totalCount": 1, "nodes": [{ "title": "Clean air" }] }), "{name}");
        assert_eq!(data["alliance"]["posts"]["nodes"], json!([{ "title": "Clean air" }]), "{name}");
    }
}
