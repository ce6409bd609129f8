//! Pages of lists that mix drafts with what is public: whichever way they are walked, nothing comes twice and nothing is left out.

use std::collections::BTreeSet;

use alliance::viewer::Viewer;
use alliance_entity::post::PostStatus;
use alliance_tests::app::TestApp;
use serde_json::Value;

use crate::staff::planted::{Content, read};
use crate::viewers::{HERE, Kind, here, mixed, staff_elsewhere};

/// Those who read differently.
fn kinds() -> Vec<Kind> {
    let all = [here(), staff_elsewhere(), mixed()].concat();
    let read = ["supporter", "author", "editor", "operator", "editor/2", "editor here, author there"];
    all.into_iter().filter(|kind| read.contains(&kind.name)).collect()
}

/// A list: the field, what stands around it, and what it is asked with beside its page.
struct List<'a> {
    field: &'a str,
    around: String,
    arguments: String,
}

impl List<'_> {
    /// One page.
    async fn page(&self, app: &TestApp, viewer: &Viewer, page: &str) -> Value {
        let Self { field, around, arguments } = self;
        let fields = "totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";
        let list = format!("list: {field}({page}{arguments}) {{ {fields} }}");
        let query = if around.is_empty() { format!("{{ {list} }}") } else { format!("{{ parent: {around} {{ {list} }} }}") };
        let mut data = app.read_as(viewer, &query).await;
        if around.is_empty() { data["list"].take() } else { data["parent"]["list"].take() }
    }

    /// Walks all pages in one direction, of other sizes forward than backward, and returns the ids in the list's order.
    async fn walk(&self, app: &TestApp, viewer: &Viewer, backward: bool) -> Vec<String> {
        let (size, from, cursor, more) = match backward {
            false => ("first: 3", "after", "endCursor", "hasNextPage"),
            true => ("last: 2", "before", "startCursor", "hasPreviousPage"),
        };
        let (mut pages, mut asked) = (Vec::new(), size.to_owned());
        loop {
            let page = self.page(app, viewer, &asked).await;
            pages.push(ids(&page));
            assert!(pages.len() < 50, "{}: {} has no end", app.name, self.field);
            if page["pageInfo"][more] != true {
                break;
            }
            asked = format!("{size}, {from}: {}", page["pageInfo"][cursor]);
        }
        if backward {
            pages.reverse();
        }
        pages.concat()
    }

    /// Walks it both ways and by numbers of pages, and returns its ids.
    async fn ids(&self, app: &TestApp, kind: &Kind) -> Vec<String> {
        let what = format!("{}: {}: {} {} {}", app.name, kind.name, self.around, self.field, self.arguments);
        let forward = self.walk(app, &kind.viewer, false).await;
        assert_eq!(forward, self.walk(app, &kind.viewer, true).await, "{what}: backward");
        let whole = self.page(app, &kind.viewer, "first: 100").await;
        assert_eq!(forward, ids(&whole), "{what}: at once");
        assert_eq!(whole["totalCount"], forward.len(), "{what}: counted");
        let second = self.page(app, &kind.viewer, "first: 3, offset: 3").await;
        assert_eq!(ids(&second), forward.iter().skip(3).take(3).cloned().collect::<Vec<_>>(), "{what}: by number");
        let set: BTreeSet<&String> = forward.iter().collect();
        assert_eq!(set.len(), forward.len(), "{what}: one came twice");
        forward
    }
}

