//! Documents that mean harm: each gets an error that names the limit, and the server answers the next request as before.

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

/// A document by its name, and what its refusal names.
type Hostile = (String, String, &'static str);

fn hostile(name: impl Into<String>, document: impl Into<String>, named: &'static str) -> Hostile {
    (name.into(), document.into(), named)
}

fn numbered(many: usize, text: impl Fn(usize) -> String) -> String {
    (0..many).map(text).collect::<Vec<_>>().join(" ")
}

/// What nests.
fn deep() -> Vec<Hostile> {
    let mut documents = Vec::new();
    for depth in [33, 100, 1_500, 100_000] {
        let nested = |open: &str, close: &str| format!("{}{}", open.repeat(depth), close.repeat(depth));
        let named = if depth > 4_000 { "bytes of the document" } else { "of the document" };
        documents.extend([
            hostile(format!("{depth} lists"), format!("{{ nodes(ids: {}) {{ id }} }}", nested("[", "]")), named),
            hostile(format!("{depth} objects"), format!("{{ posts(filter: {}) {{ totalCount }} }}", "{a:".repeat(depth)), named),
            hostile(format!("{depth} types"), format!("query($a: {}) {{ __typename }}", nested("[", "]")), named),
            hostile(format!("{depth} selections"), format!("{{ a {} }}", nested("{ a ", "}")), named),
            hostile(format!("{depth} braces"), "{".repeat(depth), named),
        ]);
    }
    let (types, loops) = ("ofType { ".repeat(14), "type { fields { ".repeat(4));
    let levels = "{ nodes { campaigns ".repeat(8) + "{ totalCount }" + &"} }".repeat(8);
    documents.extend([
        hostile("16 levels", format!("{{ posts {levels} }}"), "depth"),
        hostile("introspection 16 deep", format!("{{ __schema {{ types {{ {types} name {} }} }} }}", "}".repeat(14)), "depth"),
        hostile(
            "introspection that loops",
            format!("{{ __schema {{ types {{ fields {{ {loops} name {} }} }} }} }}", "} }".repeat(4)),
            "lists of the schema",
        ),
    ]);
    documents
}

/// What spreads.
fn wide() -> Vec<Hostile> {
    let doubling = numbered(40, |n| format!("fragment f{n} on Query {{ ...f{0} ...f{0} }}", n + 1));
    let multiplying = numbered(6, |n| {
        let below = format!("{{ nodes {{ alliance {{ ...g{} }} }} }}", n + 1);
        format!("fragment g{n} on Alliance {{ posts {below} events {below} campaigns {below} }}")
    });
    let unused = |many| numbered(many, |n| format!("fragment u{n} on Post{{id}}"));
    let most = "posts(first: 100) { nodes { campaigns(first: 100) { nodes {".repeat(3);
    vec![
        hostile(
            "fragments that double",
            format!("{{ ...f0 }} {doubling} fragment f40 on Query {{ __typename }}"),
            "fields of the document",
        ),
        hostile(
            "fragments that multiply",
            format!("{{ alliances {{ nodes {{ ...g0 }} }} }} {multiplying} fragment g6 on Alliance {{ name }}"),
            "of the document",
        ),
        hostile("a fragment that holds itself", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", ""),
        hostile("10,000 unused fragments", format!("{{ __typename }} {}", unused(10_000)), "bytes of the document"),
        hostile("60 unused fragments", format!("{{ __typename }} {}", unused(60)), "fragments of the document"),
        hostile("a cost without end", format!("{{ {most} id {} }}", "} } } }".repeat(3)), "cost"),
    ]
}

/// What is many.
fn floods() -> Vec<Hostile> {
    let aliases = numbered(31, |n| format!("a{n}: __typename"));
    let invalid = numbered(1_000, |n| format!("x{n}"));
    let mut documents = vec![
        hostile("31 aliases", format!("{{ {aliases} }}"), "aliases"),
        hostile("a flood of __typename", format!("{{ {} }}", "__typename ".repeat(1_400)), "fields at the root"),
        hostile("1,000 invalid fields", format!("{{ alliances {{ {invalid} }} }}"), ""),
        hostile("21 root fields", format!("{{ {} }}", "alliances { totalCount } ".repeat(21)), "fields at the root"),
        hostile("a string without end", format!("{{ alliance(slug: \"{}", "a".repeat(10_000)), ""),
        hostile("a block string without end", format!("{{ alliance(slug: \"\"\"{}", "\\".repeat(10_000)), ""),
        hostile("2,001 tokens", format!("{{ alliances {{ {} }} }}", "! ".repeat(2_001)), "tokens"),
    ];
    for (place, document) in [
        ("a field", "{ __typename DIRECTIVES }"),
        ("an operation", "query DIRECTIVES { __typename }"),
        ("a variable", "query($a: Int DIRECTIVES) { __typename }"),
        ("a fragment", "{ ...a } fragment a on Query DIRECTIVES { __typename }"),
        ("a spread", "{ ...a DIRECTIVES } fragment a on Query { __typename }"),
        ("an inline fragment", "{ ... DIRECTIVES { __typename } }"),
    ] {
        let document = document.replace("DIRECTIVES", &"@skip(if: false) ".repeat(33));
        documents.push(hostile(format!("33 directives on {place}"), document, "directives"));
    }
    documents
}

fn refusal(answer: &Value) -> &Value {
    assert!(answer.get("data").is_none(), "it was executed: {answer}");
    &answer["errors"][0]
}

#[tokio::test]
async fn each_hostile_document_is_refused_by_the_limit_that_it_breaks() {
    let [app, _] = TestApp::both_set(|flags| flags.limits.body_bytes = Some("4000000".to_owned())).await;
    for (name, document, named) in [deep(), wide(), floods()].concat() {
        app.statements();
        let answer = app.ask(&document).await;
        let error = refusal(&answer);
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(named), "{name}: {message}");
        let code = if named.is_empty() { "BAD_REQUEST" } else { "LIMIT_EXCEEDED" };
        assert_eq!(error["extensions"]["code"], code, "{name}: {answer}");
        assert!(answer["errors"].as_array().is_some_and(|errors| errors.len() <= 20), "{name}: more than 20 errors");
        assert!(app.statements().is_empty(), "{name}: it reached the database");
    }
    let flood = app.read(&format!("{{ alliances {{ {} }} }}", "__typename totalCount ".repeat(700))).await;
    assert_eq!(flood, json!({ "alliances": { "__typename": "AllianceConnection", "totalCount": 1 } }));
}

#[tokio::test]
async fn variables_that_nest_too_deep_are_refused() {
    let [app, _] = TestApp::both().await;
    let query = "query($f: PostFilter) { posts(filter: $f) { totalCount } }";
    for depth in [33, 100, 120, 200, 10_000, 30_000] {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let body = format!("{{\"query\":{},\"variables\":{{\"f\":{nested}}}}}", json!(query));
            if body.len() > 65_000 {
                continue;
            }
            let (_, answer) = app.post("application/json", body.into_bytes()).await;
            let error = refusal(&answer);
            assert!(error["message"].as_str().is_some_and(|m| m.contains("nest")), "{depth} {open}: {error}");
        }
    }
}

#[tokio::test]
async fn a_cost_is_told_when_it_is_asked_for_and_named_when_it_is_too_high() {
    let [app, _] = TestApp::both().await;
    let body = json!({ "query": "{ posts(first: 100) { nodes { title author { name } campaigns { nodes { title } } reactions { total } } } }",
        "extensions": { "cost": true } });
    let (_, answer) = app.post("application/json", body.to_string().into_bytes()).await;
    assert_eq!(answer["extensions"]["cost"], json!({ "requested": 4_400, "limit": 5_000 }));
    let error =
        app.ask("{ posts(first: 100) { nodes { campaigns(first: 100) { nodes { title } } } } }").await["errors"][0].take();
    assert_eq!((&error["extensions"]["limit"], &error["extensions"]["asked"]), (&json!(5_000), &json!(20_200)), "{error}");
}
