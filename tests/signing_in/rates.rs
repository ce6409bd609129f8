//! How often somebody may try: what is too often is refused with when to come again, and nobody is shut out of their account.

use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::people::{Answer, PASSWORD, SIGN_IN, ask, change, joined, rows_of, try_sign_in, welcomed};

const EMAIL: &str = "w.farthingale@brassworks.example";
const WRONG: &str = "seven wrong lanterns over Sneinton";

/// That it was too often, and how many seconds to wait; each way of telling says the same.
pub(super) fn wait(app: &TestApp, answer: &Answer) -> u64 {
    assert_eq!((answer.status.as_u16(), answer.code()), (429, "RATE_LIMITED"), "{}: {}", app.name, answer.text);
    let seconds = answer.body["errors"][0]["extensions"]["retryAfter"].as_u64().expect("it says when to come again");
    assert_eq!(answer.header("retry-after"), seconds.to_string(), "{}: {}", app.name, answer.text);
    assert!(answer.body.get("data").is_none_or(Value::is_null) && answer.header("cache-control") == "no-store", "{}", app.name);
    seconds
}

/// Tries to sign in from an address, behind a proxy that is trusted.
async fn from(app: &TestApp, address: &str, email: &str, password: &str) -> Answer {
    let input = json!({ "email": email, "password": password });
    ask(app, &[("x-forwarded-for", address)], SIGN_IN, &json!({ "input": input })).await
}

async fn apps() -> [TestApp; 2] {
    TestApp::both_set(|flags| flags.trusted_proxies = Some("127.0.0.1".to_owned())).await
}

#[tokio::test]
async fn an_address_may_try_to_sign_in_ten_times_a_minute_whoever_it_says_it_is() {
    for app in apps().await {
        joined(&app, EMAIL, &[]).await;
        for number in 0..10 {
            let answer = from(&app, "192.0.2.7", &format!("{number}@brassworks.example"), WRONG).await;
            assert_eq!(answer.refused(), "INCORRECT", "{}: {number}: {}", app.name, answer.text);
        }
        let before = app.app.passwords().load().begun;
        assert_eq!(wait(&app, &from(&app, "192.0.2.7", EMAIL, PASSWORD).await), 6, "{}", app.name);
        assert_eq!(app.app.passwords().load().begun, before, "{}: nothing is hashed for it", app.name);
        from(&app, "192.0.2.8", EMAIL, PASSWORD).await.done();
        let later = app.later(TimeDelta::seconds(6));
        from(&later, "192.0.2.7", EMAIL, PASSWORD).await.done();
        assert_eq!(wait(&app, &from(&later, "192.0.2.7", EMAIL, PASSWORD).await), 6, "{}", app.name);
    }
}

#[tokio::test]
async fn the_addresses_that_one_customer_has_of_ipv6_are_counted_as_one() {
    for app in apps().await {
        for number in 0..10 {
            let (address, email) = (format!("2001:db8:1:2:{number}::7"), format!("{number}@brassworks.example"));
            assert_eq!(from(&app, &address, &email, WRONG).await.refused(), "INCORRECT", "{}: {number}", app.name);
        }
        assert_eq!(wait(&app, &from(&app, "2001:db8:1:2:ffff::1", EMAIL, WRONG).await), 6, "{}", app.name);
        assert_eq!(from(&app, "2001:db8:1:3::1", EMAIL, WRONG).await.refused(), "INCORRECT", "{}", app.name);
    }
}

#[tokio::test]
async fn an_account_is_tried_ten_times_and_then_once_in_thirty_seconds_and_never_locked() {
    for app in apps().await {
        joined(&app, EMAIL, &[]).await;
        for email in [EMAIL, "nobody@brassworks.example"] {
            for number in 0..10 {
                // However it is written, and from wherever.
                let email = if number % 2 == 0 { email.to_uppercase() } else { format!(" {email}") };
                let answer = from(&app, &format!("192.0.2.{number}"), &email, WRONG).await;
                assert_eq!(answer.refused(), "INCORRECT", "{}: {number}: {}", app.name, answer.text);
            }
            assert_eq!(wait(&app, &from(&app, "192.0.2.200", email, PASSWORD).await), 30, "{}: {email}", app.name);
        }
        assert_eq!(
            wait(&app, &from(&app.later(TimeDelta::seconds(29)), "192.0.2.201", EMAIL, PASSWORD).await),
            1,
            "{}",
            app.name
        );
        let later = app.later(TimeDelta::seconds(30));
        from(&later, "192.0.2.202", EMAIL, PASSWORD).await.done();
        assert_eq!(wait(&app, &from(&later, "203.0.113.1", EMAIL, PASSWORD).await), 30, "{}", app.name);
        // Somebody who goes on guessing takes turns, but what is refused costs none.
        let later = app.later(TimeDelta::seconds(60));
        from(&later, "203.0.113.1", EMAIL, PASSWORD).await.done();
        // Where somebody has signed in before, others' guesses from elsewhere hold nobody up, and nobody guesses more either.
        for number in 0..10 {
            let answer = from(&later, "192.0.2.9", EMAIL, if number < 9 { WRONG } else { PASSWORD }).await;
            assert_eq!(answer.status.as_u16(), 200, "{}: {number}: {}", app.name, answer.text);
        }
        assert_eq!(wait(&app, &from(&later, "192.0.2.10", EMAIL, PASSWORD).await), 30, "{}", app.name);
    }
}

