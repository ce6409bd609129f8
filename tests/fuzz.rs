//! Whatever comes in, an answer goes out, and none is a fault of ours. `PROPTEST_CASES=100000 tests/run fuzz` looks for longer.

use std::sync::OnceLock;

use alliance_tests::app::TestApp;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Names that mean something here, and some that do not.
const NAMES: [&str; 34] = [
    "posts",
    "post",
    "node",
    "nodes",
    "edges",
    "alliance",
    "alliances",
    "campaigns",
    "search",
    "institutions",
    "event",
    "events",
    "subject",
    "id",
    "slug",
    "title",
    "body",
    "html",
    "reactions",
    "comments",
    "total",
    "author",
    "name",
    "totalCount",
    "pageInfo",
    "hasNextPage",
    "cursor",
    "__typename",
    "__schema",
    "__type",
    "types",
    "fields",
    "x",
    "kind",
];
const TYPES: [&str; 12] = [
    "Post",
    "Query",
    "Node",
    "Reactable",
    "SearchSubject",
    "Campaign",
    "PostConnection",
    "Int",
    "String",
    "PostFilter",
    "ID",
    "Nothing",
];
const ARGUMENTS: [&str; 12] =
    ["first", "last", "after", "before", "offset", "id", "ids", "slug", "alliance", "query", "filter", "orderBy"];

fn name() -> impl Strategy<Value = String> {
    select(NAMES.as_slice()).prop_map(str::to_owned)
}

fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        (0..120i64).prop_map(|n| n.to_string()),
        any::<f64>().prop_map(|n| format!("{n:e}")),
        "[a-z\\\\\"{}\\[\\]\u{0}-\u{20}\u{e9}\u{1f600}]{0,12}".prop_map(|text| format!("\"{text}\"")),
        Just("\"nottingham-citizens\"".to_owned()),
        "[a-z \"\n]{0,12}".prop_map(|text| format!("\"\"\"{text}\"\"\"")),
        select(
            ["null", "true", "false", "DESC", "NEWS", "$v", "$w", "-0", "01", "1.", "\"post_01h455vb4pex5vsknk084sn02q\""]
                .as_slice()
        )
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" "))),
            prop::collection::vec((select(["field", "direction", "kinds", "alliance", "campaign", "x"].as_slice()), inner), 0..4)
                .prop_map(|fields| format!("{{{}}}", paired(&fields))),
        ]
    })
}

fn paired(values: &[(&str, String)]) -> String {
    values.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(" ")
}

fn arguments() -> impl Strategy<Value = String> {
    prop::collection::vec((select(ARGUMENTS.as_slice()), value()), 0..3).prop_map(|given| match given.as_slice() {
        [] => String::new(),
        given => format!("({})", paired(given)),
    })
}

fn directive() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => Just(String::new()),
        1 => (select(["skip", "include", "nothing"].as_slice()), value()).prop_map(|(name, value)| format!(" @{name}(if: {value})")),
        1 => select([" @skip(if: $v)", " @include(if: true)"].as_slice()).prop_map(str::to_owned),
    ]
}

fn selections() -> BoxedStrategy<String> {
    let leaf =
        (name(), arguments(), directive()).prop_map(|(name, arguments, directive)| format!("{name}{arguments}{directive}"));
    leaf.prop_recursive(6, 40, 4, |inner| {
        let below = prop::collection::vec(inner, 0..4).prop_map(|selections| selections.join(" "));
        prop_oneof![
            (name(), arguments(), directive(), below.clone()).prop_map(|(n, a, d, below)| format!("{n}{a}{d} {{ {below} }}")),
            (name(), name(), below.clone()).prop_map(|(alias, name, below)| format!("{alias}: {name} {{ {below} }}")),
            (select(TYPES.as_slice()), directive(), below.clone())
                .prop_map(|(ty, d, below)| format!("... on {ty}{d} {{ {below} }}")),
            (directive(), below).prop_map(|(d, below)| format!("...{d} {{ {below} }}")),
            select(["...a", "...b", "...c"].as_slice()).prop_map(str::to_owned),
        ]
    })
    .boxed()
}

