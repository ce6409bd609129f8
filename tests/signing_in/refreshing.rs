//! Refresh tokens: each is used once, whoever asks again too late was a thief or was robbed, and the session ends.

use std::collections::BTreeSet;

use alliance::access;
use alliance_entity::account;
use alliance_tests::app::TestApp;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::people::{Tokens, ask_with, change, mailed, refresh, rows_of, sign_in, status_of, store, stored, welcomed};

const EMAIL: &str = "w.farthingale@brassworks.example";

fn seconds(seconds: i64) -> TimeDelta {
    TimeDelta::seconds(seconds)
}

#[tokio::test]
async fn a_refresh_token_is_exchanged_for_the_next_pair_and_the_session_goes_on() {
    for app in TestApp::both().await {
        let (id, first) = welcomed(&app, EMAIL, &[]).await;
        let mut tokens = first.clone();
        let mut seen = BTreeSet::from([first.refresh.clone()]);
        for round in 1..=5 {
            let app = app.later(TimeDelta::days(20 * round));
            let answer = refresh(&app, &tokens.refresh).await;
            assert_eq!(answer.done()["viewer"]["id"], id.to_string(), "{}: {}", app.name, answer.text);
            assert!(!answer.headers.contains_key("set-cookie") && answer.header("cache-control") == "no-store", "{}", app.name);
            tokens = Tokens::of(&answer);
            assert!(seen.insert(tokens.refresh.clone()) && tokens.refresh.starts_with("alr_"), "{}", app.name);
            assert_eq!((status_of(&app, &tokens.access).await, status_of(&app, &first.access).await), (200, 401), "{}", app.name);
            let query = "{ viewer { sessions { isCurrent createdAt usedAt expiresAt } } }";
            let answer = ask_with(&app, &tokens.access, query, &json!({})).await;
            let session = only(&answer.payload()["sessions"]);
            let (used, ends) = (app.app.clock().now(), app.app.clock().now() + TimeDelta::days(30));
            let at = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
            let expected =
                json!({ "isCurrent": true, "createdAt": "2026-11-24T12:00:00Z", "usedAt": at(used), "expiresAt": at(ends) });
            assert_eq!(session, &expected, "{}: round {round}", app.name);
        }
        assert_eq!((rows_of(&app, "sessions").await, rows_of(&app, "refresh_tokens").await), (1, 6), "{}", app.name);
    }
}

fn only(list: &Value) -> &Value {
    let all = list.as_array().expect("it is a list");
    assert_eq!(all.len(), 1, "{list}");
    &all[0]
}

#[tokio::test]
async fn ten_who_refresh_one_token_at_once_share_one_session_and_one_next_token() {
    for app in TestApp::both().await {
        let (_, first) = welcomed(&app, EMAIL, &[]).await;
        let mut token = first.refresh;
        for _ in 0..3 {
            let answers = join_all((0..10).map(|_| refresh(&app, &token))).await;
            let all: Vec<Tokens> = answers.iter().map(Tokens::of).collect();
            let next: BTreeSet<&str> = all.iter().map(|tokens| tokens.refresh.as_str()).collect();
            assert_eq!(next.len(), 1, "{}: {next:?}", app.name);
            for tokens in &all {
                assert_eq!(status_of(&app, &tokens.access).await, 200, "{}", app.name);
            }
            assert_ne!(all[0].refresh, token, "{}", app.name);
            token = all[0].refresh.clone();
        }
        assert_eq!((rows_of(&app, "sessions").await, rows_of(&app, "refresh_tokens").await), (1, 4), "{}", app.name);
        let live = rows_of(&app, "refresh_tokens WHERE replaced_at IS NULL").await;
        assert_eq!((live, mailed(&app).await.len()), (1, 0), "{}: nobody was taken for a thief", app.name);
    }
}

#[tokio::test]
async fn an_answer_that_was_lost_can_be_asked_for_again_within_ten_seconds() {
    for app in TestApp::both().await {
        let (_, first) = welcomed(&app, EMAIL, &[]).await;
        let second = Tokens::of(&refresh(&app, &first.refresh).await);
        let late = app.later(seconds(10));
        assert_eq!(Tokens::of(&refresh(&late, &first.refresh).await).refresh, second.refresh, "{}", app.name);
        // Who is behind by two is led to the one that is valid.
        let third = Tokens::of(&refresh(&late, &second.refresh).await);
        assert_eq!(Tokens::of(&refresh(&late, &first.refresh).await).refresh, third.refresh, "{}", app.name);
        assert_eq!(status_of(&late, &third.access).await, 200, "{}", app.name);
        assert_eq!(mailed(&late).await.len(), 0, "{}", app.name);
    }
}

