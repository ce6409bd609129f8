//! README is true: its query gives its answer.

use alliance_tests::app::TestApp;
use async_graphql::Value;
use axum::body::Body;
use axum::http::Request;

#[tokio::test]
async fn the_query_in_readme_gives_its_answer() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).expect("README.md is there");
    let request = readme.split("-d '").nth(1).and_then(|rest| rest.split("'\n").next()).expect("README has a curl command");
    let answer = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("README has an answer");
    let answer = answer.replace("http://127.0.0.1:8080", "https://citizens.example");
    let shown: Value = serde_json::from_str(&answer).expect("the answer is JSON");
    for app in TestApp::both().await {
        let request = Request::post("/graphql").header("content-type", "application/json").body(Body::from(request.to_owned()));
        let (status, _, given) = app.send(request.expect("this is a request")).await;
        let given: Value = serde_json::from_str(&given).expect("the answer is JSON");
        // As text, since the order of keys counts, too.
        assert_eq!((status.as_u16(), given.to_string()), (200, shown.to_string()), "{}", app.name);
    }
}