fn document() -> impl Strategy<Value = String> {
    let operation = (
        select(
            [
                "",
                "query ",
                "query Q ",
                "mutation ",
                "subscription S ",
                "query Q($v: Boolean = true) ",
                "query Q($v: [Int!]! $w: PostFilter) ",
            ]
            .as_slice(),
        ),
        selections(),
    )
        .prop_map(|(head, selections)| format!("{head}{{ {selections} }}"))
        .boxed();
    let fragment = (select(["a", "b", "c"].as_slice()), select(TYPES.as_slice()), selections())
        .prop_map(|(name, ty, selections)| format!("fragment {name} on {ty} {{ {selections} }}"));
    (operation.clone(), prop::collection::vec(prop_oneof![fragment, operation], 0..3))
        .prop_map(|(first, rest)| format!("{first} {}", rest.join(" ")))
}

/// The document with some of its bytes changed, lost or doubled.
fn bent(document: &str, edits: &[(prop::sample::Index, u8, u8)]) -> String {
    let mut bytes = document.as_bytes().to_vec();
    for (at, what, with) in edits {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match what % 3 {
            0 => bytes[at] = *with,
            1 => drop(bytes.remove(at)),
            _ => bytes.insert(at, *with),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One Alliance for all the cases.
pub(crate) struct World {
    runtime: Runtime,
    app: TestApp,
}

impl World {
    /// Waits for what is asked of it.
    pub(crate) fn ask<'a, T, F: Future<Output = T>>(&'a self, of: impl FnOnce(&'a TestApp) -> F) -> T {
        self.runtime.block_on(of(&self.app))
    }
}

pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(|| {
        let runtime = Runtime::new().expect("a runtime can be made");
        let [app, _] = runtime.block_on(TestApp::both());
        World { runtime, app }
    })
}

fn check(status: StatusCode, text: &str, asked: &str) {
    assert!(!status.is_server_error(), "{asked}: {status} {text}");
    if text.is_empty() {
        return;
    }
    let answer: Value = serde_json::from_str(text).unwrap_or_else(|e| panic!("{asked}: {e}: {text}"));
    assert!(answer.get("data").is_some() || answer["errors"].as_array().is_some_and(|e| !e.is_empty()), "{asked}: {text}");
    for error in answer["errors"].as_array().into_iter().flatten() {
        assert_ne!(error["extensions"]["code"], "INTERNAL", "{asked}: {text}");
        assert!(error["message"].as_str().is_some_and(|message| !message.is_empty()), "{asked}: {text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_document_gets_an_answer(
        document in document(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<u8>()), 0..3),
        variables in prop_oneof![Just(json!({})), Just(json!({ "v": true })), Just(json!({ "v": [1, null], "w": { "kinds": "NEWS" } }))],
    ) {
        let document = bent(&document, &edits);
        let body = json!({ "query": document, "variables": variables }).to_string();
        let request = Request::post("/graphql").header("content-type", "application/json").body(Body::from(body)).expect("a request");
        let (status, _, text) = world().ask(|app| app.send(request));
        check(status, &text, &document);
    }

    #[test]
    fn every_request_gets_an_answer(
        method in select([Method::GET, Method::POST, Method::HEAD, Method::PUT, Method::OPTIONS].as_slice()),
        path in select(["/graphql", "/graphql?", "/graphql?query=%7B__typename%7D&", "/", "/livez", "/schema.graphql", "/nothing"].as_slice()),
        query in "[a-zA-Z0-9%=&+{}\u{e9}]{0,40}",
        content_type in prop_oneof![Just("application/json".to_owned()), "[a-z/;=\" *.+-]{0,40}"],
        accept in prop_oneof![Just("*/*".to_owned()), "[a-z/;=, *.+q0-9-]{0,60}"],
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "\\{\"(query|variables|extensions|documentId)\":(null|1|\"\\{__typename\\}\"|\\[\\]|\\{\"persistedQuery\":\\{\\}\\})\\}".prop_map(String::into_bytes),
        ],
    ) {
        let address: String = percent_encoding::utf8_percent_encode(&query, percent_encoding::CONTROLS).to_string().replace(['{', '}'], "");
        let address = if path.contains('?') { format!("{path}{address}") } else { path.to_owned() };
        let request = Request::builder().method(method.clone()).uri(&address).header("content-type", &content_type).header("accept", &accept);
        let Ok(request) = request.body(Body::from(body)) else { return Ok(()) };
        let (status, _, text) = world().ask(|app| app.send(request));
        prop_assert!(!status.is_server_error(), "{method} {address}: {status} {text}");
        if path.starts_with("/graphql") && !status.is_redirection() {
            check(status, &text, &address);
        }
    }
}
