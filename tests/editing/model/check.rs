//! What each viewer sees, beside what the model says they see.

use std::collections::{BTreeMap, BTreeSet};

use alliance_entity::id::PostId;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::editing::Desk;
use crate::editing::model::rules::{Model, Post, Who};
use crate::editing::model::token;
use crate::guests;

const STATUSES: &str = "[DRAFT, IN_REVIEW, SCHEDULED, PUBLISHED, UNPUBLISHED, ARCHIVED]";

/// Compares everything that each of them is shown.
pub(super) async fn compare(app: &TestApp, desk: &Desk, model: &Model, step: u32) {
    for who in [Who::Stranger, Who::Supporter, Who::Elsewhere, Who::Author, Who::Editor] {
        lists(app, desk, model, (who, step)).await;
    }
    carried(app, model, step).await;
    for post in &model.posts {
        let at = usize::try_from(step).expect("it fits") % model.posts.len();
        if post.id == model.posts[at].id {
            one(app, desk, post, step).await;
        }
    }
}

/// The feed holds what is public, and tells of what was.
async fn carried(app: &TestApp, model: &Model, step: u32) {
    let (_, _, text) = app.get("/feeds/here.json", &[]).await;
    let feed: Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: step {step}: {e}: {text}", app.name));
    let urn = |post: &Post| format!("urn:uuid:{}", post.id.parse::<PostId>().expect("an id").0);
    let told = |list: &Value, of: fn(&Value) -> Value| -> BTreeMap<String, Value> {
        let items = list.as_array().expect("a list").iter();
        items.map(|item| (item["id"].as_str().expect("an id").to_owned(), of(item))).collect()
    };
    let live =
        model.posts.iter().filter_map(|post| Some((urn(post), json!(post.revisions[post.live.filter(|_| post.is_public())?]))));
    assert_eq!(told(&feed["items"], |item| item["title"].clone()), live.collect(), "{}: step {step}: {feed}", app.name);
    let gone = model.posts.iter().filter(|post| post.was_public && !post.is_public()).map(|post| (urn(post), Value::Null));
    assert_eq!(told(&feed["_alliance"]["deleted"], |_| Value::Null), gone.collect(), "{}: step {step}: {feed}", app.name);
}

fn set<'a>(posts: impl Iterator<Item = &'a Post>) -> BTreeSet<String> {
    posts.map(|post| post.id.clone()).collect()
}

fn ids(list: &Value) -> BTreeSet<String> {
    let nodes = list["nodes"].as_array().unwrap_or_else(|| panic!("a list: {list}"));
    nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

async fn lists(app: &TestApp, desk: &Desk, model: &Model, (who, step): (Who, u32)) {
    let staff = matches!(who, Who::Author | Who::Editor | Who::Elsewhere);
    let for_staff = match staff {
        true => format!(
            "all: posts(first: 100, filter: {{ alliance: \"here\", statuses: {STATUSES} }}) {{ totalCount nodes {{ id }} }}
             pending: posts(first: 100, filter: {{ alliance: \"here\", hasPendingChanges: true }}, orderBy: {{ field: UPDATED_AT, direction: ASC }}) {{ totalCount nodes {{ id }} }}
             deleted: posts(first: 100, filter: {{ alliance: \"here\", deleted: true }}) {{ totalCount nodes {{ id }} }}"
        ),
        false => String::new(),
    };
    let query = format!(
        "{{ public: posts(first: 100, filter: {{ alliance: \"here\" }}) {{ totalCount nodes {{ id title status }} }} {for_staff}
            search(query: \"walk\", alliance: \"here\", first: 100) {{ totalCount nodes {{ subject {{ ... on Post {{ id title }} }} titleHtml }} }} }}"
    );
    let answer = guests::ask(app, token(desk, who), &query, &json!({})).await;
    let seen = &answer["data"];
    let told = format!("{}: step {step}: {who:?}: {answer}", app.name);
    let live = set(model.posts.iter().filter(|post| post.is_public()));
    let open = |post: &&Post| post.is_open_to(who) || post.is_public();
    // What was withdrawn had its place in the order of publication, for those who still see it.
    let listed = set(model.posts.iter().filter(|post| open(post) && !post.is_deleted && (post.is_public() || post.was_public)));
    let public = if staff { listed } else { live.clone() };
    assert_eq!(ids(&seen["public"]), public, "{told}");
    assert_eq!(seen["public"]["totalCount"], public.len(), "{told}");
    let found: BTreeSet<String> = seen["search"]["nodes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|hit| {
            let plain = hit["titleHtml"].as_str().expect("a title").replace("<mark>", "").replace("</mark>", "");
            assert_eq!(hit["subject"]["title"], plain, "what is found is what is live: {told}");
            hit["subject"]["id"].as_str().expect("an id").to_owned()
        })
        .collect();
    assert_eq!((found, &seen["search"]["totalCount"]), (live.clone(), &json!(live.len())), "{told}");
    if staff {
        let all = set(model.posts.iter().filter(|post| open(post) && !post.is_deleted));
        assert_eq!(ids(&seen["all"]), all, "{told}");
        let waits = |post: &&Post| !post.is_deleted && post.live.is_some() && post.draft.is_some();
        assert_eq!(ids(&seen["pending"]), set(model.posts.iter().filter(|post| post.is_open_to(who)).filter(waits)), "{told}");
        let deleted = set(model.posts.iter().filter(|post| post.is_open_to(who) && post.is_deleted));
        assert_eq!(ids(&seen["deleted"]), deleted, "{told}");
    }
}

/// One post, by its id and by each slug that it ever had, as the public and as an editor see it.
async fn one(app: &TestApp, desk: &Desk, post: &Post, step: u32) {
    let (id, slug) = (&post.id, &post.slug);
    let told = format!("{}: step {step}: {post:?}", app.name);
    let query = format!(
        "{{ post(id: \"{id}\") {{ slug status version hasPendingChanges title draft {{ number title }} revisions {{ totalCount }}
            corrections {{ text }} scheduledFor deletedAt }} }}"
    );
    let seen = desk.editor.ask(app, &query).await["data"]["post"].take();
    let title = &post.revisions[post.live.or(post.draft).expect("it says something")];
    let draft = post.draft.or(post.live).expect("it says something");
    assert_eq!(
        (&seen["slug"], &seen["status"], &seen["version"]),
        (&json!(slug), &json!(post.status), &json!(post.version)),
        "{told}"
    );
    assert_eq!(&seen["title"], title, "{told}: {seen}");
    assert_eq!(seen["draft"], json!({ "number": draft + 1, "title": post.revisions[draft] }), "{told}: {seen}");
    assert_eq!(seen["hasPendingChanges"], post.live.is_some() && post.draft.is_some(), "{told}: {seen}");
    assert_eq!(seen["revisions"]["totalCount"], post.revisions.len(), "{told}: {seen}");
    assert_eq!(seen["corrections"].as_array().map(Vec::len), Some(post.corrections), "{told}: {seen}");
    assert_eq!(seen["scheduledFor"].is_string(), post.scheduled.is_some(), "{told}: {seen}");
    assert_eq!(seen["deletedAt"].is_string(), post.is_deleted, "{told}: {seen}");
    let shown = if post.is_public() { json!({ "id": id, "title": title }) } else { Value::Null };
    for name in post.former.iter().chain([slug]) {
        let query = format!("{{ post(slug: \"{name}\", alliance: \"here\") {{ id title }} }}");
        assert_eq!(app.read(&query).await["post"], shown, "{told}: as `{name}`");
    }
}
