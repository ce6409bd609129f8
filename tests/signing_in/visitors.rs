//! Visitors: people without an account, each known by a token that says nothing about them.

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::forging::part;
use crate::people::{Answer, ask, ask_with, change, rows_of, status_of, welcomed};

const SELECT: &str = "visitorToken { token visitor expiresAt }";

async fn create(app: &TestApp, held: Option<&str>) -> Answer {
    change(app, "", "visitorTokenCreate", &json!({ "token": held }), SELECT).await
}

fn token(answer: &Answer) -> String {
    answer.done()["visitorToken"]["token"].as_str().expect("there is a token").to_owned()
}

#[tokio::test]
async fn a_visitor_is_known_again_by_a_token_that_is_kept_nowhere() {
    for app in TestApp::both().await {
        let answer = create(&app, None).await;
        let (token, visitor) = (token(&answer), answer.done()["visitorToken"]["visitor"].clone());
        assert_eq!(answer.done()["visitorToken"]["expiresAt"], "2027-12-29T12:00:00Z", "{}: 400 days", app.name);
        assert_eq!((answer.header("cache-control"), part(&token, 0)["typ"].as_str()), ("no-store", Some("visitor+jwt")));
        let query = "{ viewer { kind id account { id } roles { role } sessions { id } isOperator recoveryCodesLeft } }";
        let viewer = ask_with(&app, &token, query, &json!({})).await;
        let expected = json!({ "kind": "VISITOR", "id": visitor, "account": null, "roles": [], "sessions": [], "isOperator": false,
            "recoveryCodesLeft": null });
        assert_eq!(viewer.payload(), &expected, "{}: {}", app.name, viewer.text);
        assert_eq!(rows_of(&app, "sessions").await + rows_of(&app, "accounts").await, 0, "{}", app.name);
        let nobody = ask(&app, &[], "{ viewer { id } }", &json!({})).await;
        assert_eq!(nobody.body, json!({ "data": { "viewer": null } }), "{}", app.name);
    }
}

async fn not_taken(app: &TestApp, token: &str) {
    let refused = create(app, Some(token)).await;
    assert_eq!(refused.refused(), "EXPIRED", "{}: {token}: {}", app.name, refused.text);
    assert_eq!(refused.payload()["visitorToken"], Value::Null, "{}: {token}", app.name);
}

#[tokio::test]
async fn a_visitor_who_shows_a_token_gets_a_newer_one_and_stays_the_same() {
    for app in TestApp::both().await {
        let first = create(&app, None).await;
        let (held, visitor) = (token(&first), &first.done()["visitorToken"]["visitor"]);
        assert_ne!(&create(&app, None).await.done()["visitorToken"]["visitor"], visitor, "{}: without it, another", app.name);
        let (_, tokens) = welcomed(&app, "w.farthingale@brassworks.example", &[Role::Admin]).await;
        for wrong in ["", "x", &tokens.access, &tokens.refresh] {
            not_taken(&app, wrong).await;
        }
        let later = app.later(TimeDelta::days(300));
        let next = create(&later, Some(&held)).await;
        assert_eq!(&next.done()["visitorToken"]["visitor"], visitor, "{}", app.name);
        assert_eq!(next.done()["visitorToken"]["expiresAt"], "2028-10-24T12:00:00Z", "{}", app.name);
        let much_later = app.later(TimeDelta::days(401));
        not_taken(&much_later, &held).await;
        assert_eq!(
            [status_of(&much_later, &held).await, status_of(&much_later, &token(&next)).await],
            [401, 200],
            "{}",
            app.name
        );
    }
}

#[tokio::test]
async fn a_visitor_may_do_nothing_that_wants_an_account() {
    for app in TestApp::both().await {
        let token = token(&create(&app, None).await);
        let new = json!({ "currentPassword": "x", "newPassword": "y" });
        for (field, input, select) in [
            ("signOutEverywhere", json!({}), "sessions"),
            ("passwordChange", new, "account { id }"),
            ("twoFactorBegin", json!({ "password": "x" }), "url"),
        ] {
            let refused = change(&app, &token, field, &input, select).await;
            assert_eq!(refused.code(), "UNAUTHENTICATED", "{}: {field}: {}", app.name, refused.text);
        }
        for list in ["accounts", "apiKeys", "auditLog"] {
            let refused = ask_with(&app, &token, &format!("{{ {list} {{ totalCount }} }}"), &json!({})).await;
            assert_eq!(refused.code(), "UNAUTHENTICATED", "{}: {list}: {}", app.name, refused.text);
        }
    }
}
