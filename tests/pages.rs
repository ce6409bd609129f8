//! What a browser is shown: the front page, the explorer, and the files that are looked for at every site.

use alliance::server::accept::prefers;
use alliance::server::pages::explorer::{leads, led};
use alliance_tests::app::TestApp;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Value, json};

use crate::plant;

const JSON: [(&str, &str); 1] = [("accept", "application/json")];
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";
/// Every address of ours that is no GraphQL.
const ADDRESSES: [(&str, &str); 8] = [
    ("/", "text/html; charset=utf-8"),
    ("/explorer", "text/html; charset=utf-8"),
    ("/robots.txt", "text/plain; charset=utf-8"),
    ("/.well-known/security.txt", "text/plain; charset=utf-8"),
    ("/favicon.ico", "image/x-icon"),
    ("/assets/favicon.svg", "image/svg+xml"),
    ("/assets/page.css", "text/css; charset=utf-8"),
    ("/assets/explorer/graphiql.min.js", "text/javascript; charset=utf-8"),
];

fn accepting(accept: &'static str) -> HeaderMap {
    HeaderMap::from_iter([(header::ACCEPT, HeaderValue::from_static(accept))])
}

/// What stands between each `before` and the next `after`.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

async fn told(app: &TestApp) -> Value {
    let (_, headers, body) = app.get("/", &JSON).await;
    assert_eq!(headers["content-type"], "application/json", "{}", app.name);
    serde_json::from_str(&body).expect("it is JSON")
}

#[tokio::test]
async fn the_front_page_says_what_this_is_and_how_it_fares() {
    for app in TestApp::both().await {
        let (status, headers, page) = app.get("/", &[("accept", BROWSER)]).await;
        assert_eq!(status, StatusCode::OK, "{}", app.name);
        assert_eq!(headers["vary"], "Accept");
        let said = [
            "<html lang=\"en\">",
            app.name,
            env!("CARGO_PKG_VERSION"),
            "The database answers",
            "<time datetime=\"2015-04-28T15:00:00Z\">28 April 2015, 15:00 UTC</time>",
            "As of <time datetime=\"2026-11-24T12:00:00Z\">",
            "<strong>1</strong> alliance<",
            "<strong>36</strong> institutions",
            "<strong>5</strong> campaigns",
            "<strong>3</strong> events",
            "<strong>4</strong> posts",
            "href=\"explorer\"",
            "href=\"schema.graphql\"",
            "href=\"readyz\"",
            "href=\"version\"",
            "curl https://citizens.example/graphql",
        ];
        for words in said {
            assert!(page.contains(words), "{}: `{words}` is missing: {page}", app.name);
        }
        for nothing in ["<script", "style=", "onclick", "http://"] {
            assert!(!page.contains(nothing), "{}: {nothing}", app.name);
        }
    }
}

#[tokio::test]
async fn the_front_page_is_json_for_who_prefers_it() {
    for app in TestApp::both().await {
        let expected = json!({
            "name": "alliance",
            "version": env!("CARGO_PKG_VERSION"),
            "status": "ok",
            "database": { "kind": app.name, "answers": true },
            "lastPublishedAt": "2015-04-28T15:00:00Z",
            "content": {
                "alliances": 1, "institutions": 36, "campaigns": 5, "events": 3, "posts": 4, "asOf": "2026-11-24T12:00:00Z",
            },
            "links": {
                "graphql": "https://citizens.example/graphql",
                "explorer": "https://citizens.example/explorer",
                "schema": "https://citizens.example/schema.graphql",
                "readiness": "https://citizens.example/readyz",
                "version": "https://citizens.example/version",
            },
        });
        assert_eq!(told(&app).await, expected, "{}", app.name);
    }
}

#[tokio::test]
async fn the_front_page_counts_what_a_stranger_may_read() {
    for app in TestApp::both().await {
        let before = told(&app).await;
        plant::hidden(&app).await;
        assert_eq!(told(&app.with(|_| ())).await, before, "{}", app.name);
        plant::published(&app).await;
        let content = told(&app.with(|_| ())).await["content"].take();
        let counts = ["institutions", "campaigns", "events", "posts"].map(|kind| content[kind].as_i64());
        assert_eq!(counts, [Some(37), Some(6), Some(4), Some(5)], "{}", app.name);
    }
}

