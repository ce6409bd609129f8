//! What happens to posts by itself: once, not early, and not where it was cancelled.

use std::time::Duration;

use alliance::posts::actions::schedule;
use chrono::TimeDelta;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::editing::{act, begun, desks, public_title, with};
use crate::guests::rows_of;

/// Long after the database's own time.
const FAR: &str = "2099-01-01T09:00:00Z";

#[tokio::test]
async fn a_schedule_pins_the_revision_and_a_cancelled_one_never_happens() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let post = begun(&app, editor, "Pinned lanterns").await;
        let post = act(&app, editor, "postSchedule", &post, json!({ "publishAt": "2026-11-24T13:00:00Z" })).await;
        let post = act(&app, editor, "postEdit", &post, json!({ "title": "Written after it" })).await;
        app.work().await;
        assert_eq!(public_title(&app, &post, "lanterns").await.as_deref(), Some("Pinned lanterns"), "{}", app.name);
        let read = format!("{{ post(id: {}) {{ hasPendingChanges draft {{ title }} }} }}", post["id"]);
        let wanted = json!({ "hasPendingChanges": true, "draft": { "title": "Written after it" } });
        assert_eq!(editor.ask(&app, &read).await["data"]["post"], wanted, "{}: what was written after it waits", app.name);
        let other = begun(&app, editor, "Cancelled candles").await;
        let other = act(&app, editor, "postSchedule", &other, json!({ "publishAt": "2026-11-24T13:00:00Z" })).await;
        let other = act(&app, editor, "postUnschedule", &other, json!({})).await;
        assert_eq!(other["status"], "DRAFT", "{}", app.name);
        assert_eq!(editor.tries(&app, "postUnschedule", with(&other, json!({}))).await, "WRONG_STATE", "{}", app.name);
        app.work().await;
        let query = format!("{{ post(id: {}) {{ id }} }}", other["id"]);
        assert_eq!(app.read(&query).await["post"], Value::Null, "{}", app.name);
    }
}

#[tokio::test]
async fn a_post_that_is_not_to_be_published_after_all_stands_where_it_stood() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let reviewed = begun(&app, &desk.author, "In review").await;
        let reviewed = act(&app, &desk.author, "postSubmit", &reviewed, json!({})).await;
        let archived = begun(&app, editor, "Archived").await;
        let archived = act(&app, editor, "postArchive", &archived, json!({})).await;
        let withdrawn = begun(&app, editor, "Withdrawn").await;
        let withdrawn = act(&app, editor, "postPublish", &withdrawn, json!({})).await;
        let withdrawn = act(&app, editor, "postUnpublish", &withdrawn, json!({})).await;
        for (post, status) in [(&reviewed, "IN_REVIEW"), (&archived, "ARCHIVED"), (&withdrawn, "UNPUBLISHED")] {
            let post = act(&app, editor, "postSchedule", post, json!({ "publishAt": FAR })).await;
            let post = act(&app, editor, "postSchedule", &post, json!({ "publishAt": "2099-02-01T09:00:00Z" })).await;
            assert_eq!(post["status"], "SCHEDULED", "{}: {post}", app.name);
            let post = act(&app, editor, "postUnschedule", &post, json!({})).await;
            assert_eq!(post["status"], status, "{}: {post}", app.name);
            let post = act(&app, editor, "postSchedule", &post, json!({ "publishAt": FAR })).await;
            let post = act(&app, editor, "postSchedule", &post, json!({ "publishAt": null })).await;
            assert_eq!(post["status"], status, "{}: its time alone is taken back: {post}", app.name);
        }
        let reviewed =
            editor.ask(&app, &format!("{{ post(id: {}) {{ id version }} }}", reviewed["id"])).await["data"]["post"].take();
        let reviewed = act(&app, &desk.author, "postDelete", &reviewed, json!({})).await;
        let reviewed = act(&app, &desk.author, "postRestore", &reviewed, json!({})).await;
        assert_eq!(reviewed["status"], "IN_REVIEW", "{}: what was deleted is taken back to it, too", app.name);
        app.work().await;
        drop(app.mails());
    }
}

