//! What every request passes before its route: origins, proxies, types of content, panics; and what answers where there is no route.

use std::sync::Arc;

use alliance::config::door::Networks;
use alliance::server;
use alliance::server::client::{Client, Peer, Scheme};
use alliance_tests::app::TestApp;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use axum::routing::{get, post as post_to};
use serde_json::Value;
use tokio::sync::Semaphore;
use tower::ServiceExt;

use crate::binary::{exchange, post, post_with, serve};

const QUERY: &str = r#"{"query":"{ alliances { totalCount } }"}"#;
const NO_DEMO: (&str, &str) = ("ALLIANCE_DEMO", "false");

#[test]
fn pages_ask_from_our_own_origin_and_from_those_that_are_allowed() {
    let allowed = ("ALLIANCE_ALLOWED_ORIGINS", "https://app.example");
    let server = serve(&[allowed, ("ALLIANCE_PUBLIC_URL", "https://alliance.example/citizens"), NO_DEMO]);
    let own = format!("http://{}", server.address);
    let answer = post_with(&server.address, &format!("Origin: {own}\r\n"), QUERY);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("vary: Origin"), "{answer}");
    assert!(!answer.contains("access-control-allow"), "{answer}");
    for origin in ["https://app.example", "https://alliance.example"] {
        let answer = post_with(&server.address, &format!("Origin: {origin}\r\n"), QUERY);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(&format!("access-control-allow-origin: {origin}\r\n")), "{answer}");
        assert!(
            answer.contains("access-control-expose-headers: x-request-id, etag, retry-after, idempotency-replayed"),
            "{answer}"
        );
        assert!(answer.contains("access-control-allow-credentials: true\r\n"), "{answer}");
    }
    let foreign = format!("https://{}", server.address);
    for origin in ["https://evil.example", "https://app.example.evil.example", "http://app.example", "null", &foreign, ""] {
        let answer = post_with(&server.address, &format!("Origin: {origin}\r\n"), QUERY);
        assert!(answer.starts_with("HTTP/1.1 403") && answer.contains("FORBIDDEN"), "{origin}: {answer}");
        assert!(answer.contains("ALLIANCE_ALLOWED_ORIGINS") && !answer.contains("access-control"), "{origin}: {answer}");
    }
    let twice = post_with(&server.address, "Origin: https://app.example\r\nOrigin: https://evil.example\r\n", QUERY);
    assert!(twice.starts_with("HTTP/1.1 403"), "{twice}");
    let hidden = post_with(&server.address, "Sec-Fetch-Site: cross-site\r\n", QUERY);
    assert!(hidden.starts_with("HTTP/1.1 403"), "{hidden}");
    let link = exchange(&server.address, "GET /livez HTTP/1.1\r\nSec-Fetch-Site: cross-site", "");
    assert!(link.starts_with("HTTP/1.1 200"), "{link}");
    assert!(post(&server.address, QUERY).contains("vary: Origin"), "every cache is told");
}

#[test]
fn a_browser_is_told_what_an_allowed_page_may_send() {
    let server = serve(&[NO_DEMO]);
    let ask = |origin: &str| {
        let asks = "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type";
        exchange(&server.address, &format!("OPTIONS /graphql HTTP/1.1\r\nOrigin: {origin}\r\n{asks}"), "")
    };
    // On a loopback address, pages of this machine may ask.
    let answer = ask("http://localhost:3000");
    assert!(answer.starts_with("HTTP/1.1 204"), "{answer}");
    for words in ["allow-origin: http://localhost:3000", "allow-methods: GET, POST", "content-type, authorization", "max-age: "] {
        assert!(answer.contains(words), "{words}: {answer}");
    }
    assert!(ask("https://evil.example").starts_with("HTTP/1.1 403"));
    assert!(ask("null").starts_with("HTTP/1.1 403"));
}

#[test]
fn what_a_form_of_a_foreign_site_can_send_is_refused() {
    let server = serve(&[NO_DEMO]);
    let form = "query=mutation%7Bx%7D";
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "application/jsonx", ""] {
        for body in [QUERY, form] {
            let answer = exchange(&server.address, &format!("POST /graphql HTTP/1.1\r\nContent-Type: {kind}"), body);
            assert!(answer.starts_with("HTTP/1.1 415"), "{kind}: {answer}");
        }
    }
    let untyped = exchange(&server.address, "POST /graphql HTTP/1.1", QUERY);
    assert!(untyped.starts_with("HTTP/1.1 415"), "{untyped}");
}