#[tokio::test]
async fn many_visitors_cost_the_database_as_much_as_one() {
    for app in TestApp::both().await {
        app.statements();
        app.get("/", &[]).await;
        assert_eq!(app.statements().len(), 6, "{}", app.name);
        for _ in 0..20 {
            app.get("/", &JSON).await;
        }
        let counting = app.statements().into_iter().filter(|statement| statement.sql.contains("COUNT(*)")).count();
        assert_eq!(counting, 0, "{}", app.name);
    }
}

#[tokio::test]
async fn without_its_database_the_front_page_says_so() {
    for app in TestApp::both().await {
        app.app.db().clone().close().await.expect("the connections can be closed");
        let (status, headers, page) = app.get("/", &[]).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{}", app.name);
        assert!(
            headers.contains_key("retry-after") && headers.contains_key("content-security-policy"),
            "{}: {headers:?}",
            app.name
        );
        assert!(page.contains("does not answer") && page.contains("</html>") && page.contains(app.name), "{}: {page}", app.name);
        let (status, _, body) = app.get("/", &JSON).await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{}", app.name);
        let said: Value = serde_json::from_str(&body).expect("it is JSON");
        assert_eq!(said["status"], "unavailable", "{}: {said}", app.name);
        assert_eq!((&said["database"]["answers"], &said["content"]), (&json!(false), &Value::Null), "{}: {said}", app.name);
    }
}

#[test]
fn the_weights_of_accept_decide() {
    let json = |accept| prefers(&accepting(accept), "application/json", "text/html");
    let likes = [
        "application/json",
        "application/json, */*",
        "text/html;q=0.8, application/json",
        "application/*",
        "*/*;q=0.001, text/html;q=0",
    ];
    for accept in likes {
        assert!(json(accept), "{accept}");
    }
    let others = [
        "*/*",
        "text/html",
        "application/json;q=0.5, text/html",
        "application/json;q=0, */*",
        "text/*",
        "",
        "application/json;q=high",
        BROWSER,
    ];
    for accept in others {
        assert!(!json(accept), "{accept}");
    }
    assert!(!prefers(&HeaderMap::new(), "application/json", "text/html"));
}