#[tokio::test]
async fn nothing_happens_before_the_database_says_so_whatever_a_node_s_clock_says() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.editor, "Not yet").await;
        let post = act(&app, &desk.editor, "postSchedule", &post, json!({ "publishAt": FAR })).await;
        // A node whose clock is far ahead of the database's.
        let fast = app.later(TimeDelta::days(40_000));
        assert_eq!(schedule::work(&fast.app).await.expect("the database answers"), 0, "{}", app.name);
        assert_eq!(public_title(&app, &post, "yet").await, None, "{}", app.name);
        app.app.db().bell().move_time(Duration::from_secs(100 * 366 * 86_400));
        assert_eq!(schedule::work(&app.app).await.expect("the database answers"), 1, "{}", app.name);
        assert_eq!(public_title(&app, &post, "yet").await.as_deref(), Some("Not yet"), "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn of_two_nodes_that_find_the_same_due_each_post_is_published_by_one() {
    for (app, desk) in desks().await {
        let mut posts = Vec::new();
        for n in 0..20 {
            let post = begun(&app, &desk.editor, &format!("Due {n}")).await;
            posts.push(act(&app, &desk.editor, "postSchedule", &post, json!({ "publishAt": "2026-11-24T13:00:00Z" })).await);
        }
        let nodes = [app.app.clone(), app.node().await, app.node().await];
        let done = join_all(nodes.iter().map(schedule::work)).await;
        let done: usize = done.into_iter().map(|done| done.expect("the database answers")).sum();
        assert_eq!(done, posts.len(), "{}", app.name);
        let events = rows_of(&app, "SELECT subject_id FROM outbox WHERE kind = 'PostPublished'").await;
        assert_eq!(events.len(), posts.len(), "{}: each is told of once", app.name);
        let public = app.read("{ posts(filter: { alliance: \"here\" }) { totalCount } }").await;
        assert_eq!(public["posts"]["totalCount"], posts.len(), "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_post_is_withdrawn_at_its_time_and_the_calendar_tells_what_comes() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let post = begun(&app, editor, "A week of lanterns").await;
        let both = json!({ "publishAt": "2099-01-01T09:00:00Z", "unpublishAt": "2099-07-01T09:00:00Z" });
        let post = act(&app, editor, "postSchedule", &post, both).await;
        let query =
            "{ scheduledPosts(alliance: \"here\") { totalCount nodes { act at atLocal revisionNumber post { title } } } }";
        let calendar = json!([
            { "act": "PUBLISH", "at": "2099-01-01T09:00:00Z", "atLocal": "2099-01-01T09:00:00", "revisionNumber": 1, "post": { "title": "A week of lanterns" } },
            { "act": "UNPUBLISH", "at": "2099-07-01T09:00:00Z", "atLocal": "2099-07-01T10:00:00", "revisionNumber": null, "post": { "title": "A week of lanterns" } },
        ]);
        assert_eq!(editor.ask(&app, query).await["data"]["scheduledPosts"]["nodes"], calendar, "{}", app.name);
        for outsider in [&desk.author, &desk.supporter, &desk.elsewhere] {
            assert_eq!(outsider.ask(&app, query).await["data"]["scheduledPosts"]["totalCount"], 0, "{}", app.name);
        }
        let narrow = "{ scheduledPosts(alliance: \"here\", from: \"2099-02-01T00:00:00Z\", until: \"2100-01-01T00:00:00Z\") { nodes { act } } }";
        assert_eq!(
            editor.ask(&app, narrow).await["data"]["scheduledPosts"]["nodes"],
            json!([{ "act": "UNPUBLISH" }]),
            "{}",
            app.name
        );
        let post = act(&app, editor, "postSchedule", &post, json!({ "unpublishAt": null })).await;
        assert_eq!(
            (&post["scheduledFor"].is_string(), &post["unpublishAt"]),
            (&true, &Value::Null),
            "{}: null forgets",
            app.name
        );
        let post = act(&app, editor, "postSchedule", &post, json!({ "unpublishAt": "2099-07-01T09:00:00Z" })).await;
        let post = act(&app, editor, "postPublish", &post, json!({})).await;
        assert_eq!((&post["scheduledFor"], &post["unpublishAt"]), (&Value::Null, &json!("2099-07-01T09:00:00Z")), "{}", app.name);
        let post = act(&app, editor, "postSchedule", &post, json!({ "unpublishAt": "2026-11-24T12:00:01Z" })).await;
        app.work().await;
        assert_eq!(public_title(&app, &post, "lanterns").await, None, "{}", app.name);
    }
}

#[tokio::test]
async fn a_time_on_the_clocks_of_the_city_is_that_time_in_summer_and_in_winter() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let mut post = begun(&app, editor, "Nine o'clock").await;
        // The last Sundays of March and October, when the clocks of London are changed.
        let times = [
            ("2027-03-28T00:30", "2027-03-28T00:30:00Z"),
            ("2027-03-28T09:00", "2027-03-28T08:00:00Z"),
            ("2027-10-31T00:30", "2027-10-30T23:30:00Z"),
            ("2027-10-31T09:00", "2027-10-31T09:00:00Z"),
        ];
        for (local, moment) in times {
            post = act(&app, editor, "postSchedule", &post, json!({ "publishAtLocal": local })).await;
            assert_eq!(post["scheduledFor"], moment, "{}: {local}", app.name);
        }
        for wrong in [
            json!({ "publishAtLocal": "2027-03-28T01:30" }),
            json!({ "publishAtLocal": "2027-10-31T01:30" }),
            json!({ "publishAt": "2026-11-24T11:59:59Z" }),
            json!({ "publishAt": FAR, "publishAtLocal": "2027-01-01T09:00" }),
            json!({ "publishAt": FAR, "unpublishAt": FAR }),
            json!({ "unpublishAt": "2027-01-01T09:00:00Z" }),
        ] {
            assert_eq!(editor.tries(&app, "postSchedule", with(&post, wrong.clone())).await, "INVALID", "{}: {wrong}", app.name);
        }
        assert_eq!(editor.tries(&app, "postSchedule", with(&post, json!({}))).await, "REQUIRED", "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn what_was_dropped_is_never_published_and_no_schedule_undoes_a_correction() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let post = begun(&app, editor, "Right lanterns").await;
        let post = act(&app, editor, "postPublish", &post, json!({})).await;
        let post = act(&app, editor, "postEdit", &post, json!({ "title": "Wrong lanterns" })).await;
        let post = act(&app, editor, "postSchedule", &post, json!({ "publishAt": "2026-11-24T13:00:00Z" })).await;
        let corrected = json!({ "correction": "A number was wrong.", "title": "Corrected lanterns" });
        assert_eq!(editor.tries(&app, "postCorrect", with(&post, corrected.clone())).await, "WRONG_STATE", "{}", app.name);
        let post = act(&app, editor, "postRevisionRestore", &post, json!({ "revision": 1 })).await;
        assert_eq!((&post["scheduledFor"], &post["hasPendingChanges"]), (&Value::Null, &json!(false)), "{}", app.name);
        let post = act(&app, editor, "postCorrect", &post, corrected).await;
        app.work().await;
        assert_eq!(public_title(&app, &post, "lanterns").await.as_deref(), Some("Corrected lanterns"), "{}", app.name);
    }
}
