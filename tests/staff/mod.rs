//! What staff read: lists, searches and single objects that mix drafts with what is public, each as far as the reader may see.

mod pages;
mod planted;

use std::collections::BTreeSet;

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::staff::planted::Content;
use crate::viewers::{HERE, Kind, here, mixed, staff_elsewhere, with_roles};

fn kinds() -> Vec<Kind> {
    [here(), staff_elsewhere(), mixed()].concat()
}

#[tokio::test]
async fn an_object_is_found_by_its_id_and_by_its_slug_by_whoever_may_read_it() {
    for app in TestApp::both_empty().await {
        let content = Content::plant(&app).await;
        for Kind { name, viewer } in kinds() {
            for object in content.objects() {
                let (id, slug, field, alliance) = (&object.id, &object.slug, object.field, object.alliance());
                let query = format!(
                    "{{ node(id: \"{id}\") {{ id }} one: {field}(id: \"{id}\") {{ id slug }}
                        same: {field}(slug: \"{slug}\", alliance: \"{alliance}\") {{ id slug }} }}"
                );
                let found = app.read_as(&viewer, &query).await;
                let whole =
                    json!({ "node": { "id": id }, "one": { "id": id, "slug": slug }, "same": { "id": id, "slug": slug } });
                let wanted = if viewer.may(object.action) { whole } else { json!({ "node": null, "one": null, "same": null }) };
                assert_eq!(found, wanted, "{}: {name}: {field} {slug}", app.name);
            }
        }
    }
}

#[tokio::test]
async fn a_search_finds_what_its_reader_may_read() {
    for app in TestApp::both_empty().await {
        let content = Content::plant(&app).await;
        for Kind { name, viewer } in kinds() {
            let subject = "subject { ... on Post { id } ... on Campaign { id } ... on Event { id } ... on Institution { id } }";
            let query = format!("{{ search(query: \"sample\", first: 100) {{ totalCount nodes {{ {subject} }} }} }}");
            let found = app.read_as(&viewer, &query).await["search"].take();
            let nodes = found["nodes"].as_array().expect("a list");
            let ids: BTreeSet<&str> = nodes.iter().filter_map(|node| node["subject"]["id"].as_str()).collect();
            let objects = content.objects();
            let readable = objects.iter().filter(|object| viewer.may(object.action));
            let wanted: BTreeSet<&str> = readable.map(|object| object.id.as_str()).collect();
            assert_eq!(ids, wanted, "{}: {name}", app.name);
            assert_eq!(found["totalCount"], nodes.len(), "{}: {name}", app.name);
        }
    }
}

#[tokio::test]
async fn a_filter_names_what_its_reader_may_read_or_nothing() {
    for app in TestApp::both_empty().await {
        let content = Content::plant(&app).await;
        let named = &content.named;
        let filters = [
            ("posts", format!("campaign: \"{}\"", named.campaign)),
            ("posts", format!("institution: \"{}\"", named.institution)),
            ("posts", format!("event: \"{}\"", named.event)),
            ("posts", format!("author: \"{}\"", named.person)),
            ("campaigns", format!("institution: \"{}\"", named.institution)),
            ("events", format!("campaign: \"{}\"", named.campaign)),
            ("institutions", format!("campaign: \"{}\"", named.campaign)),
        ];
        for Kind { name, viewer } in kinds() {
            let edits = ["editor", "admin", "operator", "editor here, author there", "admin of both", "everything here"];
            for (list, filter) in &filters {
                let query = format!("{{ {list}(filter: {{ {filter} }}) {{ totalCount nodes {{ id }} }} }}");
                let found = app.read_as(&viewer, &query).await[list].take();
                let count = found["nodes"].as_array().map_or(0, Vec::len);
                assert_eq!(count > 0, edits.contains(&name), "{}: {name}: {list} {filter}: {found}", app.name);
                assert_eq!(found["totalCount"], count, "{}: {name}: {list} {filter}", app.name);
            }
        }
    }
}

#[tokio::test]
async fn a_draft_tells_its_editor_what_it_says_and_what_may_be_done() {
    for app in TestApp::both_empty().await {
        Content::plant(&app).await;
        let editor = with_roles(0x15, &[(HERE, Role::Editor)]);
        let query =
            "{ post(slug: \"draft\", alliance: \"here\") { title excerpt body { html } status publishedAt firstPublishedAt
            scheduledFor author { name } event { title } campaigns { nodes { slug } } institutions { nodes { slug } }
            reactions { total } comments { totalCount } share { url } viewerCan { edit publish delete react } } }";
        let draft = app.read_as(&editor, query).await["post"].take();
        let wanted = json!({
            "title": "draft", "excerpt": "draft", "body": { "html": "<p>draft</p>\n" }, "status": "DRAFT",
            "publishedAt": null, "firstPublishedAt": null, "scheduledFor": null,
            "author": { "name": "nobody yet" }, "event": { "title": "event-draft" },
            "campaigns": { "nodes": [{ "slug": "campaign-active" }, { "slug": "campaign-draft" }] },
            "institutions": { "nodes": [{ "slug": "institution-draft" }] },
            "reactions": { "total": 0 }, "comments": { "totalCount": 0 },
            "share": { "url": "https://citizens.example/here/posts/draft" },
            "viewerCan": { "edit": true, "publish": true, "delete": true, "react": false },
        });
        assert_eq!(draft, wanted, "{}", app.name);
        // What is being written anew is read where it is edited, not here.
        for slug in ["published", "unpublished"] {
            let query = format!("{{ post(slug: \"{slug}\", alliance: \"here\") {{ title }} }}");
            assert_eq!(app.read_as(&editor, &query).await["post"]["title"], slug, "{}", app.name);
        }
    }
}

#[tokio::test]
async fn what_became_of_a_comment_is_told_to_its_writer_and_what_it_said_to_moderators() {
    for app in TestApp::both_empty().await {
        let content = Content::plant(&app).await;
        let query = format!("{{ node(id: \"{}\") {{ ... on Reaction {{ state comment authorName }} }} }}", content.named.removed);
        for Kind { name, viewer } in [here(), staff_elsewhere()].concat() {
            let told = app.read_as(&viewer, &query).await["node"].take();
            let wanted = match name {
                "author" => json!({ "state": "REMOVED", "comment": null, "authorName": null }),
                "editor" | "admin" | "operator" => json!({ "state": "REMOVED", "comment": "hidden", "authorName": "Hidden" }),
                _ => Value::Null,
            };
            assert_eq!(told, wanted, "{}: {name}", app.name);
        }
    }
}
