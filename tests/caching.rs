//! What caches may do with an answer.

use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};

const FRONT: &str = "/graphql?query=%7Balliances%7BtotalCount%7D%7D";

async fn get(app: &TestApp, address: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
    let mut request = Request::get(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).expect("this is a request")).await
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

#[tokio::test]
async fn a_public_answer_by_get_has_a_tag_and_is_not_sent_again_where_it_is_the_same() {
    for app in TestApp::both().await {
        let (status, headers, body) = get(&app, FRONT, &[]).await;
        assert_eq!((status, body.as_str()), (StatusCode::OK, "{\"data\":{\"alliances\":{\"totalCount\":1}}}"), "{}", app.name);
        assert_eq!(header(&headers, "cache-control"), "public, no-cache", "{}", app.name);
        for varies in ["accept", "accept-encoding", "authorization", "origin"] {
            assert!(header(&headers, "vary").to_lowercase().contains(varies), "{headers:?}");
        }
        let tag = header(&headers, "etag");
        assert!(tag.starts_with("W/\""), "{tag}");
        for known in [tag.to_owned(), format!("\"other\", {tag}"), "*".to_owned()] {
            let (status, headers, body) = get(&app, FRONT, &[("if-none-match", &known)]).await;
            assert_eq!((status, body.as_str(), header(&headers, "etag")), (StatusCode::NOT_MODIFIED, "", tag), "{}", app.name);
        }
        assert_eq!(get(&app, FRONT, &[("if-none-match", "\"other\"")]).await.0, StatusCode::OK, "{}", app.name);
    }
}

#[tokio::test]
async fn nothing_else_is_stored() {
    let [app, _] = TestApp::both_set(|flags| flags.cache_seconds = Some("30".to_owned())).await;
    assert_eq!(header(&get(&app, FRONT, &[]).await.1, "cache-control"), "public, max-age=30");
    let refused = [
        "/graphql?query=%7Bnothing%7D",
        "/graphql?query=%7B",
        "/graphql",
        "/graphql?query=%7Bposts(first:101)%7BtotalCount%7D%7D",
    ];
    for address in refused {
        let (_, headers, _) = get(&app, address, &[]).await;
        assert_eq!((header(&headers, "cache-control"), header(&headers, "etag")), ("no-store", ""), "{address}");
    }
    let posted =
        Request::post("/graphql").header("content-type", "application/json").body(Body::from("{\"query\":\"{__typename}\"}"));
    let (_, headers, _) = app.send(posted.expect("this is a request")).await;
    assert_eq!(header(&headers, "cache-control"), "no-store");
}

#[tokio::test]
async fn a_token_that_is_not_valid_is_refused_before_anything_is_executed() {
    let [app, _] = TestApp::both().await;
    app.statements();
    let (status, headers, body) = get(&app, FRONT, &[("authorization", "Bearer nonsense")]).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "{body}");
    assert!(header(&headers, "www-authenticate").starts_with("Bearer"), "{headers:?}");
    assert!(body.contains("UNAUTHENTICATED") && app.statements().is_empty(), "{body}");
    assert_eq!(get(&app, FRONT, &[("authorization", "Basic c3RhZ2luZzpzdGFnaW5n")]).await.0, StatusCode::OK);
}
