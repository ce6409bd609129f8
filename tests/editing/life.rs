//! The life of a post, with the public watching at each step.

use alliance::retention;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::editing::{act, begun, desks, public_title, with};
use crate::guests::rows_of;

async fn seen(app: &TestApp, post: &Value, expected: Option<&str>) {
    let title = public_title(app, post, "lanterns").await;
    assert_eq!(title.as_deref(), expected, "{}: {post}", app.name);
}

#[tokio::test]
async fn a_post_lives_from_draft_to_archive_and_the_public_sees_what_is_live() {
    for (app, desk) in desks().await {
        let (author, editor) = (&desk.author, &desk.editor);
        let post = begun(&app, author, "Lanterns for Sneinton").await;
        assert_eq!(
            (&post["status"], &post["version"], &post["slug"]),
            (&json!("DRAFT"), &json!(1), &json!("lanterns-for-sneinton"))
        );
        seen(&app, &post, None).await;
        let post = act(&app, author, "postSubmit", &post, json!({ "note": "Please look at the numbers." })).await;
        assert_eq!(post["status"], "IN_REVIEW", "{post}");
        seen(&app, &post, None).await;
        let post = act(&app, editor, "postReturn", &post, json!({ "reason": "Who said it?" })).await;
        assert_eq!(post["status"], "DRAFT", "{post}");
        let post = act(&app, author, "postEdit", &post, json!({ "body": "Lanterns, said Ines." })).await;
        let post = act(&app, author, "postSubmit", &post, json!({})).await;
        assert_eq!(author.tries(&app, "postPublish", with(&post, json!({}))).await, "FORBIDDEN", "{}", app.name);
        // The clock of the tests stands before the database's: this is due at once.
        let post = act(&app, editor, "postSchedule", &post, json!({ "publishAt": "2026-11-24T12:02:00Z" })).await;
        assert_eq!((&post["status"], &post["scheduledFor"]), (&json!("SCHEDULED"), &json!("2026-11-24T12:02:00Z")), "{post}");
        seen(&app, &post, None).await;
        assert_eq!(author.tries(&app, "postEdit", with(&post, json!({ "title": "Late" }))).await, "FORBIDDEN", "{}", app.name);
        app.work().await;
        seen(&app, &post, Some("Lanterns for Sneinton")).await;
        let post = read(&app, editor, &post).await;
        assert_eq!((&post["status"], &post["scheduledFor"]), (&json!("PUBLISHED"), &Value::Null), "{post}");
        let post = act(&app, author, "postEdit", &post, json!({ "title": "Lanterns for all of Sneinton" })).await;
        assert_eq!((&post["hasPendingChanges"], &post["title"]), (&json!(true), &json!("Lanterns for Sneinton")), "{post}");
        assert_eq!(post["draft"]["title"], "Lanterns for all of Sneinton", "{post}");
        seen(&app, &post, Some("Lanterns for Sneinton")).await;
        let post = act(&app, editor, "postPublish", &post, json!({})).await;
        assert_eq!((&post["hasPendingChanges"], &post["version"]), (&json!(false), &json!(9)), "{post}");
        seen(&app, &post, Some("Lanterns for all of Sneinton")).await;
        let post = corrected(&app, editor, &post).await;
        seen(&app, &post, Some("Lanterns for Sneinton and St Ann's")).await;
        let post = act(&app, editor, "postUnpublish", &post, json!({ "reason": "The lanterns were candles." })).await;
        assert_eq!(post["status"], "UNPUBLISHED", "{post}");
        seen(&app, &post, None).await;
        let post = act(&app, editor, "postRevisionRestore", &post, json!({ "revision": 1 })).await;
        assert_eq!(
            (&post["draft"]["title"], &post["hasPendingChanges"]),
            (&json!("Lanterns for Sneinton"), &json!(true)),
            "{post}"
        );
        seen(&app, &post, None).await;
        let post = act(&app, editor, "postArchive", &post, json!({})).await;
        assert_eq!(post["status"], "ARCHIVED", "{post}");
        seen(&app, &post, None).await;
        told(&app, &post).await;
        app.work().await;
    }
}

async fn read(app: &TestApp, by: &crate::guests::Guest, post: &Value) -> Value {
    let id = post["id"].as_str().expect("an id");
    let query = format!("{{ post(id: \"{id}\") {{ id slug version status scheduledFor }} }}");
    by.ask(app, &query).await["data"]["post"].take()
}

async fn corrected(app: &TestApp, editor: &crate::guests::Guest, post: &Value) -> Value {
    let correction = json!({ "correction": "They are for St Ann's, too.", "title": "Lanterns for Sneinton and St Ann's" });
    let post = act(app, editor, "postCorrect", post, correction).await;
    let id = post["id"].as_str().expect("an id");
    let read = app.read(&format!("{{ post(id: \"{id}\") {{ corrections {{ text correctedAt }} }} }}")).await;
    let notice = json!([{ "text": "They are for St Ann's, too.", "correctedAt": "2026-11-24T12:00:00Z" }]);
    assert_eq!(read["post"]["corrections"], notice, "{}", app.name);
    post
}

