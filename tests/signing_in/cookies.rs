//! Sessions whose refresh token a browser keeps in a cookie: no script reads it, and no other site can use it.

use alliance_tests::app::TestApp;
use axum::http::HeaderMap;
use chrono::TimeDelta;
use serde_json::json;

use crate::people::{Answer, PASSWORD, SIGN_IN, Tokens, ask, joined, mailed, rows_of, status_of};

const EMAIL: &str = "w.farthingale@brassworks.example";
const NAME: &str = "__Host-alliance-refresh";
const OWN: (&str, &str) = ("origin", "https://citizens.example");
const REFRESH: &str = "mutation { tokenRefresh(input: {}) { accessToken refreshToken viewer { kind } userErrors { code } } }";
const SIGN_OUT: &str = "mutation { signOut { session userErrors { code } } }";

fn cookies(headers: &HeaderMap) -> Vec<&str> {
    headers.get_all("set-cookie").iter().map(|value| value.to_str().expect("it is text")).collect()
}

/// The cookie that an answer sets, as a browser sends it back, and what it says of it.
fn set(answer: &Answer) -> (String, Vec<String>) {
    let all = cookies(&answer.headers);
    assert_eq!(all.len(), 1, "{all:?}: {}", answer.text);
    let mut parts = all[0].split("; ");
    let pair = parts.next().expect("a cookie has a value").to_owned();
    let mut attributes: Vec<String> = parts.map(str::to_owned).collect();
    attributes.sort();
    (pair, attributes)
}

async fn sign_in(app: &TestApp, headers: &[(&str, &str)]) -> Answer {
    let input = json!({ "email": EMAIL, "password": PASSWORD, "cookie": true });
    ask(app, headers, SIGN_IN, &json!({ "input": input })).await
}

#[tokio::test]
async fn the_cookie_is_for_the_server_alone_and_the_answer_does_not_hold_the_token() {
    for app in TestApp::both().await {
        joined(&app, EMAIL, &[]).await;
        let answer = sign_in(&app, &[OWN]).await;
        let (pair, attributes) = set(&answer);
        assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Strict", "Secure"], "{}", app.name);
        let (name, token) = pair.split_once('=').expect("it is a pair");
        assert!(name == NAME && token.starts_with("alr_") && token.len() == 47, "{}: {pair}", app.name);
        assert!(answer.done()["refreshToken"].is_null() && !answer.text.contains("alr_"), "{}: {}", app.name, answer.text);
        assert_eq!(status_of(&app, &Tokens::of(&answer).access).await, 200, "{}", app.name);
        assert_eq!(answer.header("cache-control"), "no-store", "{}", app.name);
    }
    // Without TLS no browser takes the prefix, or keeps what is `Secure`.
    for app in TestApp::both_set(|flags| flags.public_url = Some("http://127.0.0.1:8080".to_owned())).await {
        joined(&app, EMAIL, &[]).await;
        let (pair, attributes) = set(&sign_in(&app, &[]).await);
        assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Strict"], "{}", app.name);
        assert!(pair.starts_with("alliance-refresh=alr_"), "{}: {pair}", app.name);
        assert_eq!(
            ask(&app, &[("cookie", &pair)], REFRESH, &json!({})).await.done()["viewer"]["kind"],
            "ACCOUNT",
            "{}",
            app.name
        );
    }
}

