//! The button of mail programs: RFC 8058.

use alliance_entity::email_subscription::EmailSubscriptionState;
use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::guests;
use crate::subscribing::pages::FORM;
use crate::subscribing::{both, signed_up, stored};

const MULTIPART: &str = "multipart/form-data; boundary=frontier";
const PARTS: &str =
    "--frontier\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--frontier--\r\n";

async fn click(app: &TestApp, token: &str, kind: &str, body: &str) -> (StatusCode, String) {
    let request = Request::post(format!("/subscription/unsubscribe?token={token}")).header("content-type", kind);
    let (status, _, page) = app.send(request.body(Body::from(body.to_owned())).expect("this is a request")).await;
    (status, page)
}

#[tokio::test]
async fn one_click_ends_the_subscription_of_its_token_without_an_origin_or_a_cookie_as_often_as_it_comes() {
    for (app, ..) in both().await {
        let zoe = signed_up(&app, "zoe@example.org", json!({})).await;
        let rosa = signed_up(&app, "rosa@example.org", json!({})).await;
        let nina = signed_up(&app, "nina@example.org", json!({})).await;
        // A mail service asks for many people from one address.
        let app = app.with(|config| config.limits.rate_mutations = 1);
        for (token, kind, body) in [(&zoe, FORM, "List-Unsubscribe=One-Click"), (&rosa, MULTIPART, PARTS)] {
            let mut dumps = Vec::new();
            for _ in 0..5 {
                let (status, page) = click(&app, token, kind, body).await;
                assert!(status == StatusCode::OK && page.contains("You get no more updates"), "{}: {status}: {page}", app.name);
                dumps.push(guests::dump(&app).await);
            }
            assert!(dumps.windows(2).all(|two| two[0] == two[1]), "{}: once is enough", app.name);
        }
        let state = async |email: &str| stored(&app, email).await.expect("it is there").state;
        for email in ["zoe@example.org", "rosa@example.org"] {
            assert_eq!(state(email).await, EmailSubscriptionState::Cancelled, "{}: {email}", app.name);
        }
        for (token, kind, body) in [
            (nina.as_str(), FORM, "List-Unsubscribe=Two-Clicks"),
            (nina.as_str(), MULTIPART, &PARTS.replace("One-Click", "No")),
            (nina.as_str(), FORM, ""),
            ("alu_0", FORM, "List-Unsubscribe=One-Click"),
            ("", FORM, "List-Unsubscribe=One-Click"),
        ] {
            let (status, page) = click(&app, token, kind, body).await;
            let refused = [StatusCode::GONE, StatusCode::UNSUPPORTED_MEDIA_TYPE, StatusCode::TOO_MANY_REQUESTS];
            assert!(refused.contains(&status), "{}: {token}: {body}: {status}: {page}", app.name);
        }
        assert_eq!(state("nina@example.org").await, EmailSubscriptionState::Confirmed, "{}", app.name);
    }
}
