//! Campaigns, events, institutions, people and alliances are written, published, moved, ended and deleted; the public is watched meanwhile.

mod alliances;
mod campaigns;
mod conflicts;
mod deleting;
mod events;
mod founding;
mod institutions;
mod leaving_the_demo;
mod model;
mod people;
mod recorded;
mod rendered;
mod rights;
mod slugs;
mod texts;

use alliance::consistency;
use alliance::viewer::Viewer;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use alliance_tests::running::changing;
use serde_json::{Value, json};

use crate::rows::{self, put};
use crate::viewers::{HERE, THERE, with_roles};

/// The kinds that have a slug.
const KINDS: [&str; 3] = ["campaign", "institution", "event"];

/// Two alliances on each database.
async fn both() -> [TestApp; 2] {
    let both = TestApp::both_empty().await;
    for app in &both {
        put!(app, rows::alliance(HERE, "here"), rows::alliance(THERE, "there"));
    }
    both
}

/// An editor of HERE.
fn editor() -> Viewer {
    with_roles(0x15, &[(HERE, Role::Editor)])
}

/// An editor of THERE.
fn editor_there() -> Viewer {
    with_roles(0x16, &[(THERE, Role::Editor)])
}

/// Asks for a change, and returns the whole response.
async fn ask(app: &TestApp, viewer: &Viewer, field: &str, input: &Value, selection: &str) -> Value {
    let answer = app.ask_as_with(viewer, &changing(field, selection), &json!({ "input": input })).await;
    serde_json::from_str(&answer).expect("an answer is JSON")
}

/// The kind of thing that a mutation is about: `campaign` of `campaignCreate`.
fn kind_of(field: &str) -> &str {
    &field[..field.find(char::is_uppercase).expect("a mutation is a noun and a verb")]
}

/// Something that was made, as it was told last.
#[derive(Debug, Clone)]
struct Thing {
    kind: String,
    id: String,
    version: i64,
    slug: String,
}

impl Thing {
    fn of(field: &str, response: &Value) -> Self {
        let kind = kind_of(field);
        let told = &response["data"][field][kind];
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        Self { kind: kind.to_owned(), id: text("id"), version: told["version"].as_i64().unwrap_or_default(), slug: text("slug") }
    }

    /// The input of a change of it, with what else is given.
    fn input(&self, more: &Value) -> Value {
        let mut input = json!({ "id": self.id, "version": self.version });
        let fields = input.as_object_mut().expect("it is an object");
        fields.extend(more.as_object().expect("it is an object").clone());
        input
    }

    /// What the public, or staff, are told of it.
    async fn told(&self, app: &TestApp, viewer: &Viewer, selection: &str) -> Value {
        let query = format!("{{ it: {}(id: \"{}\") {{ {selection} }} }}", self.kind, self.id);
        app.read_as(viewer, &query).await["it"].take()
    }
}

fn selection(field: &str) -> &'static str {
    match kind_of(field) {
        "campaign" => "campaign { id version slug }",
        "institution" => "institution { id version slug }",
        "event" => "event { id version slug }",
        _ => "person { id version }",
    }
}

/// Makes something as an editor of HERE.
async fn make(app: &TestApp, field: &str, input: Value) -> Thing {
    let mut input = input;
    input.as_object_mut().expect("it is an object").entry("alliance").or_insert(json!(HERE.to_string()));
    let response = ask(app, &editor(), field, &input, selection(field)).await;
    assert_eq!(outcome(&response, field), "done", "{}: {field}: {response}", app.name);
    Thing::of(field, &response)
}

/// A plain one of a kind, of this title.
async fn plain(app: &TestApp, kind: &str, title: &str) -> Thing {
    match kind {
        "campaign" => make(app, "campaignCreate", json!({ "title": title })).await,
        "event" => make(app, "eventCreate", json!({ "title": title, "startsAt": "2027-03-01T18:00:00Z" })).await,
        "institution" => make(app, "institutionCreate", json!({ "name": title, "kind": "SCHOOL" })).await,
        _ => make(app, "personCreate", json!({ "name": title, "roles": [{ "role": "AUTHOR" }] })).await,
    }
}

