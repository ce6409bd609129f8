//! Who is told what of the schema, and who may ask how much: what is for staff alone is told to nobody else, whatever they ask; and
//! everybody is held to their own limits, whoever asked the same before.

use std::collections::HashSet;

use alliance::document::audience::Audience::{self, Member, Partner, Staff, Stranger};
use alliance::document::{Asked, Front};
use alliance_tests::app::TestApp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::partly_hidden::{Executor, front, front_of, whole};

async fn asked(front: &Front<Executor>, asked: Asked) -> Value {
    let body = match front.prepare(asked).await {
        Ok(prepared) => front.execute(prepared, "r", |request| request).await.unwrap_or_else(|_| panic!("the front works")).body,
        Err(refused) => refused.body("r"),
    };
    serde_json::from_slice(&body).expect("JSON")
}

async fn ask(front: &Front<Executor>, audience: Audience, query: &str) -> Value {
    asked(front, Asked { query: Some(query.to_owned()), audience, ..Asked::default() }).await
}

fn code(answer: &Value) -> &str {
    answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("none")
}

#[test]
fn those_who_are_neither_staff_nor_partners_are_told_the_schema_without_what_is_for_staff() {
    let front = front();
    let whole = whole();
    assert_eq!([front.sdl(Staff), front.sdl(Partner)], [whole.as_str(); 2]);
    assert_eq!(front.sdl(Stranger), front.sdl(Member));
    insta::assert_snapshot!(front.sdl(Stranger));
}

#[tokio::test]
async fn introspection_is_answered_from_what_the_asker_is_told_whoever_asked_before() {
    const QUESTION: &str = "{ a: __type(name: \"Account\") { name } p: __type(name: \"Post\") { fields { name } }
        t: __type(name: \"Titled\") { possibleTypes { name } } s: __type(name: \"State\") { enumValues { name } }
        __schema { mutationType { name } directives { name } } }";
    for order in [[Staff, Stranger, Member, Partner], [Stranger, Partner, Member, Staff]] {
        let front = front();
        for audience in order {
            let answer = ask(&front, audience, QUESTION).await;
            let told = answer.to_string();
            for name in ["Account", "note", "Key", "DRAFT", "Mutation", "staffOnly"] {
                // The question itself names none of them as an answer does.
                let is_told = told.contains(&format!("\"name\":\"{name}\""));
                assert_eq!(is_told, matches!(audience, Partner | Staff), "{audience:?}: {name}: {told}");
            }
            assert!(told.contains("\"title\"") && told.contains("\"LIVE\""), "{told}");
        }
    }
}

#[tokio::test]
async fn what_a_stranger_asks_of_it_all_the_same_is_refused_by_the_policy() {
    let front = front();
    for audience in [Stranger, Member, Staff] {
        let answer = ask(&front, audience, "{ accounts(limit: 1) { email } post(draft: true) { title note { words } } }").await;
        assert_eq!(code(&answer), "FORBIDDEN", "{answer}");
        assert_eq!(answer["data"], json!({ "accounts": null, "post": { "title": "A title", "note": null } }));
        // A question about the schema beside it is answered from what they are told.
        let both = ask(&front, audience, "{ accounts(limit: 1) { email } __type(name: \"Account\") { name } }").await;
        assert_eq!(both["data"]["__type"].is_null(), audience != Staff, "{both}");
    }
}

/// The names that stand in the whole schema alone.
fn hidden_words(front: &Front<Executor>) -> Vec<String> {
    let words = |text: &str| -> HashSet<String> {
        // What stands between three quotes describes.
        let names = text.split("\"\"\"").step_by(2);
        let words = names.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
        words.filter(|word| word.len() > 2 && *word != "schema").map(str::to_owned).collect()
    };
    let told = words(front.sdl(Stranger));
    words(front.sdl(Staff)).into_iter().filter(|word| !told.contains(word)).collect()
}

#[tokio::test]
async fn what_is_wrong_is_told_in_no_words_but_their_own() {
    let wrong = [
        ("{ accounts }", json!({})),
        ("{ accounts { email } }", json!({})),
        ("{ accounts(limit: 1) { nothing } }", json!({})),
        ("{ accounts(limit: \"x\", other: 1) { email } }", json!({})),
        ("{ accounts(limit: 1, matching: {}) { email } }", json!({})),
        ("{ accounts(limit: 1, matching: { reason: 1 }) { email } }", json!({})),
        ("{ accounts(limit: 1) { email { x } } }", json!({})),
        ("{ accounts(limit: 1) { email } nothing }", json!({})),
        ("{ account }", json!({})),
        ("{ post { note } }", json!({})),
        ("{ post { note { x } } }", json!({})),
        ("{ post { note { words author } } }", json!({})),
        ("{ post(draft: 7) { title } }", json!({})),
        ("{ post(filter: { hidden: {} }) { title } }", json!({})),
        ("{ post(filter: { hidden: { reason: \"\", other: 1 } }) { title } }", json!({})),
        ("{ titled { ... on Key { x } } }", json!({})),
        ("{ titled { ... on Post { title } } }", json!({})),
        ("{ found { title } }", json!({})),
        ("mutation { nothing }", json!({})),
        ("mutation { accountErase { x } }", json!({})),
        ("mutation($f: Filter) { accountErase }", json!({})),
        ("query($f: Filter) { post(filter: $f) { title } }", json!({ "f": { "hidden": {} } })),
        ("query($f: Filter) { post(filter: $f) { title } }", json!({ "f": { "hidden": { "reason": 1 } } })),
        ("query($f: Filter) { post(filter: $f) { title } }", json!({ "f": { "hidden": { "reason": "", "x": 1 } } })),
        ("query($h: Hidden) { accounts(limit: 1, matching: $h) { email } }", json!({ "h": {} })),
        ("query($d: Boolean!) { post(draft: $d) { title } }", json!({ "d": 7 })),
        ("query($n: String) { accounts(limit: $n) { email } }", json!({})),
        ("query($n: Int) { accounts(limit: $n) { email } }", json!({})),
    ];
    let front = front();
    let hidden = hidden_words(&front);
    assert!(
        ["Account", "accounts", "DRAFT", "reason", "Hidden", "staffOnly"].iter().all(|word| hidden.iter().any(|h| h == word))
    );
    for (query, variables) in wrong {
        for audience in [Stranger, Member] {
            let Value::Object(given) = variables.clone() else { panic!("variables are an object") };
            let answer =
                asked(&front, Asked { query: Some(query.to_owned()), variables: given, audience, ..Asked::default() }).await;
            assert!(answer.get("data").is_none(), "{query}: {answer}");
            let (told, sent) = (answer["errors"].to_string(), format!("{query} {variables}"));
            for word in hidden.iter().filter(|word| told.contains(*word)) {
                assert!(sent.contains(word.as_str()), "{query} {variables}: `{word}` is told: {told}");
            }
        }
    }
    let told = ask(&front, Staff, "{ accounts(limit: 1) { nothing } }").await.to_string();
    assert!(told.contains("Account"), "staff are told more: {told}");
}

