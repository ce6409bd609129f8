//! What is no token of ours opens nothing: it is refused before the document is looked at.

use alliance::keys::token::{AccessClaims, VisitorClaims};
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, SessionId, VisitorId};
use alliance_tests::app::{TestApp, keys_of};
use aws_lc_rs::hmac;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::forging::{bent, drop_from, pair, part, set, signed, url};
use crate::people::{self, Answer, Tokens, ask, ask_with, status_of, welcomed};

const EMAIL: &str = "w.farthingale@brassworks.example";
/// What would show if it were executed.
const WRITES: &str = "mutation { signOutEverywhere { sessions userErrors { code } } }";

fn refused(app: &TestApp, what: &str, answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.code()), (401, "UNAUTHENTICATED"), "{}: {what}: {}", app.name, answer.text);
    assert_eq!(answer.header("www-authenticate"), "Bearer error=\"invalid_token\"", "{}: {what}", app.name);
    assert!(answer.body.get("data").is_none() && answer.header("cache-control") == "no-store", "{}: {what}", app.name);
}

/// Tokens that are not signed as ours are, though they say the same.
fn forged(token: &str) -> Vec<(&'static str, String)> {
    let (header, claims) = (part(token, 0), part(token, 1).to_string());
    let (message, signature) = token.rsplit_once('.').expect("it has parts");
    let stranger = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).expect("a key");
    let stranger = Ed25519KeyPair::from_pkcs8(stranger.as_ref()).expect("a key");
    let with = |bend: &dyn Fn(&mut Value)| {
        let mut header = header.clone();
        bend(&mut header);
        header.to_string()
    };
    let unsigned = |header: &str| format!("{}.{}", url(header), url(&claims));
    let none = unsigned(&with(&|header| set(header, "alg", json!("none"))));
    let hs256 = unsigned(&with(&|header| set(header, "alg", json!("HS256"))));
    let mac = |key: &[u8]| url(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), hs256.as_bytes()));
    let theirs = json!({ "kty": "OKP", "crv": "Ed25519", "x": url(stranger.public_key().as_ref()) });
    let raised = format!("{}.{}.{signature}", url(header.to_string()), url(claims.replace("\"jti\":\"", "\"jti\":\"x")));
    vec![
        ("no algorithm", format!("{none}.")),
        ("no algorithm and no dot", none.clone()),
        ("no algorithm, our signature", format!("{none}.{signature}")),
        ("our public key as a secret", format!("{hs256}.{}", mac(pair().public_key().as_ref()))),
        ("an empty secret", format!("{hs256}.{}", mac(b""))),
        ("another key under our name", signed(&stranger, &header.to_string(), &claims)),
        ("another key under its own name", signed(&stranger, &with(&|header| set(header, "kid", json!("theirs"))), &claims)),
        ("another key that comes along", signed(&stranger, &with(&|header| set(header, "jwk", theirs.clone())), &claims)),
        (
            "another key that lies elsewhere",
            signed(&stranger, &with(&|header| set(header, "jku", json!("https://evil.example/jwks.json"))), &claims),
        ),
        ("no signature", format!("{message}.")),
        ("half a signature", format!("{message}.{}", &signature[..43])),
        ("zeros for a signature", format!("{message}.{}", url([0; 64]))),
        ("other claims", raised),
    ]
}

#[tokio::test]
async fn a_token_that_was_not_signed_here_is_refused_and_nothing_is_executed() {
    for app in TestApp::both().await {
        let (_, tokens) = welcomed(&app, EMAIL, &[Role::Admin]).await;
        for (what, token) in forged(&tokens.access) {
            app.statements();
            refused(&app, what, &ask_with(&app, &token, WRITES, &json!({})).await);
            assert!(app.statements().is_empty(), "{}: {what}: the database was asked", app.name);
        }
        assert_eq!(status_of(&app, &tokens.access).await, 200, "{}: the session goes on", app.name);
    }
}