#[test]
fn the_log_tells_of_requests_and_neither_of_their_query_nor_of_a_whole_address() {
    let settings = [("ALLIANCE_LOG", "alliance=debug"), ("ALLIANCE_TRUSTED_PROXIES", "127.0.0.1"), NO_DEMO];
    let server = serve(&settings);
    exchange(&server.address, "GET /livez?token=hidden HTTP/1.1\r\nX-Forwarded-For: 203.0.113.77\r\nX-Request-Id: forged", "");
    let log = server.log();
    let line = log.lines().find(|line| line.contains("/livez")).expect("the request is logged");
    for words in ["\"status\":200", "\"method\":\"GET\"", "milliseconds", "request_id", "\"client\":\"203.0.113.0/24\""] {
        assert!(line.contains(words), "{words}: {line}");
    }
    assert!(!log.contains("hidden") && !log.contains("forged") && !log.contains("203.0.113.77"), "{log}");
}

#[test]
fn only_a_trusted_proxy_can_say_who_asks() {
    let trusted: Networks = "10.0.0.0/8,2001:db8::/32".parse().expect("these are networks");
    let (proxy, stranger) = ("10.0.0.1", "198.51.100.9");
    let long = "1.1.1.1,".repeat(1_000) + "203.0.113.7";
    let cases: [(&str, &[&str], &str); 16] = [
        (stranger, &["203.0.113.7"], stranger),
        (proxy, &[], proxy),
        (proxy, &["203.0.113.7"], "203.0.113.7"),
        (proxy, &["6.6.6.6, 203.0.113.7"], "203.0.113.7"),
        (proxy, &["6.6.6.6", "203.0.113.7, 10.9.9.9"], "203.0.113.7"),
        (proxy, &["'; DROP TABLE x --, 203.0.113.7, 10.2.3.4"], "203.0.113.7"),
        (proxy, &["203.0.113.7, localhost"], proxy),
        (proxy, &["203.0.113.7,"], proxy),
        (proxy, &["\u{e9}, 203.0.113.7"], proxy),
        (proxy, &["10.0.0.2, 10.0.0.3"], proxy),
        (proxy, &["203.0.113.7:4711"], "203.0.113.7"),
        (proxy, &["[2a00::1]:4711"], "2a00::1"),
        (proxy, &["2a00::1, 2001:db8::5"], "2a00::1"),
        (proxy, &["::ffff:203.0.113.7, ::ffff:10.0.0.2"], "203.0.113.7"),
        ("::ffff:10.0.0.1", &["203.0.113.7"], "203.0.113.7"),
        (proxy, &[&long], "203.0.113.7"),
    ];
    for (peer, values, client) in cases {
        let mut headers = HeaderMap::new();
        for value in values {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("it is a value");
            headers.append(HeaderName::from_static("x-forwarded-for"), value);
        }
        headers.insert("x-forwarded-proto", HeaderValue::from_static("HTTPS"));
        let found = Client::of(Some(Peer(peer.parse().expect("an address"))), &headers, &trusted);
        assert_eq!(found.address.to_string(), client, "{peer}: {values:?}");
        assert_eq!(found.scheme == Scheme::Https, peer != stranger, "{peer}");
    }
    for (said, scheme) in [("https", Scheme::Https), ("https, http", Scheme::Http), ("ftp", Scheme::Http), ("", Scheme::Http)] {
        let headers = HeaderMap::from_iter([(HeaderName::from_static("x-forwarded-proto"), HeaderValue::from_static(said))]);
        assert_eq!(Client::of(Some(Peer(proxy.parse().expect("an address"))), &headers, &trusted).scheme, scheme, "{said}");
    }
    let v6 = Client::of(Some(Peer("2a00:1:2:3::4".parse().expect("an address"))), &HeaderMap::new(), &trusted);
    assert_eq!(v6.network().to_string(), "2a00:1:2::/48");
}

async fn asked(routes: &Router, request: Request<Body>) -> (StatusCode, HeaderMap, Value) {
    let response = routes.clone().oneshot(request).await.expect("it answers");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("the answer has an end");
    (parts.status, parts.headers, serde_json::from_slice(&bytes).expect("the answer is JSON"))
}

