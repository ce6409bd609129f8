//! Keys of partners: shown once, good for what they are for until they end, and made and revoked by admins alone.

use alliance::keys;
use alliance_entity::account_role::Role;
use alliance_entity::id::AllianceId;
use alliance_entity::{account, api_key};
use alliance_tests::app::TestApp;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people::{self, Answer, ask, ask_with, change, demo, elsewhere, joined_as, rows_of, sign_in, status_of, welcomed};

const ADMIN: &str = "w.farthingale@brassworks.example";
const SELECT: &str = "apiKey { id holder prefix scopes createdAt expiresAt usedAt revokedAt alliance { slug } } secret";

async fn create(app: &TestApp, token: &str, holder: &str, expires_at: Option<&str>) -> Answer {
    let alliance = demo(app).await.to_string();
    let scopes = ["SYNDICATION_WRITE", "CONTENT_READ", "CONTENT_READ"];
    let input = json!({ "alliance": alliance, "holder": holder, "scopes": scopes, "expiresAt": expires_at });
    change(app, token, "apiKeyCreate", &input, SELECT).await
}

fn made(answer: &Answer) -> (String, String) {
    let done = answer.done();
    let text = |value: &Value| value.as_str().expect("it is text").to_owned();
    (text(&done["apiKey"]["id"]), text(&done["secret"]))
}

async fn revoke(app: &TestApp, token: &str, id: &str) -> Answer {
    change(app, token, "apiKeyRevoke", &json!({ "id": id }), "apiKey { id revokedAt }").await
}