#[test]
fn a_mark_that_would_break_the_projection_stops_the_start() {
    let base = "directive @staffOnly on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION ";
    let broken = [
        "type Query { a(b: Int! @staffOnly): Int }",
        "type Query { a(b: I): Int } input I { c: Int! @staffOnly d: Int }",
        "interface N { a: Int } type Query implements N { a: Int @staffOnly b: Int }",
        "type Query { a: Int @staffOnly }",
    ];
    for sdl in broken {
        assert!(front_of(&format!("{base} {sdl}")).is_err(), "{sdl}");
    }
    let sound = "type Query { a(b: Int! = 1 @staffOnly): Int c: T @staffOnly } type T { d: Int }";
    let front = front_of(&format!("{base} {sound}")).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(front.sdl(Stranger).split_whitespace().collect::<Vec<_>>().join(" "), "type Query { a: Int }");
}

#[tokio::test]
async fn today_everybody_is_told_everything() {
    let [app, _] = TestApp::both().await;
    let sdl = alliance::schema::sdl(&alliance::schema::build());
    let served = alliance::server::front(app.app.config()).expect("the settings are right");
    let (_, headers, text) = app.get("/schema.graphql", &[]).await;
    assert!(text == served.sdl(Stranger), "it is told as strangers are told it");
    assert!(served.sdl(Staff) == sdl && (sdl.contains("@staffOnly") || text == sdl));
    assert_eq!((&headers["vary"], &headers["cache-control"]), (&"Authorization".parse().unwrap(), &"no-cache".parse().unwrap()));
    let (status, headers, _) = app.get("/schema.graphql", &[("authorization", "Bearer forged")]).await;
    assert_eq!((status.as_u16(), headers.contains_key("www-authenticate")), (401, true));
}

/// A document that costs so many thousands, more or less: a plain list is taken to have ten items.
fn dear(thousands: usize) -> String {
    let part = |n: usize| format!("a{n}: posts {{ related {{ related {{ title }} }} }} ");
    format!("{{ {} }}", (0..thousands).map(part).collect::<String>())
}

#[tokio::test]
async fn everybody_is_held_to_their_own_cost_whoever_asked_the_same_before() {
    for order in [[Staff, Partner, Member, Stranger], [Stranger, Member, Partner, Staff]] {
        let front = front();
        for (thousands, allowed) in [(1, [true; 3]), (6, [false, true, true]), (13, [false, false, true])] {
            for audience in order {
                let answer = ask(&front, audience, &dear(thousands)).await;
                let (place, limit) = match audience {
                    Stranger => (0, 5_000),
                    Member | Partner => (1, 10_000),
                    Staff => (2, 25_000),
                };
                assert_eq!(answer.get("data").is_some(), allowed[place], "{audience:?}: {thousands}: {answer}");
                if !allowed[place] {
                    assert_eq!((code(&answer), &answer["errors"][0]["extensions"]["limit"]), ("LIMIT_EXCEEDED", &json!(limit)));
                }
                let extensions = json!({ "cost": true }).as_object().cloned().unwrap_or_default();
                let told = Asked { query: Some(dear(1)), audience, extensions, ..Asked::default() };
                assert_eq!(asked(&front, told).await["extensions"]["cost"]["limit"], limit);
            }
        }
    }
}

#[tokio::test]
async fn a_document_that_staff_sent_is_too_long_for_others_and_not_known_to_them() {
    let front = front();
    let long = format!("{{ post {{ title }} }} #{}", "x".repeat(2_000));
    let short = "{ post { title } }".to_owned();
    for text in [&long, &short] {
        let hash = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
        assert!(ask(&front, Staff, text).await.get("data").is_some());
        let by_id = |audience| Asked { document_id: Some(format!("sha256:{hash}")), audience, ..Asked::default() };
        assert!(asked(&front, by_id(Staff)).await.get("data").is_some());
        for audience in [Stranger, Member] {
            assert_eq!(code(&asked(&front, by_id(audience)).await), "PERSISTED_QUERY_NOT_FOUND");
        }
    }
    for audience in [Stranger, Member] {
        assert_eq!(code(&ask(&front, audience, &long).await), "LIMIT_EXCEEDED");
    }
    assert_eq!(code(&ask(&front, Staff, &format!("{long}{long}")).await), "LIMIT_EXCEEDED");
}
