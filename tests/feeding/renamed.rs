//! An alliance that has another slug: whatever led to it by the one that it had still does.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::id::{CampaignId, EventId};
use axum::http::StatusCode;
use serde_json::json;

use crate::feeding::{Desk, uuid};
use crate::guests;
use crate::rows::{self, put};
use crate::viewers::HERE;

#[tokio::test]
async fn what_led_to_an_alliance_by_a_slug_that_it_had_leads_on() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        put!(&app, rows::campaign(CampaignId(uuid(1)), HERE, "homes", CampaignStatus::Active));
        put!(&app, rows::event(EventId(uuid(3)), HERE, "vigil", EventStatus::Scheduled));
        desk.publishes(&app, "Clean air", json!({ "campaigns": [CampaignId(uuid(1)).to_string()] })).await;
        assert_eq!(desk.sets(&app, json!({ "slug": "nottingham" })).await, "done", "{}", app.name);
        for (there, rest) in [
            ("feeds", ".atom"),
            ("feeds", ".json"),
            ("feeds", ".opml"),
            ("feeds", "/archive/2026-11.atom"),
            ("feeds", "/campaigns/homes.json"),
            ("feeds", "/campaigns/homes/archive/2026-11.atom"),
            ("sitemap", ".xml"),
            ("sitemap", "/posts/1.xml"),
            ("calendar", ".ics"),
            ("calendar", "/vigil.ics"),
        ] {
            let (status, headers, _) = app.get(&format!("/{there}/here{rest}"), &[]).await;
            assert!(status.is_redirection(), "{}: /{there}/here{rest}: {status}", app.name);
            let to = format!("https://citizens.example/{there}/nottingham{rest}");
            assert_eq!(headers["location"].to_str().expect("text"), to, "{}", app.name);
            assert_eq!(headers["cache-control"], "public, max-age=60", "{}: it may take back what it had", app.name);
            let (status, _, _) = app.get(&format!("/{there}/nottingham{rest}"), &[]).await;
            // Nothing is so old that it stands in an archive.
            let wanted = if rest.contains("archive") { StatusCode::NOT_FOUND } else { StatusCode::OK };
            assert_eq!(status, wanted, "{}: {to}", app.name);
        }
        let found = app
            .read(
                "{ alliance(slug: \"here\") { slug redirectedFrom } post(slug: \"clean-air\", alliance: \"here\") { slug redirectedFrom } \
                 posts(filter: { alliance: \"here\" }) { totalCount } }",
            )
            .await;
        let wanted = json!({
            "alliance": { "slug": "nottingham", "redirectedFrom": "here" },
            "post": { "slug": "clean-air", "redirectedFrom": null },
            "posts": { "totalCount": 1 },
        });
        assert_eq!(found, wanted, "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_slug_that_an_alliance_had_is_given_to_no_other_and_taken_back_by_itself() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        let operator = guests::admin(&app, None, "olga@example.org").await;
        for slug in ["once", "now"] {
            assert_eq!(desk.sets(&app, json!({ "slug": slug })).await, "done", "{}", app.name);
        }
        let other = |slug: &str| json!({ "name": "Derby", "slug": slug, "timeZone": "Europe/London" });
        for taken in ["here", "once", "now"] {
            assert_eq!(operator.tries(&app, "allianceCreate", other(taken)).await, "TAKEN", "{}: {taken}", app.name);
        }
        let made = operator.does(&app, "allianceCreate", other("derby"), "alliance { id version }").await["alliance"].take();
        let edit = json!({ "id": made["id"], "version": made["version"], "slug": "once" });
        assert_eq!(operator.tries(&app, "allianceEdit", edit).await, "TAKEN", "{}", app.name);
        assert_eq!(desk.sets(&app, json!({ "slug": "here" })).await, "done", "{}", app.name);
        let found = app
            .read("{ alliance(slug: \"now\") { slug redirectedFrom } here: alliance(slug: \"here\") { redirectedFrom } }")
            .await;
        let wanted = json!({ "alliance": { "slug": "here", "redirectedFrom": "now" }, "here": { "redirectedFrom": null } });
        assert_eq!(found, wanted, "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn an_alliance_does_not_take_more_than_some_slugs_from_others() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        for number in 1..=10 {
            assert_eq!(desk.sets(&app, json!({ "slug": format!("name-{number}") })).await, "done", "{}", app.name);
        }
        assert_eq!(desk.sets(&app, json!({ "slug": "name-11" })).await, "TOO_LONG", "{}", app.name);
        assert_eq!(desk.sets(&app, json!({ "slug": "here" })).await, "done", "{}: it had that", app.name);
        assert_eq!(app.read("{ alliance(slug: \"name-11\") { slug } }").await["alliance"], json!(null), "{}", app.name);
        app.work().await;
    }
}