async fn only_row(app: &TestApp) -> api_key::Model {
    let mut rows = api_key::Entity::find().all(app.app.db().read()).await.expect("the database answers");
    assert_eq!(rows.len(), 1, "{}", app.name);
    rows.remove(0)
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_as_its_hash() {
    for app in TestApp::both().await {
        let (id, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        app.statements();
        let answer = create(&app, &admin.access, " Derby Citizens ", Some("2027-01-01T00:00:00Z")).await;
        let (key, secret) = made(&answer);
        assert!(secret.starts_with("alk_") && secret.len() == 4 + 43, "{}: 256 bits", app.name);
        let expected = json!({
            "id": key, "holder": "Derby Citizens", "prefix": secret[..12], "scopes": ["CONTENT_READ", "SYNDICATION_WRITE"],
            "createdAt": "2026-11-24T12:00:00Z", "expiresAt": "2027-01-01T00:00:00Z", "usedAt": null, "revokedAt": null,
            "alliance": { "slug": "nottingham-citizens" },
        });
        assert_eq!(answer.done()["apiKey"], expected, "{}", app.name);
        assert_eq!(answer.header("cache-control"), "no-store", "{}", app.name);
        let row = only_row(&app).await;
        assert_eq!((row.hash, row.created_by), (keys::hash(&secret), Some(id)), "{}", app.name);
        status_of(&app, &secret).await;
        assert!(!app.statements().iter().any(|statement| format!("{statement:?}").contains(&secret)), "{}", app.name);
        let query = format!("{{ apiKeys {{ nodes {{ {} }} }} }}", &SELECT[9..SELECT.len() - 9]);
        let listed = ask_with(&app, &admin.access, &query, &json!({})).await;
        assert!(listed.text.contains(&key) && !listed.text.contains(&secret[..13]), "{}: {}", app.name, listed.text);
        let asked = ask_with(&app, &admin.access, "{ apiKeys { nodes { secret } } }", &json!({})).await;
        assert_eq!(asked.code(), "BAD_REQUEST", "{}: no field tells it", app.name);
    }
}

#[tokio::test]
async fn who_shows_a_key_is_its_partner_and_nobodys_account() {
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        let (key, secret) = made(&create(&app, &admin.access, "Derby Citizens", None).await);
        create(&app, &admin.access, "Leicester Citizens", None).await.done();
        let query = "{ viewer { kind id account { id } roles { role } isOperator sessions { id } } apiKeys { nodes { id } } }";
        let viewer = ask_with(&app, &secret, query, &json!({})).await;
        let expected = json!({
            "viewer": { "kind": "PARTNER", "id": key, "account": null, "roles": [], "isOperator": false, "sessions": [] },
            "apiKeys": { "nodes": [{ "id": key }] },
        });
        assert_eq!(viewer.body["data"], expected, "{}: {}", app.name, viewer.text);
        for (field, input, select) in [
            ("signOutEverywhere", json!({}), "sessions"),
            ("passwordChange", json!({ "currentPassword": "x", "newPassword": "y" }), "account { id }"),
        ] {
            assert_eq!(change(&app, &secret, field, &input, select).await.code(), "UNAUTHENTICATED", "{}: {field}", app.name);
        }
        assert_eq!(create(&app, &secret, "Derby Citizens", None).await.code(), "FORBIDDEN", "{}", app.name);
        assert_eq!(revoke(&app, &secret, &key).await.code(), "FORBIDDEN", "{}: not even its own", app.name);
        let bent = [format!("{secret}A"), secret[..46].to_owned(), secret.replacen("alk_", "alr_", 1), secret.to_uppercase()];
        for wrong in bent {
            let refused = ask_with(&app, &wrong, "{ viewer { id } }", &json!({})).await;
            assert_eq!((refused.status.as_u16(), refused.code()), (401, "UNAUTHENTICATED"), "{}: {wrong}", app.name);
            assert_eq!(refused.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{}: {wrong}", app.name);
        }
    }
}

#[tokio::test]
async fn a_key_counts_until_it_ends_or_is_revoked_and_no_longer() {
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        let (_, short) = made(&create(&app, &admin.access, "Derby Citizens", Some("2026-11-24T12:05:00Z")).await);
        let (long, secret) = made(&create(&app, &admin.access, "Derby Citizens", None).await);
        let at = |seconds| app.later(TimeDelta::seconds(seconds));
        assert_eq!([status_of(&at(299), &short).await, status_of(&at(300), &short).await], [200, 401], "{}", app.name);
        assert_eq!(status_of(&app, &secret).await, 200, "{}", app.name);
        let revoked = revoke(&app, &admin.access, &long).await;
        assert_eq!(revoked.done()["apiKey"], json!({ "id": long, "revokedAt": "2026-11-24T12:00:00Z" }), "{}", app.name);
        assert_eq!([status_of(&app, &secret).await, status_of(&at(0), &secret).await], [401, 401], "{}: at once", app.name);
        let again = revoke(&at(60), &admin.access, &long).await;
        assert_eq!(again.done()["apiKey"]["revokedAt"], "2026-11-24T12:00:00Z", "{}: it stays as it was", app.name);
        assert_eq!(rows_of(&app, "audit_entries WHERE action = 'apiKeyRevoke'").await, 1, "{}", app.name);
        assert_eq!(rows_of(&app, "audit_entries WHERE action = 'apiKeyCreate'").await, 2, "{}", app.name);
        let live =
            "{ live: apiKeys(filter: { isLive: true }) { totalCount } dead: apiKeys(filter: { isLive: false }) { totalCount } }";
        let listed = ask_with(&at(301), &admin.access, live, &json!({})).await;
        let expected = json!({ "live": { "totalCount": 0 }, "dead": { "totalCount": 2 } });
        assert_eq!(listed.body["data"], expected, "{}: {}", app.name, listed.text);
    }
}

#[tokio::test]
async fn when_a_key_was_used_last_is_told_to_the_minute() {
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        let (_, secret) = made(&create(&app, &admin.access, "Derby Citizens", None).await);
        assert_eq!(only_row(&app).await.used_at, None, "{}", app.name);
        let begun: DateTime<Utc> = app.app.clock().now();
        for (seconds, noted) in [(0, 0), (59, 0), (60, 60), (119, 60), (1_000, 1_000)] {
            let later = app.later(TimeDelta::seconds(seconds));
            assert_eq!(status_of(&later, &secret).await, 200, "{}", app.name);
            assert_eq!(only_row(&app).await.used_at, Some(begun + TimeDelta::seconds(noted)), "{}: at {seconds} s", app.name);
        }
    }
}

