//! How operations are executed: on a schema made for these tests, behind the front that every document goes through.

#![expect(clippy::unused_async, reason = "resolvers are async, whether or not they wait")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use alliance::config::door::Documents;
use alliance::config::limits::Limits;
use alliance::document::{Asked, Front, Settings};
use alliance::error::{Error, Result};
use async_graphql::{EmptySubscription, Interface, Object, SDLExportOptions, Schema, SimpleObject, Union, ValidationMode};
use serde_json::{Value, json};

#[derive(Default)]
struct Query;

#[derive(Clone, SimpleObject)]
struct Leaf {
    id: i32,
    name: String,
}

#[derive(Clone)]
struct Knot {
    n: i32,
}

#[derive(Clone, Interface)]
#[graphql(field(name = "n", ty = "i32"))]
enum Numbered {
    Knot(Knot),
    Twig(Twig),
}

#[derive(Clone)]
struct Twig;

#[Object]
impl Twig {
    async fn n(&self) -> i32 {
        2
    }
    async fn bark(&self) -> &str {
        "rough"
    }
}

#[derive(Clone, Union)]
enum Any {
    Leaf(Leaf),
    Twig(Twig),
}

fn fail<T>() -> Result<T> {
    Err(Error::invalid("field", "it fails"))
}

#[Object]
impl Knot {
    async fn n(&self) -> i32 {
        self.n
    }
    async fn slow(&self) -> i32 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        self.n
    }
    async fn nullable(&self) -> Result<Option<i32>> {
        fail()
    }
    async fn required(&self) -> Result<i32> {
        fail()
    }
    async fn odd(&self) -> Result<i32> {
        if self.n % 2 == 0 { Ok(self.n) } else { fail() }
    }
    async fn next(&self) -> Option<Knot> {
        Some(Knot { n: self.n + 1 })
    }
    async fn must_next(&self) -> Knot {
        Knot { n: self.n + 1 }
    }
    async fn knots(&self, #[graphql(default = 3)] count: i32) -> Vec<Knot> {
        (0..count).map(|n| Knot { n }).collect()
    }
    async fn maybe_knots(&self) -> Option<Vec<Option<Knot>>> {
        Some((0..3).map(|n| Some(Knot { n })).collect())
    }
    async fn strict_knots(&self) -> Option<Vec<Knot>> {
        Some((0..3).map(|n| Knot { n }).collect())
    }
}

#[Object]
impl Query {
    async fn knot(&self) -> Option<Knot> {
        Some(Knot { n: 0 })
    }
    async fn must_knot(&self) -> Knot {
        Knot { n: 0 }
    }
    async fn none(&self) -> Option<Knot> {
        None
    }
    async fn echo(&self, #[graphql(default = 7)] number: i32, list: Option<Vec<Option<i32>>>) -> String {
        format!("{number} {list:?}")
    }
    async fn numbered(&self) -> Vec<Numbered> {
        vec![Numbered::Knot(Knot { n: 1 }), Numbered::Twig(Twig)]
    }
    async fn any(&self) -> Vec<Any> {
        vec![Any::Twig(Twig), Any::Leaf(Leaf { id: 1, name: "oak".to_owned() })]
    }
    async fn panics(&self, #[graphql(default = 7)] number: i32) -> Option<i32> {
        assert!(number != 7, "a resolver that is wrong");
        Some(number)
    }
}

#[derive(Default)]
struct Mutation {
    count: Arc<AtomicI32>,
}

#[Object]
impl Mutation {
    async fn add(&self, by: i32) -> i32 {
        self.count.fetch_add(by, Ordering::SeqCst) + by
    }
    async fn add_leaf(&self) -> Leaf {
        Leaf { id: self.count.fetch_add(1, Ordering::SeqCst) + 1, name: "new".to_owned() }
    }
    async fn fails(&self) -> Result<Option<i32>> {
        fail()
    }
}

type Executor = Schema<Query, Mutation, EmptySubscription>;