/// Tokens of our own key that say too little, too much or something else.
fn twisted(token: &str, now: i64) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for name in ["exp", "nbf", "iat", "iss", "aud", "sub", "sid", "jti"] {
        all.push((format!("without {name}"), bent(token, |_, claims| drop_from(claims, name))));
    }
    for name in ["alg", "typ", "kid"] {
        all.push((format!("without {name}"), bent(token, |header, _| drop_from(header, name))));
    }
    let claims = [
        ("exp", json!((now + 600).to_string())),
        ("exp", json!(now - 31)),
        ("exp", json!(1e300)),
        ("nbf", json!("0")),
        ("nbf", json!(now + 32)),
        ("iat", json!(now + 32)),
        ("iss", json!("https://evil.example")),
        ("aud", json!("other")),
        ("aud", json!(["alliance", "other"])),
        ("sub", json!("admin")),
        ("sub", json!(SessionId(Uuid::from_u128(1)).to_string())),
        ("sub", json!(AccountId(Uuid::from_u128(1)).to_string())),
        ("sid", json!(SessionId(Uuid::from_u128(1)).to_string())),
    ];
    for (name, value) in claims {
        all.push((format!("{name}: {value}"), bent(token, |_, claims| set(claims, name, value))));
    }
    let own = json!({ "kty": "OKP", "crv": "Ed25519", "x": url(pair().public_key().as_ref()) });
    for (name, value) in [("typ", json!("JWT")), ("typ", json!("visitor+jwt")), ("jwk", own), ("crit", json!(["exp"]))] {
        all.push((format!("{name}: {value}"), bent(token, |header, _| set(header, name, value))));
    }
    all
}

#[tokio::test]
async fn a_token_of_our_key_that_says_something_else_is_refused_and_nothing_is_executed() {
    for app in TestApp::both().await {
        let (_, tokens) = welcomed(&app, EMAIL, &[Role::Admin]).await;
        for (what, token) in twisted(&tokens.access, app.app.clock().now().timestamp()) {
            app.statements();
            refused(&app, &what, &ask_with(&app, &token, WRITES, &json!({})).await);
            let written = app.statements().into_iter().filter(|statement| !statement.sql.starts_with("SELECT"));
            assert_eq!(written.count(), 0, "{}: {what}", app.name);
        }
        assert_eq!(status_of(&app, &bent(&tokens.access, |_, _| ())).await, 200, "{}: one that is as it was counts", app.name);
    }
}

#[tokio::test]
async fn a_token_of_one_kind_opens_nothing_that_is_for_another() {
    for app in TestApp::both().await {
        let (account, tokens) = welcomed(&app, EMAIL, &[Role::Admin]).await;
        let now = app.app.clock().now();
        let visitor = app.app.keys().sign_visitor(&VisitorClaims::new(VisitorId(account.0), now)).expect("it signs");
        let session = part(&tokens.access, 1)["sid"].as_str().expect("it names one").parse().expect("it is an id");
        let other = keys_of(|flags| flags.public_url = Some("https://other.example".to_owned()));
        let elsewhere = other.sign_access(&AccessClaims::new(account, session, now)).expect("it signs");
        let past = AccessClaims::new(account, session, now - TimeDelta::seconds(631));
        let disguised = bent(&visitor, |header, _| set(header, "typ", json!("at+jwt")));
        for (what, token) in [
            ("a refresh token", tokens.refresh.clone()),
            ("a key that there is not", "alk_x".to_owned()),
            ("a link's token", "all_x".to_owned()),
            ("the token of another service", elsewhere),
            ("one that has expired", app.app.keys().sign_access(&past).expect("it signs")),
            ("a visitor's as an account's", disguised),
            ("the session's id", session.to_string()),
        ] {
            refused(&app, what, &ask_with(&app, &token, WRITES, &json!({})).await);
        }
        // A visitor's is valid, and nobody's who has signed in.
        let asked = ask_with(&app, &visitor, WRITES, &json!({})).await;
        assert_eq!((asked.status.as_u16(), asked.code()), (200, "UNAUTHENTICATED"), "{}: {}", app.name, asked.text);
        let not_refreshed = people::refresh(&app, &tokens.access).await;
        assert_eq!(not_refreshed.code(), "UNAUTHENTICATED", "{}: {}", app.name, not_refreshed.text);
        for twice in [[&*tokens.access, &*visitor], [&*visitor, &*tokens.access]] {
            let headers = twice.map(|token| format!("Bearer {token}"));
            let headers = headers.each_ref().map(|value| ("authorization", value.as_str()));
            refused(&app, "two tokens", &ask(&app, &headers, WRITES, &json!({})).await);
        }
        assert_eq!(status_of(&app, &tokens.access).await, 200, "{}", app.name);
    }
}

#[tokio::test]
async fn a_token_of_somebody_elses_session_is_nobodys() {
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, EMAIL, &[Role::Admin]).await;
        let (_, own): (_, Tokens) = welcomed(&app, "supporter@brassworks.example", &[Role::Supporter]).await;
        let sid = part(&admin.access, 1)["sid"].clone();
        let mixed = bent(&own.access, |_, claims| set(claims, "sid", sid));
        refused(&app, "a session of another account", &ask_with(&app, &mixed, WRITES, &json!({})).await);
        assert_eq!((status_of(&app, &admin.access).await, status_of(&app, &own.access).await), (200, 200), "{}", app.name);
    }
}
