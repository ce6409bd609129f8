//! The pages behind the links of updates: they work without a script, and a look changes nothing.

use alliance_entity::email_subscription::{EmailFrequency, EmailSubscriptionState};
use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use crate::guests::{self, rows_of};
use crate::subscribing::{CAMPAIGN, OTHER, asked, both, path_of, published, signed_up, stored};
use crate::viewers::HERE;

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// Sends a form to a page as a browser does.
pub(super) async fn send(app: &TestApp, page: &str, values: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(values).finish();
    let request =
        Request::post(format!("/subscription/{page}")).header("content-type", FORM).header("sec-fetch-site", "same-origin");
    app.send(request.body(Body::from(body)).expect("this is a request")).await
}

fn token(path: &str) -> &str {
    path.split_once("?token=").expect("it has a token").1
}

#[tokio::test]
async fn whoever_confirms_changes_and_ends_their_updates_does_so_on_pages_in_the_alliances_name() {
    for (app, ada, _) in both().await {
        let look = json!({ "id": HERE.to_string(), "version": 1, "mailColour": "#003366", "mailFooter": "1 High Street", "emailSubscriptionWording": "I say <yes>." });
        ada.does(&app, "allianceEdit", look, "alliance { id }").await;
        let link =
            path_of(&asked(&app, "zoe@example.org", json!({ "name": "Zoë", "topics": [CAMPAIGN.to_string()] })).await, "confirm");
        let (status, headers, page) = app.get(&link, &[]).await;
        assert_eq!((status, &headers["cache-control"]), (StatusCode::OK, &"no-store".parse().expect("text")), "{}", app.name);
        for said in [
            "Updates from here",
            "zoe@example.org",
            "about clean-air",
            "I say &#60;yes&#62;.",
            "1 High Street",
            "colour=003366",
            "value=\"Zoë\"",
        ] {
            assert!(page.contains(said), "{}: {said}: {page}", app.name);
        }
        let (status, _, page) = send(&app, "confirm", &[("token", token(&link)), ("name", "Zoë O")]).await;
        assert!(status == StatusCode::OK && page.contains("You get updates") && !page.contains("<form"), "{}: {page}", app.name);
        let row = stored(&app, "zoe@example.org").await.expect("it is there");
        assert_eq!(row.name.as_deref(), Some("Zoë O"), "{}", app.name);
        for (status, page) in [used(send(&app, "confirm", &[("token", token(&link))]).await), used(app.get(&link, &[]).await)] {
            assert!(status == StatusCode::GONE && page.contains("This link is over"), "{}: {page}", app.name);
        }

        let own = signed_up_token(&app, &row.id.0);
        let (status, _, page) = app.get(&format!("/subscription/preferences?token={own}"), &[]).await;
        assert!(status == StatusCode::OK && page.contains(&format!("value=\"{CAMPAIGN}\" checked")), "{}: {page}", app.name);
        assert!(!page.contains("a-secret"), "{}: what is not public is not offered: {page}", app.name);
        let (status, _, page) = send(&app, "preferences", &[("token", &own), ("name", ""), ("frequency", "weekly")]).await;
        assert!(
            status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("Choose what to be told about"),
            "{}: {page}",
            app.name
        );
        let chosen = [
            ("token", own.as_str()),
            ("name", ""),
            ("frequency", "weekly"),
            ("topic", &CAMPAIGN.to_string()),
            ("topic", &OTHER.to_string()),
        ];
        let (status, _, page) = send(&app, "preferences", &chosen).await;
        assert!(status == StatusCode::OK && page.contains("It is saved"), "{}: {page}", app.name);
        let row = stored(&app, "zoe@example.org").await.expect("it is there");
        assert_eq!((row.frequency, row.name), (EmailFrequency::Weekly, None), "{}", app.name);
        assert_eq!(rows_of(&app, "SELECT 1 FROM email_subscription_topics").await.len(), 2, "{}", app.name);

        for _ in 0..2 {
            let (status, _, page) = send(&app, "unsubscribe", &[("token", &own)]).await;
            assert!(status == StatusCode::OK && page.contains("You get no more updates"), "{}: {page}", app.name);
        }
        let row = stored(&app, "zoe@example.org").await.expect("it is there");
        assert_eq!(row.state, EmailSubscriptionState::Cancelled, "{}", app.name);
        let (status, _, page) = app.get(&format!("/subscription/preferences?token={own}"), &[]).await;
        assert!(status == StatusCode::OK && !page.contains("<form"), "{}: {page}", app.name);
    }
}

