//! What a sign-in needs of the door, on a schema made for these tests: it stands alone in its operation, its resolver learns who sent
//! it, and what it tells beside its answer reaches the browser, and only the right one.

#![expect(clippy::unused_async, reason = "resolvers are async, whether or not they wait")]

use alliance::client::Client;
use alliance::config::door::Documents;
use alliance::config::limits::Limits;
use alliance::context::Ask;
use alliance::document::audience::Audience;
use alliance::document::{Front, Settings};
use alliance::error::{Error, Result};
use alliance::server::body;
use alliance_tests::app::TestApp;
use async_graphql::{Context, EmptySubscription, Object, SDLExportOptions, Schema, ValidationMode};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};

struct Query;

#[Object]
impl Query {
    async fn cookie(&self, ctx: &Context<'_>) -> bool {
        ctx.client().refresh_token.is_some()
    }
    async fn sets(&self, ctx: &Context<'_>) -> bool {
        ctx.append_http_header("set-cookie", "a=b")
    }
}

struct Mutation;

#[Object]
impl Mutation {
    async fn sign_in(&self, ctx: &Context<'_>) -> String {
        ctx.append_http_header("set-cookie", format!("{}=secret; HttpOnly", ctx.client().cookie()));
        ctx.append_http_header("set-cookie", "other=1");
        said(ctx.client())
    }
    async fn other(&self) -> i32 {
        1
    }
    async fn often(&self) -> Result<i32> {
        Err(Error::RateLimited { what: "signing in", seconds: 30 })
    }
}

fn said(client: &Client) -> String {
    use secrecy::ExposeSecret;
    let token = client.refresh_token.as_ref().map_or("none", |token| token.expose_secret());
    format!("{} {} {:?} {:?} {token}", client.address, client.network(), client.source, client.user_agent)
}

fn front() -> Front<Schema<Query, Mutation, EmptySubscription>> {
    let executor = Schema::build(Query, Mutation, EmptySubscription).validation_mode(ValidationMode::Fast).finish();
    let sdl = executor.sdl_with_options(SDLExportOptions::new());
    let settings = Settings {
        sdl: &sdl,
        scalars: &[],
        weights: &[],
        alone: &["signIn"],
        limits: Limits::default(),
        documents: Documents::Automatic,
        manifest: None,
    };
    Front::new(executor, &settings).expect("the schema is one")
}

async fn apps(origins: &str) -> [TestApp; 2] {
    let set = |flags: &mut alliance::config::flags::Flags| {
        flags.allowed_origins = Some(origins.to_owned());
        flags.trusted_proxies = Some("127.0.0.1".to_owned());
    };
    TestApp::both_set(set).await.map(|app| app.serving(front()))
}

async fn ask(app: &TestApp, query: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, Value) {
    let request = Request::post("/graphql").header("content-type", "application/json").header("host", "api.example");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let body = Body::from(json!({ "query": query }).to_string());
    let (status, headers, text) = app.send(request.body(body).expect("this is a request")).await;
    (status, headers, serde_json::from_str(&text).expect("JSON"))
}

#[tokio::test]
async fn a_sign_in_is_the_only_field_of_its_operation() {
    let crowded = [
        "mutation { signIn other }",
        "mutation { other signIn }",
        "mutation { a: signIn b: signIn }",
        "mutation { a: signIn b: other }",
        "mutation { signIn __typename }",
        "mutation { ...F other } fragment F on Mutation { signIn }",
        "mutation { ... on Mutation { a: signIn } ...F } fragment F on Mutation { b: signIn }",
    ];
    for app in apps("none").await {
        for query in crowded {
            let (_, headers, answer) = ask(&app, query, &[]).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{}: {query}: {answer}", app.name);
            assert!(answer.get("data").is_none() && !headers.contains_key("set-cookie"), "{}: {query}: {answer}", app.name);
            assert!(answer["errors"][0]["message"].as_str().is_some_and(|message| message.contains("`signIn`")), "{answer}");
        }
        for query in [
            "mutation { signIn }",
            "mutation { a: signIn }",
            "mutation { signIn signIn ...F } fragment F on Mutation { signIn }",
            "mutation { signIn other @skip(if: true) }",
            "mutation { other again: other }",
        ] {
            assert!(ask(&app, query, &[]).await.2.get("errors").is_none(), "{}: {query}", app.name);
        }
    }
}

#[tokio::test]
async fn a_resolver_learns_who_sent_the_request_and_the_answer_carries_its_cookies() {
    let agent = format!("  Browser\u{9}{}", "x".repeat(500));
    let headers = [
        ("x-forwarded-for", "203.0.113.77"),
        ("user-agent", agent.as_str()),
        ("cookie", "a=b; __Host-alliance-refresh=token"),
        ("origin", "https://citizens.example"),
    ];
    for app in apps("none").await {
        let (status, answered, answer) = ask(&app, "mutation { signIn }", &headers).await;
        let said = format!("203.0.113.77 203.0.113.0/24 NamedPage Some(\"Browser{}\") token", "x".repeat(191));
        assert_eq!((status, &answer["data"]["signIn"]), (StatusCode::OK, &json!(said)), "{}", app.name);
        let set: Vec<_> = answered.get_all("set-cookie").iter().map(|value| value.to_str().expect("text")).collect();
        assert_eq!(set, ["__Host-alliance-refresh=secret; HttpOnly", "other=1"], "{}", app.name);
        assert_eq!(answered["cache-control"], "no-store", "{}", app.name);
        // What would be public is not, once it sets a cookie.
        let (_, answered, _) = app.get("/graphql?query=%7Bsets%7D", &[]).await;
        assert_eq!((&answered["cache-control"], answered.contains_key("etag")), (&"no-store".parse().unwrap(), false));
        let plain = ask(&app, "{ cookie }", &[("cookie", "alliance-refresh=token")]).await.2;
        assert_eq!(plain["data"]["cookie"], false, "{}: it is the cookie of another name", app.name);
    }
}

