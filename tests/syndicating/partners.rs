//! Partners and their rights: what one may not carry it never hears of.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::id::CampaignId;
use serde_json::json;
use uuid::Uuid;

use crate::editing::{CAMPAIGN, act, begun, desks};
use crate::guests;
use crate::rows::{self, put};
use crate::syndicating::Reader;
use crate::viewers::HERE;

const OTHER: CampaignId = CampaignId(Uuid::from_u128(0xca2));

#[tokio::test]
async fn a_partner_of_one_campaign_hears_of_its_posts_alone_and_of_those_that_leave_it() {
    for (app, desk) in desks().await {
        put!(&app, rows::campaign(OTHER, HERE, "other", CampaignStatus::Active));
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut air = Reader::new(&app, &admin, "Derby", json!({ "campaigns": [CAMPAIGN.to_string()] })).await;
        let mut other = Reader::new(&app, &admin, "Leicester", json!({ "campaigns": [OTHER.to_string()] })).await;
        let mut none = Reader::new(&app, &admin, "Nobody", json!({})).await;
        let post = begun(&app, &desk.editor, "Air").await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        assert_eq!((air.read(&app).await.len(), other.read(&app).await.len()), (1, 0), "{}", app.name);
        let moved = json!({ "campaigns": [OTHER.to_string()] });
        let post = act(&app, &desk.editor, "postEdit", &post, moved).await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        assert_eq!(air.read(&app).await, [("WITHDRAWN".to_owned(), None)], "{}", app.name);
        assert_eq!(other.read(&app).await, [("PUBLISHED".to_owned(), Some("Air".to_owned()))], "{}", app.name);
        act(&app, &desk.editor, "postUnpublish", &post, json!({})).await;
        assert_eq!((air.read(&app).await.len(), other.read(&app).await.len()), (0, 1), "{}", app.name);
        assert_eq!(none.read(&app).await, [], "{}: it may carry nothing", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn where_an_alliance_has_other_terms_its_partners_begin_anew() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut partner = Reader::new(&app, &admin, "Derby", json!({ "carriesAll": true })).await;
        let post = begun(&app, &desk.editor, "Air").await;
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        assert_eq!(partner.read(&app).await.len(), 1, "{}", app.name);
        for (version, what, begins_anew) in [
            (1, json!({ "tagline": "Together" }), false),
            (2, json!({ "licence": "CC-BY-4.0" }), true),
            (3, json!({ "usageTerms": "Name us." }), true),
            (4, json!({ "linkTemplate": "https://here.example/{kind}/{slug}" }), true),
            (5, json!({ "name": "Nottingham" }), true),
            (6, json!({ "slug": "nottingham" }), true),
        ] {
            let mut input = json!({ "id": HERE.to_string(), "version": version });
            input.as_object_mut().expect("it is one").extend(what.as_object().expect("it is one").clone());
            admin.does(&app, "allianceEdit", input, "__typename").await;
            let answer = partner.page(&app, 5, "").await;
            assert_eq!(answer["errors"][0]["extensions"]["code"] == "RESYNC", begins_anew, "{}: {what}: {answer}", app.name);
            if begins_anew {
                partner.forget();
                assert_eq!(partner.read(&app).await.len(), 1, "{}: {what}", app.name);
            }
        }
        app.leave_jobs();
    }
}

#[tokio::test]
async fn whose_rights_change_begins_anew_and_whose_are_suspended_reads_nothing() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut partner = Reader::new(&app, &admin, "Derby", json!({ "campaigns": [CAMPAIGN.to_string()] })).await;
        let post = begun(&app, &desk.editor, "Air").await;
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        assert_eq!(partner.read(&app).await.len(), 1, "{}", app.name);
        let edit = async |version: i32, more: serde_json::Value| {
            let mut input = json!({ "id": partner.id, "version": version });
            input.as_object_mut().expect("it is one").extend(more.as_object().expect("it is one").clone());
            admin.does(&app, "partnerEdit", input, "partner { version suspendedAt carriesAll campaigns { id } }").await
        };
        edit(1, json!({ "carriesAll": true, "campaigns": null })).await;
        let answer = partner.page(&app, 5, "").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RESYNC", "{}: {answer}", app.name);
        let suspended = edit(2, json!({ "isSuspended": true })).await;
        assert!(suspended["partner"]["suspendedAt"].is_string(), "{}: {suspended}", app.name);
        partner.forget();
        assert_eq!(partner.read(&app).await, [], "{}", app.name);
        let deleted = json!({ "id": partner.id, "version": 3 });
        assert_eq!(admin.tries(&app, "partnerDelete", deleted.clone()).await, "IN_USE", "{}", app.name);
        let named = json!({ "id": partner.id, "version": 3, "confirm": "Derby" });
        admin.does(&app, "partnerDelete", named, "partner { id }").await;
        let answer = partner.page(&app, 5, "").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{}: {answer}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn what_makes_no_partner_is_refused_with_every_reason() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let here = HERE.to_string();
        Reader::new(&app, &admin, "Derby", json!({})).await;
        for (input, expected) in [
            (json!({ "alliance": here, "name": "dérby" }), "TAKEN"),
            (json!({ "alliance": here, "name": " " }), "REQUIRED"),
            (json!({ "alliance": here, "name": "X\u{202e}Y" }), "INVALID"),
            (json!({ "alliance": here, "name": "Site", "websiteUrl": "javascript:alert(1)" }), "INVALID"),
            (json!({ "alliance": here, "name": "Mail", "contact": "a@b@c" }), "INVALID"),
            (json!({ "alliance": here, "name": "Far", "campaigns": [OTHER.to_string()] }), "NOT_FOUND"),
        ] {
            assert_eq!(admin.tries(&app, "partnerCreate", input.clone()).await, expected, "{}: {input}", app.name);
        }
        for other in [&desk.editor, &desk.author, &desk.supporter, &desk.elsewhere] {
            let input = json!({ "alliance": here, "name": "Mine" });
            assert_eq!(other.tries(&app, "partnerCreate", input).await, "FORBIDDEN", "{}: {}", app.name, other.email);
        }
        let listed = admin.ask(&app, "{ partners { totalCount nodes { name campaigns { id } alliance { slug } } } }").await;
        assert_eq!(listed["data"]["partners"]["totalCount"], 1, "{}: {listed}", app.name);
        let both = json!({ "alliance": here, "holder": "X", "partner": format!("partner_{}", "0".repeat(26)), "scopes": ["CONTENT_READ"] });
        assert_eq!(admin.tries(&app, "apiKeyCreate", both).await, "REQUIRED", "{}", app.name);
        app.leave_jobs();
    }
}