fn ids(page: &Value) -> Vec<String> {
    let nodes = page["nodes"].as_array().expect("a list");
    nodes.iter().map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

fn orders(fields: &[&str]) -> Vec<String> {
    let order = |field: &&str| ["ASC", "DESC"].map(|way| format!(", orderBy: {{ field: {field}, direction: {way} }}"));
    fields.iter().flat_map(order).collect()
}

#[tokio::test]
async fn every_order_of_a_list_holds_what_its_reader_may_read_once() {
    for app in TestApp::both_empty().await {
        let content = Content::plant(&app).await;
        let lists = [
            ("campaigns", "campaign", orders(&["TITLE", "UPDATED_AT"])),
            ("events", "event", orders(&["STARTS_AT"])),
            ("institutions", "institution", orders(&["NAME", "JOINED_ON"])),
            ("posts", "post", orders(&["UPDATED_AT"])),
        ];
        for kind in kinds() {
            for (field, one, orders) in &lists {
                for (around, arguments) in orders.iter().flat_map(|order| ["", "alliance(slug: \"here\")"].map(|a| (a, order))) {
                    let list = List { field, around: around.to_owned(), arguments: arguments.clone() };
                    let found: BTreeSet<String> = list.ids(&app, &kind).await.into_iter().collect();
                    let objects = content.objects();
                    let readable = objects.iter().filter(|object| object.field == *one && kind.viewer.may(object.action));
                    let wanted = readable.filter(|object| around.is_empty() || object.of == HERE).map(|object| object.id.clone());
                    assert_eq!(found, wanted.collect(), "{}: {}: {around} {field}{arguments}", app.name, kind.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn posts_by_publication_are_those_that_were_published() {
    for app in TestApp::both_empty().await {
        let content = Content::plant(&app).await;
        for kind in kinds() {
            for order in [vec![String::new()], orders(&["PUBLISHED_AT"])].concat() {
                let list = List { field: "posts", around: String::new(), arguments: order.clone() };
                let found: BTreeSet<String> = list.ids(&app, &kind).await.into_iter().collect();
                let published = content.posts.iter().filter(|post| post.published_at.is_some() && kind.viewer.may(read(post)));
                assert_eq!(found, published.map(|post| post.id.to_string()).collect(), "{}: {}{order}", app.name, kind.name);
            }
        }
    }
}

#[tokio::test]
async fn what_hangs_on_an_object_comes_in_pages_too() {
    for app in TestApp::both_empty().await {
        let content = Content::plant(&app).await;
        let campaigns = [content.campaigns[0].id, content.campaigns[1].id];
        let institution = content.institutions[0].id;
        let live = content.posts.iter().filter(|post| post.alliance_id == HERE && post.status == PostStatus::Published).count();
        for kind in kinds() {
            let edits = |wanted: usize| if kind.viewer.may(read(&content.posts[0])) { wanted } else { 0 };
            for order in [vec![String::new()], orders(&["PUBLISHED_AT", "UPDATED_AT"])].concat() {
                for (campaign, wanted) in campaigns.into_iter().zip([edits(live), live]) {
                    let around = format!("campaign(id: \"{campaign}\")");
                    if wanted > 0 {
                        let posts = List { field: "posts", around, arguments: order.clone() };
                        assert_eq!(posts.ids(&app, &kind).await.len(), wanted, "{}: {}{order}", app.name, kind.name);
                    }
                }
            }
            if edits(1) == 0 {
                continue;
            }
            let of_campaign = format!("campaign(id: \"{}\")", campaigns[0]);
            let of_institution = format!("institution(id: \"{institution}\")");
            let of_post = format!("post(id: \"{}\")", content.posts[0].id);
            let of_event = format!("event(id: \"{}\")", content.events[0].id);
            let lists = [
                ("events", &of_campaign, 3),
                ("institutions", &of_campaign, 4),
                ("posts", &of_institution, live),
                ("campaigns", &of_institution, 1),
                ("campaigns", &of_post, 2),
                ("institutions", &of_post, 1),
                ("campaigns", &of_event, 1),
            ];
            for (field, around, wanted) in lists {
                let list = List { field, around: around.clone(), arguments: String::new() };
                assert_eq!(list.ids(&app, &kind).await.len(), wanted, "{}: {}: {around} {field}", app.name, kind.name);
            }
        }
    }
}

#[tokio::test]
async fn the_lists_of_many_objects_are_those_of_each() {
    for app in TestApp::both_empty().await {
        Content::plant(&app).await;
        let by_update = "orderBy: { field: UPDATED_AT, direction: ASC }";
        let many = [
            ("campaigns", "campaign", format!("posts(last: 2, {by_update}) {{ totalCount nodes {{ id }} }}")),
            ("campaigns", "campaign", "institutions(first: 3) { totalCount nodes { id } }".to_owned()),
            ("campaigns", "campaign", "events(first: 2) { totalCount nodes { id } }".to_owned()),
            ("institutions", "institution", "posts(first: 2) { totalCount nodes { id } }".to_owned()),
            ("institutions", "institution", "campaigns { totalCount nodes { id } }".to_owned()),
            ("posts", "post", "campaigns(last: 1) { totalCount nodes { id } } comments { totalCount nodes { id } }".to_owned()),
            ("posts", "post", "institutions { totalCount nodes { id } } author { id } event { id }".to_owned()),
        ];
        for kind in kinds() {
            for (list, one, below) in &many {
                let order = if *list == "posts" { format!(", {by_update}") } else { String::new() };
                let query = format!("{{ {list}(first: 50{order}) {{ nodes {{ id {below} }} }} }}");
                let all = app.read_as(&kind.viewer, &query).await[list]["nodes"].take();
                for object in all.as_array().expect("a list") {
                    let query = format!("{{ {one}(id: {}) {{ id {below} }} }}", object["id"]);
                    assert_eq!(app.read_as(&kind.viewer, &query).await[one], *object, "{}: {}", app.name, kind.name);
                }
            }
        }
    }
}
