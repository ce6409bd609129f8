//! Cards of posts on other sites, as oEmbed has them.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::id::CampaignId;
use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::feeding::{Desk, text, uuid};
use crate::guests;
use crate::rows::{self, put};
use crate::viewers::HERE;

const URL: &str = "https%3A%2F%2Fcitizens.example%2Fhere%2Fposts%2Fclean-air";

#[tokio::test]
async fn another_site_shows_a_post_among_its_own_words() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        let title = "Clean air <img src=x onerror=alert(1)> & \"more\"";
        let mut post = desk.publishes(&app, title, json!({ "slug": "clean-air" })).await;
        desk.acts(&app, &mut post, "postCorrect", json!({ "correction": "It was <b>lorries</b>." })).await;
        let card: Value = serde_json::from_str(&text(&app, &format!("/oembed?url={URL}&maxwidth=400")).await).expect("JSON");
        for (name, value) in [("version", "1.0"), ("type", "rich"), ("title", title), ("provider_name", "here")] {
            assert_eq!(card[name], value, "{}: {card}", app.name);
        }
        assert_eq!((&card["width"], &card["height"]), (&json!(400), &Value::Null), "{}", app.name);
        let html = card["html"].as_str().expect("HTML");
        assert!(html.starts_with("<blockquote") && !html.contains("<img") && !html.contains("<b>"), "{}: {html}", app.name);
        assert!(html.contains("href=\"https://citizens.example/here/posts/clean-air\"") && html.contains("Correction"), "{html}");
        let small: Value = serde_json::from_str(&text(&app, &format!("/oembed?url={URL}&maxheight=100")).await).expect("JSON");
        assert_eq!((&small["type"], small.get("html")), (&json!("link"), None), "{}", app.name);
        let (_, headers, xml) = app.get(&format!("/oembed?format=xml&url={URL}"), &[]).await;
        assert!(headers["content-type"].to_str().expect("text").starts_with("text/xml"), "{}", app.name);
        assert!(xml.contains("<type>rich</type>") && xml.contains("&lt;blockquote") && !xml.contains("<blockquote"), "{xml}");

        desk.acts(&app, &mut post, "postEdit", json!({ "slug": "cleaner-air" })).await;
        let added = "/oembed?url=https://citizens.example/here/posts/clean-air/%3Futm_source%3Dmail%23top";
        assert!(text(&app, added).await.contains("here/posts/cleaner-air"), "{}: by its old slug, with what mails add", app.name);
        for (query, status) in [
            (format!("url={URL}&format=yaml"), StatusCode::NOT_IMPLEMENTED),
            (format!("url={URL}&maxwidth=wide"), StatusCode::BAD_REQUEST),
            ("format=json".to_owned(), StatusCode::BAD_REQUEST),
            ("url=https%3A%2F%2Fcitizens.example%2Fhere%2Fposts%2F%00".to_owned(), StatusCode::NOT_FOUND),
            ("url=https%3A%2F%2Fcitizens.example%2Fhere%2Fcampaigns%2Fclean-air".to_owned(), StatusCode::NOT_FOUND),
        ] {
            assert_eq!(app.get(&format!("/oembed?{query}"), &[]).await.0, status, "{}: {query}", app.name);
        }
        app.work().await;
    }
}

#[tokio::test]
async fn a_card_is_found_by_the_address_that_any_template_makes() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        desk.publishes(&app, "Clean air", json!({})).await;
        for template in [
            "https://www.here.example/{kind}/{slug}",
            "https://www.here.example/{kind}?id={id}",
            "https://www.here.example/{slug}-{id}/{kind}.html",
            "https://www.here.example/{id}{slug}#{kind}",
        ] {
            assert_eq!(desk.sets(&app, json!({ "linkTemplate": template })).await, "done", "{}: {template}", app.name);
            let read = app.read("{ alliance(slug: \"here\") { posts { nodes { share { url oembedUrl } } } } }").await;
            let share = &read["alliance"]["posts"]["nodes"][0]["share"];
            let card =
                share["oembedUrl"].as_str().and_then(|url| url.strip_prefix("https://citizens.example")).expect("it is here");
            let shown: Value = serde_json::from_str(&text(&app, card).await).expect("JSON");
            let link = format!("href=\"{}\"", share["url"].as_str().expect("an address"));
            assert!(shown["html"].as_str().expect("HTML").contains(&link), "{}: {template}: {shown}", app.name);
        }
        for address in
            ["https://www.here.example/nothing#posts", "https://www.here.example/", "https://other.example/x#posts", ""]
        {
            let url: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
            assert_eq!(app.get(&format!("/oembed?url={url}"), &[]).await.0, StatusCode::NOT_FOUND, "{}: {address}", app.name);
        }
        app.work().await;
    }
}

#[tokio::test]
async fn a_feed_tells_how_many_reacted_where_that_may_be_told() {
    for app in guests::both().await {
        let desk = Desk::set(&app).await;
        let quiet = CampaignId(uuid(1));
        let sensitive = rows::campaign(quiet, HERE, "sanctuary", CampaignStatus::Active);
        put!(&app, alliance_entity::campaign::Model { is_sensitive: true, ..sensitive });
        let post = desk.publishes(&app, "Clean air", json!({})).await;
        let hidden = desk.publishes(&app, "Sanctuary", json!({ "campaigns": [quiet.to_string()] })).await;
        for post in [&post, &hidden] {
            desk.is_supported(&app, post).await;
        }
        let told: Value = serde_json::from_str(&text(&app, "/feeds/here.json").await).expect("JSON");
        let of = |post: &crate::feeding::Written| {
            let items = told["items"].as_array().expect("items").iter();
            items.clone().find(|item| item["id"] == post.urn()).expect("it is there")["_alliance"].get("reactions").cloned()
        };
        assert_eq!((of(&post), of(&hidden)), (Some(json!(1)), None), "{}: {told}", app.name);
        let atom = text(&app, "/feeds/here.atom").await;
        assert_eq!(atom.matches("<alliance:reactions>1</alliance:reactions>").count(), 1, "{}: {atom}", app.name);
        app.work().await;
    }
}