#[tokio::test]
async fn our_own_pages_and_those_that_are_named_refresh_by_the_cookie_and_get_the_next_one() {
    let set_origins = |flags: &mut alliance::config::flags::Flags| {
        flags.allowed_origins = Some("https://app.example".to_owned());
        flags.trusted_proxies = Some("127.0.0.1".to_owned());
    };
    for app in TestApp::both_set(set_origins).await {
        joined(&app, EMAIL, &[]).await;
        let (mut kept, _) = set(&sign_in(&app, &[OWN]).await);
        let pages: [&[(&str, &str)]; 5] = [
            &[OWN, ("sec-fetch-site", "same-origin")],
            &[("origin", "https://app.example"), ("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "https://api.example"), ("host", "api.example"), ("x-forwarded-proto", "https")],
            &[],
        ];
        for page in pages {
            let headers = [page, &[("cookie", kept.as_str())]].concat();
            let answer = ask(&app, &headers, REFRESH, &json!({})).await;
            let (next, attributes) = set(&answer);
            assert!(next != kept && next.starts_with(NAME) && attributes.len() == 5, "{}: {page:?}: {next}", app.name);
            assert!(answer.done()["refreshToken"].is_null() && !answer.text.contains("alr_"), "{}: {}", app.name, answer.text);
            assert_eq!(status_of(&app, &Tokens::of(&answer).access).await, 200, "{}: {page:?}", app.name);
            kept = next;
        }
        assert_eq!(rows_of(&app, "sessions").await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn a_page_of_another_site_can_use_the_cookie_for_nothing() {
    for app in TestApp::both_set(|flags| flags.allowed_origins = Some("https://app.example".to_owned())).await {
        joined(&app, EMAIL, &[]).await;
        let (kept, _) = set(&sign_in(&app, &[OWN]).await);
        let pages: [&[(&str, &str)]; 6] = [
            &[("origin", "https://evil.example")],
            &[("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
            &[("origin", "null")],
            &[("origin", "https://citizens.example.evil.example")],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
        ];
        for page in pages {
            for query in [REFRESH, SIGN_OUT] {
                app.statements();
                let answer = ask(&app, &[page, &[("cookie", kept.as_str())]].concat(), query, &json!({})).await;
                assert_eq!((answer.status.as_u16(), answer.code()), (403, "FORBIDDEN"), "{}: {page:?}", app.name);
                assert!(cookies(&answer.headers).is_empty() && app.statements().is_empty(), "{}: {page:?}", app.name);
                assert!(!answer.headers.contains_key("access-control-allow-origin"), "{}: {page:?}", app.name);
            }
            let answer = sign_in(&app, page).await;
            assert_eq!((answer.status.as_u16(), cookies(&answer.headers).len()), (403, 0), "{}: {page:?}", app.name);
        }
        // Nor by what needs no leave: a form, or a link.
        let form = app.post("application/x-www-form-urlencoded", b"query=x".to_vec()).await.0;
        let link =
            format!("/graphql?query={}", percent_encoding::utf8_percent_encode(SIGN_OUT, percent_encoding::NON_ALPHANUMERIC));
        let linked = app.get(&link, &[("cookie", &kept), ("sec-fetch-site", "cross-site")]).await.0;
        assert_eq!((form.as_u16(), linked.as_u16()), (415, 405), "{}", app.name);
        ask(&app, &[OWN, ("cookie", &kept)], REFRESH, &json!({})).await.done();
    }
}

#[tokio::test]
async fn where_every_page_may_ask_none_refreshes_by_the_cookie() {
    for app in TestApp::both_set(|flags| flags.allowed_origins = Some("*".to_owned())).await {
        joined(&app, EMAIL, &[]).await;
        let (kept, _) = set(&sign_in(&app, &[OWN]).await);
        let page = [("origin", "https://evil.example"), ("cookie", kept.as_str())];
        for query in [REFRESH, SIGN_OUT] {
            let answer = ask(&app, &page, query, &json!({})).await;
            assert_eq!((answer.code(), cookies(&answer.headers).len()), ("UNAUTHENTICATED", 0), "{}: {query}", app.name);
        }
        ask(&app, &[OWN, ("cookie", &kept)], REFRESH, &json!({})).await.done();
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_of_the_cookie_and_lets_the_browser_forget_it() {
    for app in TestApp::both().await {
        joined(&app, EMAIL, &[]).await;
        let answer = sign_in(&app, &[OWN]).await;
        let (access, (kept, _)) = (Tokens::of(&answer).access, set(&answer));
        let out = ask(&app, &[OWN, ("cookie", &kept)], SIGN_OUT, &json!({})).await;
        assert!(out.done()["session"].as_str().is_some_and(|id| id.starts_with("session_")), "{}: {}", app.name, out.text);
        let (pair, attributes) = set(&out);
        assert_eq!(pair, format!("{NAME}="), "{}", app.name);
        assert_eq!(attributes, ["HttpOnly", "Max-Age=0", "Path=/", "SameSite=Strict", "Secure"], "{}", app.name);
        assert_eq!(status_of(&app, &access).await, 401, "{}", app.name);
        let again = ask(&app, &[OWN, ("cookie", &kept)], REFRESH, &json!({})).await;
        assert_eq!((again.code(), cookies(&again.headers).len()), ("UNAUTHENTICATED", 0), "{}: {}", app.name, again.text);
    }
}

#[tokio::test]
async fn a_cookie_that_was_used_up_ends_its_session_as_any_other_token_does() {
    for app in TestApp::both().await {
        joined(&app, EMAIL, &[]).await;
        let (kept, _) = set(&sign_in(&app, &[OWN]).await);
        let next = ask(&app, &[OWN, ("cookie", &kept)], REFRESH, &json!({})).await;
        let (late, token) = (app.later(TimeDelta::seconds(11)), Tokens::of(&next).access);
        let reused = ask(&late, &[OWN, ("cookie", &kept)], REFRESH, &json!({})).await;
        assert_eq!((reused.code(), cookies(&reused.headers).len()), ("UNAUTHENTICATED", 0), "{}", app.name);
        assert_eq!((status_of(&late, &token).await, mailed(&late).await.len()), (401, 1), "{}", app.name);
    }
}