#[tokio::test]
async fn a_partner_has_two_live_keys_at_most() {
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        let (first, secret) = made(&create(&app, &admin.access, "Derby Citizens", Some("2026-11-24T12:05:00Z")).await);
        let (second, _) = made(&create(&app, &admin.access, "Derby Citizens", None).await);
        let third = create(&app, &admin.access, "Derby Citizens", None).await;
        assert_eq!((third.refused(), &third.payload()["secret"]), ("CONFLICT", &Value::Null), "{}: {}", app.name, third.text);
        create(&app, &admin.access, "Leicester Citizens", None).await.done();
        assert_eq!(status_of(&app, &secret).await, 200, "{}: both count while they change over", app.name);
        // What has ended, or was revoked, makes room.
        let app = app.later(TimeDelta::seconds(300));
        create(&app, &admin.access, "Derby Citizens", None).await.done();
        assert_eq!(create(&app, &admin.access, "Derby Citizens", None).await.refused(), "CONFLICT", "{}", app.name);
        for id in [&first, &second] {
            revoke(&app, &admin.access, id).await.done();
        }
        create(&app, &admin.access, "Derby Citizens", None).await.done();
    }
}

#[tokio::test]
async fn what_makes_no_key_is_refused_with_every_reason_at_once() {
    for app in TestApp::both().await {
        let (id, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        let alliance = demo(&app).await.to_string();
        let input = json!({ "alliance": alliance, "holder": " ", "scopes": [], "expiresAt": "2026-11-24T12:00:00Z" });
        let refused = change(&app, &admin.access, "apiKeyCreate", &input, SELECT).await;
        let errors = refused.payload()["userErrors"].as_array().expect("a list").clone();
        let told: Vec<_> = errors.iter().map(|error| (error["field"][1].as_str(), error["code"].as_str())).collect();
        let expected = [("holder", "INVALID"), ("scopes", "REQUIRED"), ("expiresAt", "INVALID")];
        assert_eq!(told, expected.map(|(field, code)| (Some(field), Some(code))), "{}: {}", app.name, refused.text);
        // An operator may do it in every alliance that there is.
        let row = people::stored(&app, id).await;
        people::store(&app, account::Model { is_operator: true, ..row }).await;
        let operator = sign_in(&app, ADMIN).await.access;
        let nowhere =
            json!({ "alliance": AllianceId(Uuid::from_u128(1)).to_string(), "holder": "Derby", "scopes": ["CONTENT_READ"] });
        let refused = change(&app, &operator, "apiKeyCreate", &nowhere, SELECT).await;
        assert_eq!(refused.code(), "NOT_FOUND", "{}: {}", app.name, refused.text);
        assert_eq!(rows_of(&app, "api_keys").await, 0, "{}", app.name);
    }
}

#[tokio::test]
async fn keys_are_made_seen_and_revoked_by_the_admins_of_their_alliance_alone() {
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        let (key, secret) = made(&create(&app, &admin.access, "Derby Citizens", None).await);
        let there = elsewhere(&app).await;
        joined_as(&app, "there@brassworks.example", &[(there, Role::Admin)]).await;
        let there = sign_in(&app, "there@brassworks.example").await.access;
        let mut others = vec![("admin elsewhere", there)];
        for role in [Role::Editor, Role::Author, Role::Organiser, Role::Supporter] {
            let email = format!("{role:?}@brassworks.example").to_lowercase();
            others.push(("of another role", welcomed(&app, &email, &[role]).await.1.access));
        }
        for (who, token) in &others {
            assert_eq!(create(&app, token, "Derby Citizens", None).await.code(), "FORBIDDEN", "{}: {who}", app.name);
            assert_eq!(revoke(&app, token, &key).await.code(), "NOT_FOUND", "{}: {who}", app.name);
            let listed = ask_with(&app, token, "{ apiKeys { totalCount } }", &json!({})).await;
            assert_eq!(listed.payload()["totalCount"], 0, "{}: {who}: {}", app.name, listed.text);
        }
        assert_eq!(create(&app, "", "Derby Citizens", None).await.code(), "UNAUTHENTICATED", "{}", app.name);
        assert_eq!(revoke(&app, "", &key).await.code(), "UNAUTHENTICATED", "{}", app.name);
        let nobody = ask(&app, &[], "{ apiKeys { totalCount } }", &json!({})).await;
        assert_eq!(nobody.code(), "UNAUTHENTICATED", "{}", app.name);
        assert_eq!((rows_of(&app, "api_keys").await, status_of(&app, &secret).await), (1, 200), "{}", app.name);
    }
}