fn used((status, _, page): (StatusCode, HeaderMap, String)) -> (StatusCode, String) {
    (status, page)
}

fn signed_up_token(app: &TestApp, id: &uuid::Uuid) -> String {
    alliance::subscriptions::token::mint(&app.app, alliance::subscriptions::token::Purpose::Subscription, *id)
}

#[tokio::test]
async fn all_links_of_all_mails_are_fetched_a_hundred_times_and_nothing_changes() {
    for (app, _, ines) in both().await {
        let request = asked(&app, "rosa@example.org", json!({})).await;
        signed_up(&app, "zoe@example.org", json!({})).await;
        published(&app, &ines, "One", json!({})).await;
        app.work().await;
        let mails: Vec<_> = app.mails().into_iter().chain([request]).collect();
        let words = mails.iter().flat_map(|mail| mail.text.split_whitespace().chain(mail.html.split('"')));
        let links = words.filter_map(|word| word.strip_prefix("https://citizens.example/subscription/"));
        let mut links: Vec<String> = links.map(|link| format!("/subscription/{}", link.replace("&amp;", "&"))).collect();
        links.sort_unstable();
        links.dedup();
        assert_eq!(links.len(), 3, "{}: {links:?}", app.name);
        let erase = links[1].replace("preferences", "erase");
        links.push(erase);
        let before = guests::dump(&app).await;
        app.statements();
        for link in links.iter().cycle().take(100) {
            for method in [Method::GET, Method::HEAD] {
                assert_eq!(app.open(method, link, &[]).await.0, StatusCode::OK, "{}: {link}", app.name);
            }
        }
        let writes: Vec<_> = app.statements().into_iter().filter(|statement| !statement.sql.starts_with("SELECT")).collect();
        assert!(writes.is_empty(), "{}: {writes:?}", app.name);
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
    }
}

#[tokio::test]
async fn a_form_of_another_site_or_of_another_kind_does_nothing() {
    for (app, ..) in both().await {
        let own = signed_up(&app, "zoe@example.org", json!({})).await;
        let before = guests::dump(&app).await;
        let body = format!("token={own}&List-Unsubscribe=One-Click");
        for page in ["unsubscribe", "preferences", "erase", "confirm"] {
            let path = format!("/subscription/{page}?token={own}");
            for (header, value) in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
                let request = Request::post(&path).header("content-type", FORM).header(header, value);
                let (status, ..) = app.send(request.body(Body::from(body.clone())).expect("this is a request")).await;
                assert_eq!(status, StatusCode::FORBIDDEN, "{}: {page}: {header}: {value}", app.name);
            }
            for kind in ["text/plain", "application/json", ""] {
                let request = Request::post(&path).header("content-type", kind);
                let (status, ..) = app.send(request.body(Body::from(body.clone())).expect("this is a request")).await;
                assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{}: {page}: {kind}", app.name);
            }
        }
        for (page, expected) in [
            ("nothing", StatusCode::NOT_FOUND),
            ("confirm", StatusCode::GONE),
            ("confirm?token=als_0", StatusCode::GONE),
            ("unsubscribe?token=%00", StatusCode::GONE),
            ("style.css?colour=red;}body{display:none", StatusCode::NOT_FOUND),
            ("style.css", StatusCode::NOT_FOUND),
            ("style.css?colour=003366", StatusCode::OK),
        ] {
            let (status, _, said) = app.get(&format!("/subscription/{page}"), &[]).await;
            assert_eq!(status, expected, "{}: {page}: {said}", app.name);
            assert!(!said.contains("<form"), "{}: {page}: {said}", app.name);
        }
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
    }
}