#[tokio::test]
async fn the_explorer_runs_no_script_but_its_own() {
    let [app, _] = TestApp::both().await;
    let (status, headers, page) = app.get("/explorer", &[]).await;
    assert_eq!(status, StatusCode::OK);
    let policy = headers["content-security-policy"].to_str().expect("it is text");
    for part in ["default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"] {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval") && !policy.contains("http"), "{policy}");
    let nonce = between(&page, "nonce=\"", "\"");
    assert!(nonce.len() == 1 && policy.contains(&format!("'nonce-{}'", nonce[0])), "{nonce:?}: {policy}");
    let (_, _, again) = app.get("/explorer", &[]).await;
    assert_ne!(nonce, between(&again, "nonce=\"", "\""), "a nonce is given twice");
    assert_eq!(headers["cache-control"], "no-store");
    assert!(between(&page, "<script", "</script>").iter().all(|script| script.ends_with('>')), "a script stands in the page");
    let files: Vec<&str> =
        [" src=\"", "<link rel=\"stylesheet\" href=\""].iter().flat_map(|name| between(&page, name, "\"")).collect();
    assert_eq!(files.len(), 7, "{files:?}");
    for file in files {
        let (status, headers, _) = app.get(&format!("/{file}"), &[]).await;
        assert_eq!(
            (status, &headers["cache-control"]),
            (StatusCode::OK, &HeaderValue::from_static("public, max-age=31536000, immutable")),
            "{file}"
        );
    }
}

#[tokio::test]
async fn an_explorer_that_is_turned_off_is_nowhere() {
    let [app, _] = TestApp::both().await;
    let off = app.with(|config| config.explorer = false);
    let (status, _, page) = off.get("/explorer", &[]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(page.contains("turned off") && page.contains("</html>"), "{page}");
    assert!(!off.get("/", &[]).await.2.contains("explorer"));
    assert_eq!(told(&off).await["links"]["explorer"], Value::Null);
    assert!(led(&off.app, &accepting(BROWSER), None).is_none());
}

#[tokio::test]
async fn who_opens_the_api_in_a_browser_is_led_to_the_explorer() {
    let [app, _] = TestApp::both().await;
    let answer = led(&app.app, &accepting(BROWSER), None).expect("a browser is led");
    assert_eq!((answer.status(), &answer.headers()["location"]), (StatusCode::SEE_OTHER, &HeaderValue::from_static("/explorer")));
    let below = app.with(|config| config.public_url = "https://citizens.example/api/".parse().expect("it is an address"));
    let answer = led(&below.app, &accepting(BROWSER), None).expect("a browser is led");
    assert_eq!(answer.headers()["location"], "/api/explorer");
    for query in [None, Some(""), Some("from=mail"), Some("Query=x")] {
        assert!(leads(&accepting(BROWSER), query), "{query:?}");
    }
    for query in ["query=%7B__typename%7D", "query", "a=b&documentId=sha256%3Aab", "extensions=%7B%7D", "%71uery=x"] {
        assert!(!leads(&accepting(BROWSER), Some(query)), "{query}");
    }
    for accept in ["*/*", "application/json", "application/graphql-response+json, text/html", "application/json, text/html;q=0.9"]
    {
        assert!(!leads(&accepting(accept), None), "{accept}");
    }
}

#[tokio::test]
async fn files_are_kept_by_browsers_and_sent_packed() {
    let [app, _] = TestApp::both().await;
    let path = "/assets/explorer/graphiql.min.js";
    let (_, headers, plain) = app.get(path, &[]).await;
    assert_eq!(
        (&headers["cache-control"], &headers["vary"]),
        (&HeaderValue::from_static("no-cache"), &HeaderValue::from_static("Accept-Encoding"))
    );
    let tag = headers["etag"].to_str().expect("it is text").to_owned();
    for known in [&tag, "\"other\", *", &tag.replace("W/", "\"x\", ")] {
        let (status, _, body) = app.get(path, &[("if-none-match", known)]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
    }
    let (_, headers, packed) = app.get(path, &[("accept-encoding", "br, gzip;q=0.8")]).await;
    assert_eq!(headers["content-encoding"], "gzip");
    assert!(packed.len() < plain.len(), "{} is not less than {}", packed.len(), plain.len());
    assert!(!app.get(path, &[("accept-encoding", "gzip;q=0, br")]).await.1.contains_key("content-encoding"));
    for nothing in ["/assets/", "/assets/nothing.css", "/assets/../Cargo.toml", "/assets/explorer"] {
        assert_eq!(app.get(nothing, &[]).await.0, StatusCode::NOT_FOUND, "{nothing}");
    }
}

#[tokio::test]
async fn every_address_says_what_it_is_and_answers_head() {
    let [app, _] = TestApp::both().await;
    for (path, media_type) in ADDRESSES {
        let (status, headers, body) = app.get(path, &[]).await;
        assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &HeaderValue::from_static(media_type)), "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["referrer-policy"], "no-referrer", "{path}");
        assert!(headers.contains_key("content-security-policy"), "{path}");
        let (status, of_head, nothing) = app.open(Method::HEAD, path, &[]).await;
        assert_eq!((status, nothing.len()), (StatusCode::OK, 0), "{path}");
        assert_eq!(of_head["content-type"], headers["content-type"], "{path}");
        assert!(!body.is_empty(), "{path}");
        assert_eq!(app.open(Method::POST, path, &[]).await.0, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn security_txt_names_the_contact_for_half_a_year() {
    let [app, _] = TestApp::both().await;
    let app = app.with(|config| config.security_contact = "mailto:security@citizens.example".parse().expect("it is an address"));
    let expected = "Contact: mailto:security@citizens.example\nExpires: 2027-05-25T12:00:00Z\nPreferred-Languages: en\n\
                    Canonical: https://citizens.example/.well-known/security.txt\n";
    assert_eq!(app.get("/.well-known/security.txt", &[]).await.2, expected);
    let robots = app.get("/robots.txt", &[]).await.2;
    assert!(
        robots.contains("User-agent: *") && robots.contains("Disallow: /graphql\n") && robots.contains("Disallow: /explorer\n"),
        "{robots}"
    );
}