/// A plain one that is public.
async fn public(app: &TestApp, kind: &str, title: &str) -> Thing {
    let made = plain(app, kind, title).await;
    if kind == "person" { made } else { done(app, &made, &format!("{kind}Publish"), json!({})).await }
}

/// Changes it as an editor of HERE, which must succeed, and returns it as it is now.
async fn done(app: &TestApp, thing: &Thing, field: &str, more: Value) -> Thing {
    let response = ask(app, &editor(), field, &thing.input(&more), selection(field)).await;
    assert_eq!(outcome(&response, field), "done", "{}: {field}: {response}", app.name);
    Thing::of(field, &response)
}

/// What becomes of a change by an editor of HERE.
async fn tried(app: &TestApp, thing: &Thing, field: &str, more: Value) -> String {
    outcome(&ask(app, &editor(), field, &thing.input(&more), "__typename").await, field)
}

/// What became of a change: `done`, the code of what was wrong and where, or the code of the error.
fn outcome(response: &Value, field: &str) -> String {
    if let Some(code) = response["errors"][0]["extensions"]["code"].as_str() {
        return code.to_owned();
    }
    let problems = response["data"][field]["userErrors"].as_array().expect("a mutation answers");
    let told = problems.iter().map(|problem| {
        let path: Vec<&str> = problem["field"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let code = problem["code"].as_str().expect("a code");
        if path.is_empty() { code.to_owned() } else { format!("{code} {}", path[1..].join(".")) }
    });
    let told: Vec<String> = told.collect();
    if told.is_empty() { "done".to_owned() } else { told.join(", ") }
}

/// Whether a viewer sees something: by its id, by its slug, as a node, in its alliance's list and the list of all, in both counts, and in
/// the search, all of which agree.
async fn sees(app: &TestApp, viewer: &Viewer, thing: &Thing, word: &str) -> bool {
    let Thing { kind, id, slug, .. } = thing;
    let list = "(first: 100) { totalCount nodes { id } }";
    let query = format!(
        "{{ byId: {kind}(id: \"{id}\") {{ id }} bySlug: {kind}(slug: \"{slug}\", alliance: \"here\") {{ id }} node(id: \"{id}\") {{ id }}
            all: {kind}s{list} alliance(slug: \"here\") {{ own: {kind}s{list} }}
            search(query: \"{word}\", first: 100) {{ totalCount nodes {{ subject {{ ... on Campaign {{ id }} ... on Event {{ id }}
                ... on Institution {{ id }} }} }} }} }}"
    );
    let data = app.read_as(viewer, &query).await;
    let lists = |list: &Value| {
        let nodes = list["nodes"].as_array().expect("a list");
        assert_eq!(list["totalCount"], nodes.len(), "{}: {list}", app.name);
        nodes.iter().any(|node| node["id"] == **id)
    };
    let found = data["search"]["nodes"].as_array().expect("a list").iter().any(|node| node["subject"]["id"] == **id);
    let seen = [
        data["byId"]["id"] == **id,
        data["bySlug"]["id"] == **id,
        data["node"]["id"] == **id,
        lists(&data["all"]),
        lists(&data["alliance"]["own"]),
    ];
    assert!(seen == [seen[0]; 5], "{}: {kind}: {seen:?}", app.name);
    // Staff search what is live, too.
    if *viewer == Viewer::Anonymous {
        assert_eq!(found, seen[0], "{}: {kind} {slug} in the search", app.name);
    }
    seen[0]
}

/// What stands in several places says the same in each.
async fn is_sound(app: &TestApp) {
    let found = consistency::store::examine(app.app.db().read()).await.expect("the database answers");
    let wrong: Vec<_> = found.into_iter().filter(|(_, problem)| problem.is_some()).collect();
    assert!(wrong.is_empty(), "{}: {wrong:?}", app.name);
}