#[tokio::test]
async fn whoever_holds_a_session_guesses_its_password_no_faster() {
    for app in TestApp::both().await {
        let (_, tokens) = welcomed(&app, EMAIL, &[]).await;
        let tries = [
            ("passwordChange", json!({ "currentPassword": WRONG, "newPassword": PASSWORD }), "account { id }"),
            ("twoFactorBegin", json!({ "password": WRONG }), "url"),
            ("twoFactorDisable", json!({ "password": WRONG, "oneTimePassword": "123456" }), "account { id }"),
            ("accountEmailChange", json!({ "password": WRONG, "email": "new@brassworks.example" }), "accepted"),
        ];
        for number in 0..10 {
            let (field, input, select) = &tries[number % tries.len()];
            let answer = change(&app, &tokens.access, field, input, select).await;
            assert_eq!(answer.refused(), "INCORRECT", "{}: {number}: {}", app.name, answer.text);
        }
        for (field, input, select) in &tries {
            assert_eq!(wait(&app, &change(&app, &tokens.access, field, input, select).await), 30, "{}: {field}", app.name);
        }
        // Who has no session cannot use that up, nor the other way round.
        try_sign_in(&app, EMAIL, PASSWORD, None).await.done();
    }
}

#[tokio::test]
async fn an_address_gets_sixty_tokens_for_visitors_an_hour() {
    for app in TestApp::both().await {
        let app = app.with(|config| config.limits.rate_mutations = 1_000);
        let five = "mutation { a: visitorTokenCreate { userErrors { code } } b: visitorTokenCreate { userErrors { code } }
            c: visitorTokenCreate { userErrors { code } } d: visitorTokenCreate { userErrors { code } }
            e: visitorTokenCreate { userErrors { code } } }";
        for _ in 0..12 {
            let answer = ask(&app, &[], five, &json!({})).await;
            assert!(answer.body.get("errors").is_none(), "{}: {}", app.name, answer.text);
        }
        assert_eq!(
            wait(&app, &change(&app, "", "visitorTokenCreate", &json!({}), "visitorToken { token }").await),
            60,
            "{}",
            app.name
        );
        let later = app.later(TimeDelta::seconds(60));
        change(&later, "", "visitorTokenCreate", &json!({}), "visitorToken { token }").await.done();
    }
}

#[tokio::test]
async fn whoever_it_is_makes_sixty_changes_a_minute_however_many_come_together() {
    let two = "mutation { a: signOut { session } b: signOut { session } }";
    for app in TestApp::both().await {
        let (_, tokens) = welcomed(&app, EMAIL, &[]).await;
        let (_, other) = welcomed(&app, "o.other@brassworks.example", &[]).await;
        let bearer = format!("Bearer {}", tokens.access);
        let ask_once = async |app: &TestApp, query: &str| ask(app, &[("authorization", &bearer)], query, &json!({})).await;
        // Each is refused for itself, and counts all the same.
        let nothing = "mutation { a: sessionRevoke(input: { session: \"session_00000000000000000000000001\" }) { session }
            b: sessionRevoke(input: { session: \"session_00000000000000000000000001\" }) { session } }";
        for number in 0..29 {
            assert_eq!(ask_once(&app, nothing).await.code(), "NOT_FOUND", "{}: {number}", app.name);
        }
        let one = "mutation { sessionRevoke(input: { session: \"session_00000000000000000000000001\" }) { session } }";
        assert_eq!(ask_once(&app, one).await.code(), "NOT_FOUND", "{}", app.name);
        app.statements();
        assert_eq!(wait(&app, &ask_once(&app, two).await), 1, "{}: one is left, and two are asked for", app.name);
        assert_eq!(ask_once(&app, one).await.code(), "NOT_FOUND", "{}: the one", app.name);
        assert_eq!(wait(&app, &ask_once(&app, one).await), 1, "{}", app.name);
        assert_eq!(rows_of(&app, "sessions WHERE ended_at IS NOT NULL").await, 0, "{}: nothing was executed", app.name);
        assert_eq!(ask_once(&app, "{ viewer { id } }").await.status.as_u16(), 200, "{}: reading is no change", app.name);
        let out = change(&app, &other.access, "signOutEverywhere", &json!({ "keepCurrent": true }), "sessions").await;
        assert_eq!(out.done()["sessions"], 0, "{}: others are not held up", app.name);
        assert_eq!(ask_once(&app.later(TimeDelta::seconds(1)), one).await.code(), "NOT_FOUND", "{}", app.name);
    }
}