/// Each change has its entry of the audit log and its event, in the order of the changes.
async fn told(app: &TestApp, post: &Value) {
    let uuid = alliance_entity::id::parse(post["id"].as_str().expect("an id")).expect("this is an id").1;
    let uuid = match app.app.db().is_sqlite() {
        true => format!("X'{}'", uuid.simple()),
        false => format!("'{uuid}'"),
    };
    let words = async |sql: String| -> Vec<String> {
        rows_of(app, &sql).await.iter().map(|row| row.try_get_by_index(0).expect("a word")).collect()
    };
    let acts = words(format!("SELECT action FROM audit_entries WHERE subject_id = {uuid} ORDER BY created_at, id")).await;
    let mut acts = acts;
    acts.sort_unstable();
    let mut wanted = [
        "postCreate",
        "postSubmit",
        "postReturn",
        "postEdit",
        "postSubmit",
        "postSchedule",
        "postPublish",
        "postEdit",
        "postPublish",
        "postCorrect",
        "postUnpublish",
        "postRevisionRestore",
        "postArchive",
    ];
    wanted.sort_unstable();
    assert_eq!(acts, wanted, "{}", app.name);
    let events = words(format!("SELECT kind FROM outbox WHERE subject_id = {uuid} ORDER BY id")).await;
    let wanted = [
        "PostCreated",
        "PostSubmitted",
        "PostReturned",
        "PostEdited",
        "PostSubmitted",
        "PostScheduled",
        "PostPublished",
        "PostEdited",
        "PostPublished",
        "PostCorrected",
        "PostUnpublished",
        "PostEdited",
        "PostArchived",
    ];
    assert_eq!(events, wanted, "{}", app.name);
}

#[tokio::test]
async fn a_deleted_post_is_gone_for_the_public_and_can_be_taken_back() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let post = begun(&app, editor, "Lanterns again").await;
        let post = act(&app, editor, "postPublish", &post, json!({})).await;
        seen(&app, &post, Some("Lanterns again")).await;
        let post = act(&app, editor, "postDelete", &post, json!({})).await;
        assert_eq!((&post["status"], &post["deletedAt"]), (&json!("UNPUBLISHED"), &json!("2026-11-24T12:00:00Z")), "{post}");
        seen(&app, &post, None).await;
        let lists = "{ posts(filter: { alliance: \"here\", statuses: [UNPUBLISHED] }) { totalCount }
            deleted: posts(filter: { alliance: \"here\", deleted: true }) { nodes { title deletedAt } } }";
        let listed = editor.ask(&app, lists).await;
        assert_eq!(listed["data"]["posts"]["totalCount"], 0, "{listed}");
        assert_eq!(listed["data"]["deleted"]["nodes"][0]["title"], "Lanterns again", "{listed}");
        for field in ["postEdit", "postPublish", "postArchive", "postUnpublish"] {
            let more = if field == "postEdit" { json!({ "title": "No" }) } else { json!({}) };
            assert_eq!(editor.tries(&app, field, with(&post, more)).await, "WRONG_STATE", "{}: {field}", app.name);
        }
        let post = act(&app, editor, "postRestore", &post, json!({})).await;
        assert_eq!((&post["status"], &post["deletedAt"]), (&json!("UNPUBLISHED"), &Value::Null), "{post}");
        seen(&app, &post, None).await;
        let post = act(&app, editor, "postPublish", &post, json!({})).await;
        seen(&app, &post, Some("Lanterns again")).await;
        app.work().await;
    }
}

#[tokio::test]
async fn a_deleted_post_goes_for_good_after_thirty_days_with_all_that_belongs_to_it() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let kept = begun(&app, editor, "Kept").await;
        let post = begun(&app, editor, "Gone").await;
        let post = act(&app, editor, "postPublish", &post, json!({})).await;
        let post = act(&app, editor, "postEdit", &post, json!({ "slug": "gone-soon", "title": "Gone soon" })).await;
        let post = act(&app, editor, "postCorrect", &post, json!({ "correction": "Not kept." })).await;
        editor.does(&app, "postNoteCreate", json!({ "id": post["id"], "text": "A note." }), "__typename").await;
        editor.does(&app, "postPreviewTokenCreate", json!({ "id": post["id"] }), "__typename").await;
        act(&app, editor, "postDelete", &post, json!({})).await;
        app.work().await;
        for (days, left) in [(29, 2), (31, 1)] {
            retention::run(&app.later(TimeDelta::days(days)).app).await.expect("the database answers");
            let posts = rows_of(&app, "SELECT id FROM posts WHERE slug LIKE 'gone%' OR slug = 'kept'").await;
            assert_eq!(posts.len(), left, "{}: after {days} days", app.name);
        }
        for table in ["post_notes", "post_corrections", "post_preview_tokens", "former_slugs"] {
            assert_eq!(rows_of(&app, &format!("SELECT * FROM {table}")).await.len(), 0, "{}: {table}", app.name);
        }
        let revisions = rows_of(&app, "SELECT id FROM post_revisions WHERE title LIKE 'Gone%'").await;
        assert_eq!(revisions.len(), 0, "{}", app.name);
        act(&app, editor, "postEdit", &kept, json!({ "slug": "gone" })).await;
        app.work().await;
    }
}