#[tokio::test]
async fn a_panic_and_a_wrong_address_and_a_wrong_method_are_answered_in_json_with_an_id() {
    async fn panics() -> &'static str {
        panic!("on purpose, a test")
    }
    let [app, _] = TestApp::both().await;
    let routes = server::guarded(Router::new().route("/panics", get(panics)), app.app.clone());
    let cases = [
        (Request::get("/panics"), StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", "request id"),
        (Request::get("/nowhere"), StatusCode::NOT_FOUND, "NOT_FOUND", "/graphql"),
        (Request::put("/panics"), StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST", "Allow"),
    ];
    for (request, status, code, words) in cases {
        let (found, headers, answer) = asked(&routes, request.body(Body::empty()).expect("a request")).await;
        assert_eq!((found, &answer["errors"][0]["extensions"]["code"]), (status, &Value::from(code)));
        assert!(answer["errors"][0]["message"].as_str().is_some_and(|message| message.contains(words)), "{answer}");
        assert_eq!(answer["errors"][0]["extensions"]["requestId"], headers["x-request-id"].to_str().expect("it is text"));
        assert!(!answer.to_string().contains("on purpose"), "{answer}");
        let allowed = headers.get("allow").map(HeaderValue::as_bytes);
        assert_eq!(allowed, (status == StatusCode::METHOD_NOT_ALLOWED).then_some(b"GET,HEAD".as_slice()));
    }
}

#[tokio::test]
async fn requests_beyond_the_cap_are_turned_away_while_health_answers() {
    let [app, _] = TestApp::both().await;
    let (gate, waiting) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let (opened, arrived) = (Arc::clone(&gate), Arc::clone(&waiting));
    let slow = move || async move {
        arrived.add_permits(1);
        opened.acquire().await.is_ok().to_string()
    };
    let routes = Router::new().route("/graphql", post_to(slow)).route("/livez", get(|| async { "true" }));
    let routes = server::guarded(routes, app.app.clone());
    let request = |path: &str| Request::post(path).body(Body::from("{}")).expect("a request");
    let most = u32::try_from(app.app.config().limits.requests_in_flight).expect("it is a small number");
    let all: Vec<_> = (0..most).map(|_| tokio::spawn(routes.clone().oneshot(request("/graphql")))).collect();
    waiting.acquire_many(most).await.expect("all arrive").forget();
    let (status, headers, answer) = asked(&routes, request("/graphql")).await;
    assert_eq!((status, headers["retry-after"].as_bytes()), (StatusCode::SERVICE_UNAVAILABLE, b"1".as_slice()));
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    let health = Request::get("/livez").body(Body::empty()).expect("a request");
    assert_eq!(asked(&routes, health).await.0, StatusCode::OK);
    gate.add_permits(Semaphore::MAX_PERMITS / 2);
    for one in all {
        assert!(one.await.expect("it ends").is_ok_and(|response| response.status() == StatusCode::OK));
    }
    assert_eq!(asked(&routes, request("/graphql")).await.0, StatusCode::OK, "who is answered makes room");
}

#[test]
fn large_answers_are_compressed_for_those_who_can_read_it() {
    let server = serve(&[NO_DEMO]);
    let schema = |accepted: &str| exchange(&server.address, &format!("GET /schema.graphql HTTP/1.1\r\n{accepted}X: y"), "");
    let (plain, smallest) = (schema(""), schema("Accept-Encoding: gzip, br\r\n"));
    assert!(smallest.contains("content-encoding: br") && smallest.len() < plain.len() / 2, "{}", smallest.len());
    assert!(schema("Accept-Encoding: gzip\r\n").contains("content-encoding: gzip"));
    assert!(!plain.contains("content-encoding") && plain.contains("vary: accept-encoding"));
    for particular in ["identity;q=0", "*;q=0", "identity"] {
        assert!(schema(&format!("Accept-Encoding: {particular}\r\n")).starts_with("HTTP/1.1 200"), "{particular}");
    }
    let small = exchange(&server.address, "GET /livez HTTP/1.1\r\nAccept-Encoding: gzip, br", "");
    assert!(small.ends_with("live\n") && !small.contains("content-encoding"), "{small}");
}
