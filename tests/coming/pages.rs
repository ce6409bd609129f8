//! The pages behind the links of mails about events, and the page that says what is kept of people.

use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use crate::coming::{Scene, mails, token};
use crate::guests;
use crate::viewers::HERE;

const FORM: &str = "application/x-www-form-urlencoded";

/// Sends a form as a browser does, or as another page would make it.
async fn send(app: &TestApp, page: &str, token: &str, header: (&str, &str)) -> (StatusCode, String) {
    let body = form_urlencoded::Serializer::new(String::new()).append_pair("token", token).finish();
    let request = Request::post(page).header("content-type", FORM).header(header.0, header.1);
    let (status, _, text) = app.send(request.body(Body::from(body)).expect("this is a request")).await;
    (status, text)
}

const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");

#[tokio::test]
async fn a_link_of_a_mail_is_looked_at_without_effect_and_used_once_by_its_button() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(2)).await;
        let confirm = scene.asks(&app, "nadia@example.org", 1).await;
        for (page, heading, done, state) in
            [("confirm", "Do you come?", "You come", (2, 0)), ("cancel", "Can you not come?", "You do not come", (0, 0))]
        {
            let link = match page {
                "confirm" => confirm.clone(),
                _ => token(&mails(&app, "nadia@example.org").await.pop().expect("a mail is sent"), page),
            };
            let path = format!("/rsvp/{page}?token={link}");
            app.statements();
            let before = scene.sums(&app).await;
            for method in [Method::GET, Method::HEAD].into_iter().cycle().take(20) {
                assert_eq!(app.open(method, &path, &[]).await.0, StatusCode::OK, "{}: {page}", app.name);
            }
            let writes: Vec<_> = app.statements().into_iter().filter(|statement| !statement.sql.starts_with("SELECT")).collect();
            assert!(writes.is_empty(), "{}: {writes:?}", app.name);
            let (_, headers, text) = app.get(&path, &[]).await;
            assert!(
                text.contains(&format!("<h1>{heading}</h1>")) && text.contains("A vigil for clean air"),
                "{}: {text}",
                app.name
            );
            assert!(!text.contains("<script") && text.contains("../privacy"), "{}: {text}", app.name);
            assert_eq!(headers["cache-control"], "no-store", "{}", app.name);
            assert_eq!(headers["referrer-policy"], "same-origin", "{}", app.name);
            for foreign in [("origin", "https://evil.example"), ("origin", "null"), ("sec-fetch-site", "cross-site")] {
                assert_eq!(send(&app, &format!("/rsvp/{page}"), &link, foreign).await.0, StatusCode::FORBIDDEN, "{}", app.name);
            }
            assert_eq!(scene.sums(&app).await, before, "{}: a look changes nothing", app.name);
            let (status, text) = send(&app, &format!("/rsvp/{page}"), &link, OURS).await;
            assert!(status == StatusCode::OK && text.contains(&format!("<h1>{done}</h1>")), "{}: {status}: {text}", app.name);
            assert!(!text.contains("<form") && !text.contains(&link), "{}: {text}", app.name);
            assert_eq!(scene.sums(&app).await, state, "{}: {page}", app.name);
            let (status, text) = send(&app, &format!("/rsvp/{page}"), &link, OURS).await;
            assert!(status == StatusCode::GONE && text.contains("This link is over"), "{}: {status}: {text}", app.name);
            assert_eq!(app.get(&path, &[]).await.0, StatusCode::GONE, "{}", app.name);
        }
        for path in [
            "/rsvp/confirm",
            "/rsvp/cancel?token=x.y",
            "/rsvp/cancel?token=%00",
            "/rsvp/confirm?token=rsvp_01jdz0000000000000000000zz.0",
        ] {
            assert_eq!(app.get(path, &[]).await.0, StatusCode::GONE, "{}: {path}", app.name);
        }
        assert_eq!(app.get("/rsvp/nothing", &[]).await.0, StatusCode::NOT_FOUND, "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn what_cannot_be_done_any_more_is_said_above_the_button() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(1)).await;
        let confirm = scene.asks(&app, "nadia@example.org", 0).await;
        scene.confirms(&app, "theo@example.org", 0).await;
        assert_eq!(scene.change(&app, "eventCancel", json!({ "reason": "Snow." })).await, "done", "{}", app.name);
        let (status, text) = send(&app, "/rsvp/confirm", &confirm, OURS).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{}: {text}", app.name);
        assert!(text.contains("role=\"alert\">This event does not take place."), "{}: {text}", app.name);
        assert_eq!(scene.change(&app, "eventPublish", json!({})).await, "done", "{}", app.name);
        let (status, text) = send(&app, "/rsvp/confirm", &confirm, OURS).await;
        assert!(status == StatusCode::OK && text.contains("You are on the waiting list"), "{}: {status}: {text}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn the_page_about_privacy_says_what_the_settings_say_and_whom_to_complain_to() {
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let other = app.with(|config| {
            (config.limits.retain_enquiries_days, config.limits.retain_rsvps_days) = (17, 1);
            (config.limits.retain_open_enquiries_days, config.limits.retain_held_days) = (400, 5);
            config.limits.retain_removed_days = 1;
        });
        for (path, app) in [("/privacy", &app), ("/privacy/here", &other)] {
            let (status, _, text) = app.get(path, &[]).await;
            assert_eq!(status, StatusCode::OK, "{}: {text}", app.name);
            let limits = app.app.config().limits;
            let days = |number: u64| if number == 1 { "1 day".to_owned() } else { format!("{number} days") };
            for kept in [
                format!("until it is closed, and {} more", days(limits.retain_enquiries_days)),
                format!("where it is not closed, for {} after", days(limits.retain_open_enquiries_days)),
                format!("one that nobody lets through, for {};", days(limits.retain_held_days)),
                format!("one that was removed, for {};", days(limits.retain_removed_days)),
                format!("until {} after the event", days(limits.retain_rsvps_days)),
                format!("for {}.", days(limits.retain_audit_days)),
                "https://ico.org.uk/make-a-complaint/".to_owned(),
            ] {
                assert!(text.contains(&kept), "{}: {path}: {kept}: {text}", app.name);
            }
            assert!(!text.contains("mailto:") && !text.contains("<script"), "{}: {path}", app.name);
        }
        for (contact, link) in [
            ("privacy@here.example", "mailto:privacy@here.example"),
            ("https://here.example/privacy", "https://here.example/privacy"),
        ] {
            let version = ada.ask(&app, "{ alliance(slug: \"here\") { version } }").await["data"]["alliance"]["version"].take();
            let input = json!({ "id": HERE.to_string(), "version": version, "privacyContact": contact });
            ada.does(&app, "allianceEdit", input, "alliance { privacyContact }").await;
            let (_, _, text) = app.get("/privacy/here", &[]).await;
            assert!(text.contains(&format!("href=\"{link}\"")), "{}: {text}", app.name);
        }
        for wrong in ["javascript:alert(1)", "nobody", "a@b@c", "https://user:password@here.example/"] {
            let input = json!({ "id": HERE.to_string(), "version": 3, "privacyContact": wrong });
            assert_eq!(ada.tries(&app, "allianceEdit", input).await, "INVALID", "{}: {wrong}", app.name);
        }
        assert_eq!(app.get("/privacy/nowhere", &[]).await.0, StatusCode::NOT_FOUND, "{}", app.name);
        assert!(app.get("/", &[]).await.2.contains("href=\"privacy\""), "{}", app.name);
        let (_, _, text) = app.get("/account/password", &[]).await;
        assert!(text.contains("href=\"../privacy\""), "{}: {text}", app.name);
    }
}