fn front() -> (Front<Executor>, Arc<AtomicI32>) {
    let count = Arc::new(AtomicI32::new(0));
    let mutation = Mutation { count: Arc::clone(&count) };
    let executor = Schema::build(Query, mutation, EmptySubscription).validation_mode(ValidationMode::Fast).finish();
    let sdl = executor.sdl_with_options(SDLExportOptions::new());
    let settings = Settings {
        sdl: &sdl,
        scalars: &[],
        weights: &[],
        alone: &[],
        limits: Limits::default(),
        documents: Documents::Automatic,
        manifest: None,
    };
    (Front::new(executor, &settings).expect("the schema is one"), count)
}

async fn ask_with(front: &Front<Executor>, query: &str, variables: Value) -> Value {
    let Value::Object(variables) = variables else { panic!("variables are an object") };
    let asked = Asked { query: Some(query.to_owned()), variables, ..Asked::default() };
    let body = match front.prepare(asked).await {
        Ok(prepared) => front.execute(prepared, "r", |request| request).await.expect("the front works").body,
        Err(refused) => refused.body("r"),
    };
    // The text as it came: a map of serde_json would put the keys in an order of its own.
    Value::String(String::from_utf8(body).expect("JSON is text"))
}

async fn ask(query: &str) -> (Value, String) {
    let text = ask_with(&front().0, query, json!({})).await;
    let text = text.as_str().expect("a text").to_owned();
    (serde_json::from_str(&text).expect("JSON"), text)
}

