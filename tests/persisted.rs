//! Documents that are known by an id: trusted ones by a manifest, others by the SHA-256 of what was sent lately.

use std::path::PathBuf;

use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::binary;

const QUERY: &str = "query Front { alliance(slug: \"nottingham-citizens\") { name } }";

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

async fn post(app: &TestApp, body: &Value) -> Value {
    app.post("application/json", body.to_string().into_bytes()).await.1
}

async fn get(app: &TestApp, parameters: &[(&str, String)]) -> (StatusCode, Value) {
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let query: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let request = Request::get(format!("/graphql?{}", query.join("&"))).body(Body::empty()).expect("this is a request");
    let (status, _, text) = app.send(request).await;
    (status, serde_json::from_str(&text).expect("JSON"))
}

fn apollo(hash: &str) -> Value {
    json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } })
}

fn manifest(text: &Value) -> PathBuf {
    let file = std::env::temp_dir().join(format!("alliance-manifest-{}.json", Uuid::now_v7()));
    std::fs::write(&file, text.to_string()).expect("the temporary folder can be written to");
    file
}

#[tokio::test]
async fn a_document_that_was_sent_once_is_known_by_its_hash() {
    let [app, _] = TestApp::both().await;
    let (id, name) = (hash(QUERY), json!("Nottingham Citizens"));
    let unknown = post(&app, &json!({ "extensions": apollo(&id) })).await;
    assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    let unknown = post(&app, &json!({ "documentId": format!("sha256:{id}") })).await;
    assert_eq!(unknown["errors"][0]["extensions"]["code"], "PERSISTED_QUERY_NOT_FOUND");
    let registered = post(&app, &json!({ "query": QUERY, "extensions": apollo(&id) })).await;
    assert_eq!(registered["data"]["alliance"]["name"], name);
    for known in [json!({ "extensions": apollo(&id) }), json!({ "documentId": format!("sha256:{id}") })] {
        assert_eq!(post(&app, &known).await["data"]["alliance"]["name"], name);
    }
    let by_apollo = get(&app, &[("extensions", apollo(&id).to_string())]).await.1;
    let by_id = get(&app, &[("documentId", format!("sha256:{id}")), ("operationName", "Front".to_owned())]).await.1;
    assert_eq!((&by_apollo["data"]["alliance"]["name"], &by_id["data"]["alliance"]["name"]), (&name, &name));
}

#[tokio::test]
async fn only_valid_documents_are_kept_and_only_under_their_own_hash() {
    let [app, _] = TestApp::both().await;
    let invalid = "{ nothing }";
    post(&app, &json!({ "query": invalid, "extensions": apollo(&hash(invalid)) })).await;
    let still = post(&app, &json!({ "extensions": apollo(&hash(invalid)) })).await;
    assert_eq!(still["errors"][0]["message"], "PersistedQueryNotFound");
    let other = post(&app, &json!({ "query": QUERY, "extensions": apollo(&hash("{ other }")) })).await;
    assert!(other["errors"][0]["message"].as_str().is_some_and(|m| m.contains("SHA-256")), "{other}");
    let malformed = [
        json!({ "query": QUERY, "extensions": { "persistedQuery": { "version": 2, "sha256Hash": hash(QUERY) } } }),
        json!({ "documentId": "a", "extensions": apollo("b") }),
        json!({ "documentId": "a", "query": QUERY }),
        json!({ "documentId": 7 }),
        json!({}),
    ];
    for body in malformed {
        let (status, answer) = app.post("application/json", body.to_string().into_bytes()).await;
        assert_eq!(
            (status, &answer["errors"][0]["extensions"]["code"]),
            (StatusCode::BAD_REQUEST, &json!("BAD_REQUEST")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn no_document_is_known_by_an_id_where_that_is_off() {
    let [app, _] = TestApp::both_set(|flags| flags.documents = Some("off".to_owned())).await;
    assert_eq!(
        post(&app, &json!({ "query": QUERY, "extensions": apollo(&hash(QUERY)) })).await["data"]["alliance"]["name"],
        "Nottingham Citizens"
    );
    let answer = post(&app, &json!({ "extensions": apollo(&hash(QUERY)) })).await;
    assert_eq!(answer["errors"][0]["message"], "PersistedQueryNotSupported");
}

#[tokio::test]
async fn where_only_trusted_documents_run_the_manifest_of_each_tool_says_which() {
    let other = "query Other { alliances { totalCount } }";
    let manifests = [
        json!({ "front": QUERY }),
        json!({ hash(QUERY): QUERY }),
        json!({ "format": "apollo-persisted-query-manifest", "version": 1,
            "operations": [{ "id": hash(QUERY), "name": "Front", "type": "query", "body": QUERY }] }),
    ];
    for (written, id) in manifests.iter().zip(["front".to_owned(), hash(QUERY), hash(QUERY)]) {
        let file = manifest(written);
        let [app, _] = TestApp::both_set(|flags| {
            (flags.documents, flags.documents_manifest) = (Some("trusted".to_owned()), Some(file.clone()));
        })
        .await;
        let name = json!("Nottingham Citizens");
        for trusted in
            [json!({ "documentId": id }), json!({ "query": QUERY }), json!({ "documentId": format!("sha256:{}", hash(QUERY)) })]
        {
            assert_eq!(post(&app, &trusted).await["data"]["alliance"]["name"], name, "{written} {trusted}");
        }
        for untrusted in [json!({ "query": other }), json!({ "query": other, "extensions": apollo(&hash(other)) })] {
            assert_eq!(post(&app, &untrusted).await["errors"][0]["extensions"]["code"], "FORBIDDEN", "{written}");
        }
        let unknown = post(&app, &json!({ "extensions": apollo(&hash(other)) })).await;
        assert_eq!(unknown["errors"][0]["message"], "PersistedQueryNotFound", "{written}");
        std::fs::remove_file(file).expect("the manifest is still there");
    }
}

#[test]
fn a_manifest_that_cannot_be_used_stops_the_start_before_there_is_a_database() {
    let cases = [
        (json!({ "front": "{ nothing }" }), "`front` is not valid here"),
        (json!(["a list"]), "cannot be read"),
        (json!({ "front": 7 }), "no document"),
        (json!({ "format": "another", "version": 1, "operations": [] }), "its format"),
    ];
    for (written, words) in cases {
        let file = manifest(&written);
        let settings = [("ALLIANCE_DOCUMENTS_MANIFEST", file.to_str().expect("a path is text"))];
        let found = binary::text(&binary::run(&["doctor", "--listen", "127.0.0.1:0"], &settings).stdout);
        assert!(found.contains("PROBLEM  its trusted documents are valid") && found.contains(words), "{found}");
        let done = binary::run(&["serve"], &settings);
        let problem = binary::text(&done.stderr);
        assert!(!done.status.success() && problem.contains(words), "{problem}");
        assert!(done.stdout.is_empty(), "{}", binary::text(&done.stdout));
        std::fs::remove_file(file).expect("the manifest is still there");
    }
}
