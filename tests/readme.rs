//! README is true: its query gives its answer.

use alliance_tests::app::TestApp;
use serde_json::Value;

#[tokio::test]
async fn the_query_in_readme_gives_its_answer() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).expect("README.md is there");
    let request = readme.split("-d '").nth(1).and_then(|rest| rest.split("'\n").next()).expect("README has a curl command");
    let answer = readme.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("README has an answer");
    let answer = answer.replace("http://127.0.0.1:8080", "https://citizens.example");
    let shown: Value = serde_json::from_str(&answer).expect("the answer is JSON");
    for app in TestApp::both().await {
        let (status, given) = app.post("application/json", request.as_bytes().to_vec()).await;
        assert_eq!((status.as_u16(), &given), (200, &shown), "{}", app.name);
    }
}