#[tokio::test]
async fn a_mutation_repeated_under_one_name_runs_once() {
    let (front, count) = front();
    let text = ask_with(
        &front,
        "mutation { add(by: 2) add(by: 2) ...F addLeaf { id } addLeaf { name } } fragment F on MutationRoot { add(by: 2) }"
            .replace("MutationRoot", "Mutation")
            .as_str(),
        json!({}),
    )
    .await;
    assert_eq!(text, r#"{"data":{"add":2,"addLeaf":{"id":3,"name":"new"}}}"#);
    assert_eq!(count.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn mutations_run_one_after_the_other_and_one_that_fails_stops_no_other() {
    let (answer, text) = ask("mutation { a: add(by: 1) fails b: add(by: 10) }").await;
    assert_eq!(answer["data"], json!({ "a": 1, "fails": null, "b": 11 }));
    assert!(text.ends_with(r#""data":{"a":1,"fails":null,"b":11}}"#), "{text}");
    assert_eq!(answer["errors"][0]["path"], json!(["fails"]));
}

#[tokio::test]
async fn keys_come_in_the_order_of_the_selection() {
    let (_, text) =
        ask("{ z: knot { slow n ...F b: n } __typename a: knot { n slow } } fragment F on Knot { a: n slow n }").await;
    assert_eq!(text, r#"{"data":{"z":{"slow":0,"n":0,"a":0,"b":0},"__typename":"Query","a":{"n":0,"slow":0}}}"#);
}

#[tokio::test]
async fn an_error_on_a_nullable_field_nulls_that_field_alone() {
    let (answer, _) = ask("{ knot { n nullable next { n nullable } } }").await;
    assert_eq!(answer["data"], json!({ "knot": { "n": 0, "nullable": null, "next": { "n": 1, "nullable": null } } }));
    let mut paths: Vec<String> =
        answer["errors"].as_array().expect("a list").iter().map(|error| error["path"].to_string()).collect();
    paths.sort();
    assert_eq!(paths, [r#"["knot","next","nullable"]"#, r#"["knot","nullable"]"#]);
    let (answer, _) = ask("{ knot { nullable } }").await;
    assert_eq!(
        answer["data"],
        json!({ "knot": { "nullable": null } }),
        "an object all of whose fields failed is one all the same"
    );
}

#[tokio::test]
async fn an_error_on_a_required_field_nulls_the_nearest_parent_that_may_be_null() {
    let cases = [
        ("{ knot { n required } none { n } }", json!({ "knot": null, "none": null })),
        ("{ knot { next { mustNext { mustNext { required } } n } n } }", json!({ "knot": { "next": null, "n": 0 } })),
        ("{ mustKnot { n required } none { n } }", Value::Null),
        ("{ knot { maybeKnots { odd } n } }", json!({ "knot": { "maybeKnots": [{ "odd": 0 }, null, { "odd": 2 }], "n": 0 } })),
        ("{ knot { strictKnots { odd } n } }", json!({ "knot": { "strictKnots": null, "n": 0 } })),
        ("{ knot { knots { odd } n } }", json!({ "knot": null })),
    ];
    for (query, data) in cases {
        let (answer, text) = ask(query).await;
        assert_eq!(answer["data"], data, "{query}: {text}");
        assert!(!text.contains("INTERNAL"), "{query}: {text}");
    }
    let (answer, _) = ask("{ knot { maybeKnots { odd } } }").await;
    assert_eq!(answer["errors"][0]["path"], json!(["knot", "maybeKnots", 1, "odd"]));
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 1, "column": 23 }]));
    let (answer, _) = ask("{\r\n  # \u{e9}\u{1f600} \u{2028} \u{85}\r  none { n } knot { nullable }\n}").await;
    assert_eq!(answer["errors"][0]["locations"], json!([{ "line": 3, "column": 21 }]), "lines end as GraphQL says");
}

#[tokio::test]
async fn an_object_of_one_of_several_types_gives_what_was_selected_for_its_own() {
    let (_, text) =
        ask("{ numbered { ... on Twig { bark } n __typename ... on Knot { next { n } } } any { ... on Leaf { name } } }").await;
    assert_eq!(
        text,
        r#"{"data":{"numbered":[{"n":1,"__typename":"Knot","next":{"n":2}},{"bark":"rough","n":2,"__typename":"Twig"}],"any":[{},{"name":"oak"}]}}"#
    );
}

#[tokio::test]
async fn conditions_and_variables_do_what_they_say() {
    let query = "query($yes: Boolean!, $n: Int, $list: [Int]) {
        echo(number: $n) given: echo(number: 1, list: [$n, 2]) listed: echo(list: $list)
        knot @include(if: $yes) { n @skip(if: $yes) } none @skip(if: $yes) { n } }";
    let (front, _) = front();
    let text = ask_with(&front, query, json!({ "yes": true })).await;
    assert_eq!(text, r#"{"data":{"echo":"7 None","given":"1 Some([None, Some(2)])","listed":"7 None","knot":{}}}"#);
    let text = ask_with(&front, query, json!({ "yes": false, "n": 5, "list": 4 })).await;
    assert_eq!(
        text,
        r#"{"data":{"echo":"5 None","given":"1 Some([Some(5), Some(2)])","listed":"7 Some([Some(4)])","none":null}}"#
    );
    let text = ask_with(
        &front,
        "query($n: Int, $yes: Boolean = true) { echo(number: $n) knot @include(if: $yes) { n } a: echo(number: -0) }",
        json!({ "n": 100.0 }),
    )
    .await;
    assert_eq!(text, r#"{"data":{"echo":"100 None","knot":{"n":0},"a":"0 None"}}"#);
    let text = ask_with(&front, "query($yes: Boolean = true) { knot @include(if: $yes) { n } }", json!({ "yes": null })).await;
    assert!(text.as_str().is_some_and(|text| text.contains("must not be null") && !text.contains("data")), "{text}");
    for variables in [json!({}), json!({ "yes": null }), json!({ "yes": "true" }), json!({ "yes": true, "n": 3_000_000_000_u64 })]
    {
        let text = ask_with(&front, query, variables.clone()).await;
        let text = text.as_str().expect("a text");
        assert!(text.contains("BAD_REQUEST") && !text.contains("\"data\""), "{variables}: {text}");
    }
}

#[tokio::test]
async fn a_resolver_that_panics_is_a_fault_of_ours_and_says_nothing_of_its_cause() {
    let (answer, text) = ask("{ panics }").await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{text}");
    assert!(!text.contains("that is wrong") && answer["data"].is_null(), "{text}");
}
