//! A second factor: set up, asked for, used once each time, and taken away; and alliances that want it of their staff.

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use aws_lc_rs::hmac;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::people::{
    PASSWORD, Tokens, ask_with, change, demo, joined, mailed, rows_of, sign_in, status_of, stored, try_sign_in, welcomed,
};

const EMAIL: &str = "w.farthingale@brassworks.example";

/// What a person types into their app, as the app keeps it: RFC 4648.
fn unspelled(secret: &str) -> Vec<u8> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let numbers = secret.chars().map(|letter| letters.find(letter).expect("it is a letter of the alphabet"));
    let bits: Vec<u8> = numbers.flat_map(|number| (0..5).rev().map(move |at| u8::from((number >> at) % 2 == 1))).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, bit| (byte << 1) | bit)).collect()
}

/// What an authenticator app shows: RFC 6238.
fn code(app: &TestApp, secret: &str) -> String {
    let step = u64::try_from(app.app.clock().now().timestamp() / 30).expect("it is after 1970");
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &unspelled(secret));
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let mac = mac.as_ref();
    let at = usize::from(mac[19] & 15);
    let number = u32::from_be_bytes([mac[at] & 127, mac[at + 1], mac[at + 2], mac[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// A code that is not right.
fn other(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().expect("it is a number") + 500_000) % 1_000_000)
}

async fn begin(app: &TestApp, token: &str) -> String {
    let begun = change(app, token, "twoFactorBegin", &json!({ "password": PASSWORD }), "url secret").await;
    let secret = begun.done()["secret"].as_str().expect("there is a secret").to_owned();
    let url = begun.done()["url"].as_str().expect("there is an address").to_owned();
    let (head, tail) = url.split_once('?').expect("it has parameters");
    let whole = tail == format!("secret={secret}&issuer=citizens.example");
    assert!(secret.len() == 32 && whole && head.starts_with("otpauth://totp/citizens.example:"), "{}: {url}", app.name);
    secret
}

async fn confirm(app: &TestApp, token: &str, secret: &str) -> Vec<String> {
    let input = json!({ "oneTimePassword": code(app, secret) });
    let confirmed = change(app, token, "twoFactorConfirm", &input, "twoFactor { recoveryCodes }").await;
    let codes = confirmed.done()["twoFactor"]["recoveryCodes"].as_array().expect("there are codes").clone();
    codes.iter().map(|code| code.as_str().expect("it is text").to_owned()).collect()
}

/// Somebody with a second factor: their session, the secret of their app and their recovery codes.
async fn with_second_factor(app: &TestApp) -> (Tokens, String, Vec<String>) {
    let (_, tokens) = welcomed(app, EMAIL, &[]).await;
    let secret = begin(app, &tokens.access).await;
    let codes = confirm(app, &tokens.access, &secret).await;
    app.leave_jobs();
    (tokens, secret, codes)
}

#[tokio::test]
async fn a_second_factor_is_in_force_once_a_code_of_the_app_has_come() {
    for app in TestApp::both().await {
        let (_, first) = welcomed(&app, EMAIL, &[]).await;
        let other_session = sign_in(&app, EMAIL).await;
        let wrong = change(&app, &first.access, "twoFactorBegin", &json!({ "password": "wrong" }), "url").await;
        assert_eq!((wrong.refused(), &wrong.payload()["url"]), ("INCORRECT", &Value::Null), "{}", app.name);
        let early = json!({ "oneTimePassword": "123456" });
        let early = change(&app, &first.access, "twoFactorConfirm", &early, "twoFactor { recoveryCodes }").await;
        assert_eq!(early.refused(), "CONFLICT", "{}: nothing has begun", app.name);

        let forgotten = begin(&app, &first.access).await;
        let secret = begin(&app, &first.access).await;
        assert_ne!(secret, forgotten, "{}", app.name);
        sign_in(&app, EMAIL).await;
        for wrong in [code(&app, &forgotten), other(&code(&app, &secret)), String::new()] {
            let input = json!({ "oneTimePassword": wrong });
            let answer = change(&app, &first.access, "twoFactorConfirm", &input, "twoFactor { recoveryCodes }").await;
            assert_eq!(answer.refused(), "INCORRECT", "{}: {}", app.name, answer.text);
        }
        let codes = confirm(&app, &first.access, &secret).await;
        assert_eq!(codes.len(), 10, "{}", app.name);
        let query = "{ viewer { account { hasTwoFactor } recoveryCodesLeft } }";
        let viewer = ask_with(&app, &first.access, query, &json!({})).await;
        assert_eq!(viewer.payload(), &json!({ "account": { "hasTwoFactor": true }, "recoveryCodesLeft": 10 }), "{}", app.name);
        assert_eq!(status_of(&app, &other_session.access).await, 401, "{}: whoever signed in without it is out", app.name);
        assert_eq!(try_sign_in(&app, EMAIL, PASSWORD, None).await.refused(), "TWO_FACTOR_REQUIRED", "{}", app.name);
        let again = change(&app, &first.access, "twoFactorBegin", &json!({ "password": PASSWORD }), "url").await;
        assert_eq!(again.refused(), "CONFLICT", "{}: there is one", app.name);
        let told = mailed(&app).await;
        assert!(told.len() == 1 && told[0].0 == EMAIL && told[0].1.ends_with("was turned on"), "{}: {told:?}", app.name);
    }
}

#[tokio::test]
async fn no_secret_is_stored_as_it_is() {
    for app in TestApp::both().await {
        app.statements();
        let (tokens, secret, codes) = with_second_factor(&app).await;
        let written = app.statements().iter().map(|statement| format!("{statement:?}").to_lowercase()).collect::<String>();
        assert!(written.contains("two_factor_secret") && written.contains("account_recovery_codes"), "{}", app.name);
        let bare = codes.iter().map(|code| code.replace('-', ""));
        let secrets = [secret.clone(), PASSWORD.to_owned(), tokens.refresh, tokens.access];
        let bytes = format!("{:?}", unspelled(&secret));
        let all = codes.iter().cloned().chain(bare).chain(secrets).chain([bytes.trim_matches(['[', ']']).to_owned()]);
        for secret in all {
            assert!(!written.contains(&secret.to_lowercase()), "{}: {secret} is in a statement", app.name);
        }
        let id = alliance::accounts::store::find_by_address(app.app.db().read(), EMAIL).await;
        let row = stored(&app, id.expect("the database answers").expect("there is the account").id).await;
        let sealed = row.two_factor_secret.expect("there is one");
        let raw = unspelled(&secret);
        assert!(
            sealed.len() > raw.len() && !sealed.windows(4).any(|some| raw.windows(4).any(|part| part == some)),
            "{}",
            app.name
        );
    }
}

#[tokio::test]
async fn who_has_a_second_factor_signs_in_with_a_code_that_counts_once() {
    for app in TestApp::both().await {
        let (_, secret, _) = with_second_factor(&app).await;
        let confirmed = code(&app, &secret);
        let missing = try_sign_in(&app, EMAIL, PASSWORD, None).await;
        assert_eq!(missing.payload()["userErrors"][0]["field"], json!(["input", "oneTimePassword"]), "{}", app.name);
        let replayed = try_sign_in(&app, EMAIL, PASSWORD, Some(&confirmed)).await;
        assert_eq!(replayed.refused(), "INCORRECT", "{}: it was used to confirm", app.name);
        let next = app.later(TimeDelta::seconds(30));
        let right = code(&next, &secret);
        for wrong in [other(&right), confirmed.clone(), String::new(), format!("{right}0")] {
            assert_eq!(try_sign_in(&next, EMAIL, PASSWORD, Some(&wrong)).await.refused(), "INCORRECT", "{}: {wrong}", app.name);
        }
        let password = "seven wrong lanterns over Sneinton";
        assert_eq!(try_sign_in(&next, EMAIL, password, Some(&right)).await.refused(), "INCORRECT", "{}", app.name);
        // A wrong password has not used it up. Of two who show it at once, one is let in.
        let next = next.later(TimeDelta::minutes(5));
        let right = code(&next, &secret);
        let both = join_all((0..2).map(|_| try_sign_in(&next, EMAIL, PASSWORD, Some(&right)))).await;
        let let_in = both.iter().filter(|answer| answer.payload()["accessToken"].is_string()).count();
        assert_eq!(let_in, 1, "{}: {} {}", app.name, both[0].text, both[1].text);
        assert_eq!(try_sign_in(&next, EMAIL, PASSWORD, Some(&right)).await.refused(), "INCORRECT", "{}", app.name);
        // The code of the step before counts no more, though it is within the leeway.
        let after = next.later(TimeDelta::seconds(60));
        let (older, newer) = (code(&next.later(TimeDelta::seconds(30)), &secret), code(&after, &secret));
        try_sign_in(&after, EMAIL, PASSWORD, Some(&newer)).await.done();
        assert_eq!(try_sign_in(&after, EMAIL, PASSWORD, Some(&older)).await.refused(), "INCORRECT", "{}", app.name);
    }
}

#[tokio::test]
async fn a_recovery_code_lets_its_owner_in_once() {
    for app in TestApp::both().await {
        let (_, _, codes) = with_second_factor(&app).await;
        joined(&app, "o.other@brassworks.example", &[]).await;
        let typed = codes[0].to_uppercase().replace('-', " ");
        let tokens = Tokens::of(&try_sign_in(&app, EMAIL, PASSWORD, Some(&typed)).await);
        let left = ask_with(&app, &tokens.access, "{ viewer { recoveryCodesLeft } }", &json!({})).await;
        assert_eq!(left.payload()["recoveryCodesLeft"], 9, "{}", app.name);
        assert_eq!(try_sign_in(&app, EMAIL, PASSWORD, Some(&codes[0])).await.refused(), "INCORRECT", "{}: once", app.name);
        let both = join_all((0..2).map(|_| try_sign_in(&app, EMAIL, PASSWORD, Some(&codes[1])))).await;
        let let_in = both.iter().filter(|answer| answer.payload()["accessToken"].is_string()).count();
        assert_eq!(let_in, 1, "{}: of two at once one is let in", app.name);
        let password = "seven wrong lanterns over Sneinton";
        assert_eq!(try_sign_in(&app, EMAIL, password, Some(&codes[2])).await.refused(), "INCORRECT", "{}", app.name);
        try_sign_in(&app, EMAIL, PASSWORD, Some(&codes[2])).await.done();
        assert_eq!(rows_of(&app, "account_recovery_codes WHERE used_at IS NULL").await, 7, "{}", app.name);
    }
}

#[tokio::test]
async fn a_second_factor_is_taken_away_by_password_and_code_together() {
    for app in TestApp::both().await {
        let (tokens, secret, codes) = with_second_factor(&app).await;
        mailed(&app).await;
        let next = app.later(TimeDelta::seconds(30));
        let right = code(&next, &secret);
        for (password, code) in [("wrong", right.as_str()), (PASSWORD, &other(&right)), (PASSWORD, ""), ("wrong", &codes[0])] {
            let input = json!({ "password": password, "oneTimePassword": code });
            let answer = change(&next, &tokens.access, "twoFactorDisable", &input, "account { id }").await;
            assert_eq!(answer.refused(), "INCORRECT", "{}: {password} {code}: {}", app.name, answer.text);
        }
        assert_eq!(try_sign_in(&next, EMAIL, PASSWORD, None).await.refused(), "TWO_FACTOR_REQUIRED", "{}", app.name);
        let input = json!({ "password": PASSWORD, "oneTimePassword": right });
        let gone = change(&next, &tokens.access, "twoFactorDisable", &input, "account { hasTwoFactor }").await;
        assert_eq!(gone.done()["account"]["hasTwoFactor"], false, "{}", app.name);
        try_sign_in(&next, EMAIL, PASSWORD, None).await.done();
        assert_eq!(rows_of(&next, "account_recovery_codes").await, 0, "{}", app.name);
        assert_eq!(rows_of(&next, "accounts WHERE two_factor_secret IS NOT NULL").await, 0, "{}", app.name);
        let told = mailed(&next).await;
        assert!(told.len() == 1 && told[0].1.ends_with("was turned off"), "{}: {told:?}", app.name);
        let input = json!({ "password": PASSWORD, "oneTimePassword": "123456" });
        for (field, select) in [("twoFactorDisable", "account { id }"), ("twoFactorBegin", "url")] {
            let input = if field == "twoFactorBegin" { json!({ "password": PASSWORD }) } else { input.clone() };
            assert_eq!(change(&next, "", field, &input, select).await.code(), "UNAUTHENTICATED", "{}: {field}", app.name);
        }
    }
}

#[tokio::test]
async fn a_shorter_password_will_do_beside_a_second_factor() {
    for app in TestApp::both().await {
        let (_, alone) = welcomed(&app, "o.other@brassworks.example", &[]).await;
        let (tokens, ..) = with_second_factor(&app).await;
        let input = json!({ "currentPassword": PASSWORD, "newPassword": "Xq7$kvz2!p" });
        let refused = change(&app, &alone.access, "passwordChange", &input, "account { id }").await;
        assert_eq!(refused.refused(), "WEAK", "{}: {}", app.name, refused.text);
        change(&app, &tokens.access, "passwordChange", &input, "account { id }").await.done();
        app.leave_jobs();
    }
}

#[tokio::test]
async fn staff_whose_alliance_wants_a_second_factor_are_staff_once_they_have_one() {
    let query = "{ viewer { roles { role } awaitingTwoFactor { slug } } }";
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, EMAIL, &[Role::Admin]).await;
        let (_, second) = welcomed(&app, "second@brassworks.example", &[Role::Admin, Role::Supporter]).await;
        let alliance = demo(&app).await.to_string();
        let secret = begin(&app, &admin.access).await;
        confirm(&app, &admin.access, &secret).await;
        let key = json!({ "alliance": alliance, "holder": "Derby", "scopes": ["CONTENT_READ"] });
        change(&app, &second.access, "apiKeyCreate", &key, "apiKey { id }").await.done();

        let input = json!({ "id": alliance, "version": 1, "twoFactorRequired": true });
        let refused =
            change(&app, &second.access, "allianceEdit", &json!({ "id": alliance, "version": 7 }), "alliance { id }").await;
        assert_eq!(refused.refused(), "CONFLICT", "{}: {}", app.name, refused.text);
        let refused = change(&app, &second.access, "allianceEdit", &input, "alliance { id }").await;
        assert_eq!(refused.refused(), "TWO_FACTOR_REQUIRED", "{}: nobody shuts themselves out: {}", app.name, refused.text);
        let edited = change(&app, &admin.access, "allianceEdit", &input, "alliance { twoFactorRequired version }").await;
        assert_eq!(edited.done()["alliance"], json!({ "twoFactorRequired": true, "version": 2 }), "{}", app.name);

        let viewer = ask_with(&app, &second.access, query, &json!({})).await;
        let awaiting = json!({ "roles": [{ "role": "SUPPORTER" }], "awaitingTwoFactor": [{ "slug": "nottingham-citizens" }] });
        assert_eq!(viewer.payload(), &awaiting, "{}: at once, and no less than a supporter's", app.name);
        for (field, input, select) in [
            ("apiKeyCreate", &key, "apiKey { id }"),
            ("allianceEdit", &json!({ "id": alliance, "version": 2, "twoFactorRequired": false }), "alliance { id }"),
        ] {
            let refused = change(&app, &second.access, field, input, select).await;
            assert_eq!(refused.code(), "FORBIDDEN", "{}: {field}: {}", app.name, refused.text);
        }
        let listed = ask_with(&app, &second.access, "{ apiKeys { totalCount } }", &json!({})).await;
        assert_eq!(listed.payload()["totalCount"], 0, "{}: {}", app.name, listed.text);

        let secret = begin(&app, &second.access).await;
        confirm(&app, &second.access, &secret).await;
        let viewer = ask_with(&app, &second.access, query, &json!({})).await;
        let whole = json!({ "roles": [{ "role": "ADMIN" }, { "role": "SUPPORTER" }], "awaitingTwoFactor": [] });
        assert_eq!(viewer.payload(), &whole, "{}: in the same session", app.name);
        change(&app, &second.access, "apiKeyCreate", &key, "apiKey { id }").await.done();
        app.leave_jobs();
    }
}