/// Headers, the status of the answer, and what the resolver says in the end.
type Case<'a> = (&'a [(&'a str, &'a str)], u16, Option<&'a str>);

#[tokio::test]
async fn the_cookie_is_of_no_use_to_a_foreign_page() {
    let cookie = ("cookie", "__Host-alliance-refresh=token");
    for app in apps("https://app.example").await {
        let cases: [Case; 9] = [
            (&[cookie, ("origin", "https://evil.example")], 403, None),
            (&[cookie, ("origin", "null")], 403, None),
            (&[cookie, ("sec-fetch-site", "cross-site")], 403, None),
            (&[cookie, ("sec-fetch-site", "same-site")], 403, None),
            (&[cookie, ("origin", "https://app.example"), ("sec-fetch-site", "cross-site")], 200, Some("NamedPage None token")),
            (&[cookie, ("origin", "http://api.example"), ("sec-fetch-site", "same-origin")], 200, Some("OwnPage None token")),
            (&[cookie, ("sec-fetch-site", "same-origin")], 200, Some("OwnPage None token")),
            (&[cookie], 200, Some("Program None token")),
            (&[cookie, cookie], 200, Some("Program None none")),
        ];
        for (headers, status, said) in cases {
            let (found, answered, answer) = ask(&app, "mutation { signIn }", headers).await;
            assert_eq!(found.as_u16(), status, "{}: {headers:?}: {answer}", app.name);
            let well = said.is_none_or(|said| answer["data"]["signIn"].as_str().is_some_and(|told| told.ends_with(said)));
            assert!(well, "{}: {headers:?}: {answer}", app.name);
            assert_eq!(answered.contains_key("set-cookie"), status == 200, "{}: {headers:?}", app.name);
            let named = headers.iter().any(|header| header.1 == "https://app.example");
            assert_eq!(answered.contains_key("access-control-allow-credentials"), named, "{}: {headers:?}", app.name);
        }
        let by_get = app.get("/graphql?query=%7Bcookie%7D", &[cookie]).await.2;
        assert_eq!(by_get, r#"{"data":{"cookie":false}}"#, "{}: a query has no use for it", app.name);
    }
}

#[tokio::test]
async fn where_all_pages_may_ask_none_of_them_has_the_cookie() {
    for app in apps("*").await {
        let headers = [("cookie", "__Host-alliance-refresh=token"), ("origin", "https://evil.example")];
        let (status, answered, answer) = ask(&app, "mutation { signIn }", &headers).await;
        assert_eq!(
            (status, &answered["access-control-allow-origin"]),
            (StatusCode::OK, &"https://evil.example".parse().unwrap())
        );
        assert!(!answered.contains_key("access-control-allow-credentials"), "{}: {answered:?}", app.name);
        assert!(answer["data"]["signIn"].as_str().is_some_and(|said| said.ends_with("AnyPage None none")), "{answer}");
    }
}

#[tokio::test]
async fn what_was_done_too_often_is_429_and_says_when_to_come_again() {
    for app in apps("none").await {
        let (status, headers, answer) = ask(&app, "mutation { often }", &[]).await;
        assert_eq!((status.as_u16(), &headers["retry-after"]), (429, &"30".parse().unwrap()), "{}: {answer}", app.name);
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RATE_LIMITED", "{answer}");
    }
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_refused_before_anything_of_the_body_is_read() {
    let endless = || Body::from_stream(futures_util::stream::pending::<Result<String, std::io::Error>>());
    for app in apps("none").await {
        for given in
            ["Bearer forged", "Bearer", "Bearer a b", "bearer \u{9}x", "Digest x", &format!("Bearer {}", "x".repeat(9_000))]
        {
            let request = Request::post("/graphql").header("content-type", "application/json").header("authorization", given);
            let (status, headers, _) = app.send(request.body(endless()).expect("this is a request")).await;
            assert_eq!(status, StatusCode::UNAUTHORIZED, "{}: {given}", app.name);
            assert_eq!(headers["www-authenticate"], "Bearer error=\"invalid_token\"", "{}: {given}", app.name);
        }
        let (status, ..) = ask(&app, "{ cookie }", &[("authorization", "Basic eDp5")]).await;
        assert_eq!(status, StatusCode::OK, "{}: what is meant for a proxy is none of ours", app.name);
    }
}

#[tokio::test]
async fn a_body_may_be_larger_where_somebody_is_signed_in() {
    let limits = Limits::default();
    for (audience, most) in [(Audience::Stranger, 65_536), (Audience::Member, 1_048_576), (Audience::Staff, 1_048_576)] {
        assert!(body::read(Body::from(vec![b' '; most]), audience, &limits).await.is_ok());
        let refusal = body::read(Body::from(vec![b' '; most + 1]), audience, &limits).await.expect_err("it is too large");
        assert_eq!((refusal.status, refusal.message.contains(&most.to_string())), (StatusCode::PAYLOAD_TOO_LARGE, true));
    }
}
