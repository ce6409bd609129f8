//! Where links lead: an alliance's own site by its template, in every place that names an address.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::id::{CampaignId, EventId, InstitutionId};
use alliance_entity::institution::InstitutionStatus;
use axum::http::StatusCode;
use serde_json::json;

use crate::feeding::{Desk, FEED, feed, ids, links, text, uuid};
use crate::guests;
use crate::rows::{self, put};
use crate::viewers::HERE;

const URLS: &str = "{ alliance(slug: \"here\") { feeds { atom json opml } sitemapUrl linkTemplate language feedContent licence usageTerms \
    posts { nodes { url share { url canonicalUrl siteName locale oembedUrl } } } campaigns { nodes { url feeds { atom json opml } } } events { nodes { url } } \
    institutions { nodes { url feeds { atom } } } } }";

#[tokio::test]
async fn every_link_follows_the_template_of_an_alliances_own_site() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        let (campaign, event) = (CampaignId(uuid(1)), EventId(uuid(3)));
        put!(&app, rows::campaign(campaign, HERE, "homes", CampaignStatus::Active));
        put!(&app, rows::event(event, HERE, "vigil", EventStatus::Scheduled));
        put!(&app, rows::institution(InstitutionId(uuid(4)), HERE, "school", InstitutionStatus::Published));
        let post = desk.publishes(&app, "Clean air", json!({ "campaigns": [campaign.to_string()] })).await;
        let before = app.read(URLS).await["alliance"].take();
        assert_eq!(before["posts"]["nodes"][0]["url"], "https://citizens.example/here/posts/clean-air", "{}", app.name);
        assert_eq!(before["institutions"]["nodes"][0]["url"], "https://citizens.example/here/institutions/school");
        let of_campaign = json!({
            "atom": "https://citizens.example/feeds/here/campaigns/homes.atom", "json": "https://citizens.example/feeds/here/campaigns/homes.json",
            "opml": "https://citizens.example/feeds/here.opml",
        });
        assert_eq!(before["campaigns"]["nodes"][0]["feeds"], of_campaign, "{}", app.name);

        let template = "https://www.here.example/{kind}/{slug}?of={id}";
        let more = json!({ "linkTemplate": template, "language": "en-gb", "feedContent": "EXCERPT", "licence": "CC-BY-4.0", "usageTerms": "Name us." });
        assert_eq!(desk.sets(&app, more).await, "done", "{}", app.name);
        let after = app.read(URLS).await["alliance"].take();
        let url = format!("https://www.here.example/posts/clean-air?of={}", post.id);
        let shared = &after["posts"]["nodes"][0]["share"];
        for told in [&after["posts"]["nodes"][0]["url"], &shared["url"], &shared["canonicalUrl"]] {
            assert_eq!(told, &json!(url), "{}: {after}", app.name);
        }
        assert_eq!((&shared["locale"], &shared["siteName"]), (&json!("en_GB"), &json!("here")), "{}", app.name);
        assert_eq!(after["campaigns"]["nodes"][0]["url"], format!("https://www.here.example/campaigns/homes?of={campaign}"));
        let page_of_event = format!("https://www.here.example/events/vigil?of={event}");
        assert_eq!(after["events"]["nodes"][0]["url"], page_of_event, "{}", app.name);
        let calendar = text(&app, "/calendar/here.ics").await.replace("\r\n ", "");
        assert!(calendar.contains(&format!("URL:{page_of_event}\r\n")), "{}: {calendar}", app.name);
        let told = feed(&app, FEED).await;
        assert_eq!(told.entries[0].links[0].href, url, "{}", app.name);
        let content = told.entries[0].content.clone().and_then(|content| content.body).expect("it says something");
        assert_eq!(content, "<p>The whole of Clean air.</p>", "{}: the excerpt", app.name);
        assert_eq!(
            told.entries[0].rights.as_ref().map(|rights| rights.content.as_str()),
            Some("CC-BY-4.0\nName us."),
            "{}",
            app.name
        );
        assert!(text(&app, "/sitemap/here/posts/1.xml").await.contains(&format!("<loc>{url}</loc>")), "{}", app.name);
        let card = shared["oembedUrl"].as_str().and_then(|url| url.strip_prefix("https://citizens.example")).expect("it is here");
        assert!(text(&app, card).await.contains("Clean air"), "{}: {card}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_template_that_leads_nowhere_or_elsewhere_is_refused() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        let refused = [
            "https://www.here.example/{slug}",
            "https://www.here.example/{kind}",
            "http://www.here.example/{kind}/{slug}",
            "https://{slug}.here.example/{kind}",
            "https://www.here.example:{id}/{kind}/{slug}",
            "https://ada:secret@www.here.example/{kind}/{slug}",
            "javascript:alert('{kind}{slug}')",
            "https://www.here.example/{kind}/{slug}/{slug}",
            "https://www.here.example/{kind}/{slug}/{year}",
            "https://www.here.example/{kind}/a b/{slug}",
            "https://www.here.example/#/{kind}/{slug}/{year}",
            "/{kind}/{slug}",
        ];
        for template in refused {
            assert_eq!(desk.sets(&app, json!({ "linkTemplate": template })).await, "INVALID", "{}: {template}", app.name);
        }
        let long = format!("https://www.here.example/{}/{{kind}}/{{slug}}", "a".repeat(300));
        assert_eq!(desk.sets(&app, json!({ "linkTemplate": long })).await, "TOO_LONG", "{}", app.name);
        for language in ["", "nonsense language", "e", "und-"] {
            assert_eq!(desk.sets(&app, json!({ "language": language })).await, "INVALID", "{}: {language}", app.name);
        }
        for template in ["http://localhost:3000/{kind}/{id}", "http://127.0.0.1/#/{kind}/{slug}"] {
            assert_eq!(desk.sets(&app, json!({ "linkTemplate": template })).await, "done", "{}: {template}", app.name);
        }
        assert_eq!(desk.sets(&app, json!({ "linkTemplate": null })).await, "done", "{}", app.name);
    }
}

#[tokio::test]
async fn a_feed_is_found_by_the_slug_that_its_campaign_had_once() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        let input = json!({ "alliance": HERE.to_string(), "title": "Warm homes", "slug": "homes" });
        let made = desk.does(&app, "campaignCreate", input, "campaign { id }").await["campaign"]["id"].take();
        desk.does(&app, "campaignPublish", json!({ "id": made, "version": 1 }), "__typename").await;
        let post = desk.publishes(&app, "Clean air", json!({ "campaigns": [made] })).await;
        desk.does(&app, "campaignEdit", json!({ "id": made, "version": 2, "slug": "warm-homes" }), "__typename").await;
        for rest in [".atom", ".json", "/archive/2026-11.atom"] {
            let (status, headers, _) = app.get(&format!("/feeds/here/campaigns/homes{rest}"), &[]).await;
            let to = format!("https://citizens.example/feeds/here/campaigns/warm-homes{rest}");
            assert_eq!(
                (status, headers["location"].to_str().expect("text")),
                (StatusCode::MOVED_PERMANENTLY, to.as_str()),
                "{}",
                app.name
            );
        }
        let told = feed(&app, "/feeds/here/campaigns/warm-homes.atom").await;
        assert_eq!(
            (ids(&told), told.entries[0].categories[0].term.as_str()),
            (vec![post.urn().as_str()], "warm-homes"),
            "{}",
            app.name
        );
        assert_eq!(links(&told, "self"), ["https://citizens.example/feeds/here/campaigns/warm-homes.atom"], "{}", app.name);
        app.work().await;
    }
}