#[tokio::test]
async fn a_token_that_comes_again_later_ends_its_session_and_its_owner_is_told() {
    for app in TestApp::both().await {
        let (_, robbed) = welcomed(&app, EMAIL, &[]).await;
        let other = sign_in(&app, EMAIL).await;
        let thief = Tokens::of(&refresh(&app, &robbed.refresh).await);
        let late = app.later(seconds(11));
        assert_eq!(status_of(&late, &thief.access).await, 200, "{}", app.name);
        let answer = refresh(&late, &robbed.refresh).await;
        assert_eq!((answer.code(), answer.body["data"].is_null()), ("UNAUTHENTICATED", true), "{}: {}", app.name, answer.text);
        // On this node at once, and on another as soon as it reads the rights again.
        assert_eq!([status_of(&late, &thief.access).await, status_of(&late, &robbed.access).await], [401, 401], "{}", app.name);
        assert_eq!(status_of(&late.later(seconds(0)), &thief.access).await, 401, "{}", app.name);
        for token in [&thief.refresh, &robbed.refresh, &thief.refresh] {
            assert_eq!(refresh(&late, token).await.code(), "UNAUTHENTICATED", "{}", app.name);
        }
        assert_eq!(status_of(&late, &other.access).await, 200, "{}: the other session goes on", app.name);
        let told = mailed(&late).await;
        assert_eq!(told.len(), 1, "{}: once: {told:?}", app.name);
        let (to, subject) = &told[0];
        assert!(to == EMAIL && subject.starts_with("You were signed out of "), "{}: {told:?}", app.name);
        assert!(access::is_changed_by("SessionEnded"), "other nodes are told by this event");
        assert_eq!(rows_of(&late, "outbox WHERE kind = 'SessionEnded'").await, 1, "{}", app.name);
        assert_eq!(rows_of(&late, "audit_entries WHERE action = 'tokenRefresh'").await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn what_is_no_valid_refresh_token_gets_nothing_and_changes_nothing() {
    for app in TestApp::both().await {
        let (_, tokens) = welcomed(&app, EMAIL, &[]).await;
        for token in ["", "alr_", "alr_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &tokens.access, &tokens.refresh[..46]] {
            let answer = refresh(&app, token).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (200, "UNAUTHENTICATED"), "{}: {token}", app.name);
        }
        let without = change(&app, "", "tokenRefresh", &json!({}), "accessToken").await;
        assert_eq!(without.code(), "UNAUTHENTICATED", "{}: {}", app.name, without.text);
        assert_eq!(ask_with(&app, &tokens.refresh, "{ viewer { id } }", &json!({})).await.status.as_u16(), 401, "{}", app.name);
        assert_eq!(rows_of(&app, "refresh_tokens").await, 1, "{}", app.name);
        Tokens::of(&refresh(&app, &tokens.refresh).await);
    }
}

#[tokio::test]
async fn a_session_that_nobody_used_for_thirty_days_is_over() {
    for app in TestApp::both().await {
        let (_, tokens) = welcomed(&app, EMAIL, &[]).await;
        let (before, after) = (app.later(TimeDelta::days(30) - seconds(1)), app.later(TimeDelta::days(30)));
        assert_eq!(refresh(&after, &tokens.refresh).await.code(), "UNAUTHENTICATED", "{}", app.name);
        let next = Tokens::of(&refresh(&before, &tokens.refresh).await);
        assert_eq!(status_of(&before, &next.access).await, 200, "{}", app.name);
        // Refreshing keeps it going for thirty days more.
        let much_later = before.later(TimeDelta::days(29));
        Tokens::of(&refresh(&much_later, &next.refresh).await);
    }
}

#[tokio::test]
async fn the_refresh_token_of_an_account_that_was_disabled_is_not_valid() {
    for app in TestApp::both().await {
        let (id, tokens) = welcomed(&app, EMAIL, &[]).await;
        let row = stored(&app, id).await;
        let now = app.app.clock().now();
        store(&app, account::Model { disabled_at: Some(now), ..row.clone() }).await;
        assert_eq!(refresh(&app, &tokens.refresh).await.code(), "UNAUTHENTICATED", "{}", app.name);
        // On a node that has not read the rights yet.
        assert_eq!(status_of(&app.later(seconds(0)), &tokens.access).await, 401, "{}", app.name);
        assert_eq!(rows_of(&app, "refresh_tokens").await, 1, "{}", app.name);
    }
}
