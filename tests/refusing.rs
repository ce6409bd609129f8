//! What is refused, and how it is said.

use alliance_tests::app::TestApp;
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn a_wrong_argument_is_a_clear_error() {
    let cases = [
        ("{ posts(first: 101) { nodes { id } } }", "LIMIT_EXCEEDED", "at most 100"),
        ("{ posts(first: -1) { nodes { id } } }", "BAD_REQUEST", "negative"),
        ("{ posts(first: 1, last: 1) { nodes { id } } }", "BAD_REQUEST", "give one of the two"),
        ("{ posts(offset: 10001) { nodes { id } } }", "LIMIT_EXCEEDED", "at most 10000"),
        ("{ posts(after: \"tampered\") { nodes { id } } }", "BAD_REQUEST", "no cursor of this list"),
        (
            "{ posts(after: \"AQEBAQEBAQEBAQEBAQEBAf0I_wm7LVQA6qDJqw\") { nodes { id } } }",
            "BAD_REQUEST",
            "no cursor of this list",
        ),
        (
            "{ posts(filter: { publishedFrom: \"9999-12-31T23:59:59-23:59\" }) { nodes { id } } }",
            "BAD_REQUEST",
            "years 1 to 9999",
        ),
        ("{ posts(filter: { publishedFrom: \"+262142-01-01T00:00:00Z\" }) { nodes { id } } }", "BAD_REQUEST", "no moment"),
        ("{ posts(filter: { colour: RED }) { nodes { id } } }", "BAD_REQUEST", "colour"),
        ("{ post(id: \"zzz\") { id } }", "BAD_REQUEST", "no id"),
        ("{ post(id: \"x\", slug: \"y\") { id } }", "BAD_REQUEST", "not both"),
        ("{ post(slug: \"y\") { id } }", "BAD_REQUEST", "alliance"),
        ("{ post { id } }", "BAD_REQUEST", "give either"),
        ("{ alliance(slug: \"a\\u0000b\") { id } }", "BAD_REQUEST", "NUL"),
    ];
    for app in TestApp::both().await {
        for (query, code, words) in cases {
            let error = app.ask(query).await["errors"][0].take();
            assert_eq!(error["extensions"]["code"], code, "{}: {query}: {error}", app.name);
            assert!(error["message"].as_str().is_some_and(|m| m.contains(words)), "{}: {query}: {error}", app.name);
            assert!(error["extensions"]["requestId"].is_string(), "{}: {query}: {error}", app.name);
            assert_ne!(error["locations"][0], json!({ "line": 1, "column": 1 }), "{}: {query}: it is located: {error}", app.name);
        }
    }
}

#[tokio::test]
async fn a_cursor_of_another_order_is_refused() {
    for app in TestApp::both().await {
        let cursor = app.read("{ posts(first: 1) { pageInfo { endCursor } } }").await["posts"]["pageInfo"]["endCursor"].take();
        let query =
            format!("{{ posts(after: {cursor}, orderBy: {{ field: UPDATED_AT, direction: DESC }}) {{ nodes {{ id }} }} }}");
        let error = app.ask(&query).await["errors"][0].take();
        assert_eq!(error["extensions"]["code"], "BAD_REQUEST", "{}: {error}", app.name);
    }
}

#[tokio::test]
async fn a_body_that_is_no_request_is_refused() {
    let [app, _] = TestApp::both().await;
    assert_eq!(app.post("text/plain", b"{}".to_vec()).await.0, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(app.post("application/json", b"{".to_vec()).await.0, StatusCode::BAD_REQUEST);
    let twice = b"{\"query\":\"{__typename}\",\"query\":\"{__typename}\"}";
    assert_eq!(app.post("application/json", twice.to_vec()).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(app.post("application/json", vec![b' '; 65 * 1024]).await.0, StatusCode::PAYLOAD_TOO_LARGE);
}
