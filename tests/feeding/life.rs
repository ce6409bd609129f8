//! A post in feeds, from its first day on.

use alliance_entity::id::PostId;
use alliance_entity::post::{self, PostStatus};
use axum::http::{HeaderValue, Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::feeding::{Desk, FEED, at, feed, ids, text, uuid};
use crate::idempotency::write;
use crate::viewers::HERE;
use crate::{guests, rows};

#[tokio::test]
async fn a_post_keeps_its_id_and_its_first_day_through_edits_corrections_and_withdrawal() {
    for app in guests::both().await {
        let mut desk = Desk::set(&app).await;
        let first = app.app.clock().now();
        let mut post = desk.publishes(&app, "Clean air", json!({})).await;
        let times = |entry: &feed_rs::model::Entry| (entry.published.expect("published"), entry.updated.expect("updated"));
        let entry = |feed: &feed_rs::model::Feed| feed.entries[0].clone();
        let begun = feed(&app, FEED).await;
        assert_eq!((ids(&begun), times(&entry(&begun))), (vec![post.urn().as_str()], (first, first)), "{}", app.name);

        let app = desk.later(&app, 1).await;
        let before = text(&app, FEED).await;
        desk.acts(&app, &mut post, "postEdit", json!({ "title": "Cleaner air" })).await;
        assert_eq!(text(&app, FEED).await, before, "{}: a draft changes nothing", app.name);
        desk.acts(&app, &mut post, "postPublish", json!({})).await;
        let edited = feed(&app, FEED).await;
        assert_eq!(crate::feeding::title(&entry(&edited)), "Cleaner air", "{}", app.name);
        assert_eq!(times(&entry(&edited)), (first, first + TimeDelta::days(1)), "{}", app.name);

        let app = desk.later(&app, 1).await;
        desk.acts(&app, &mut post, "postCorrect", json!({ "correction": "Ines said <it>." })).await;
        let corrected = feed(&app, FEED).await;
        assert_eq!(times(&entry(&corrected)), (first, first + TimeDelta::days(2)), "{}", app.name);
        let body = entry(&corrected).content.and_then(|content| content.body).expect("it says something");
        assert!(body.starts_with("<p><strong>Correction (<time datetime=\"2026-11-26\">"), "{}: {body}", app.name);
        assert!(body.contains("Ines said &lt;it&gt;.") && body.contains("The whole of Clean air"), "{}: {body}", app.name);

        let app = desk.later(&app, 1).await;
        desk.acts(&app, &mut post, "postUnpublish", json!({})).await;
        let gone = text(&app, FEED).await;
        let tombstone = format!("<at:deleted-entry ref=\"{}\" when=\"2026-11-27T12:00:00Z\"/>", post.urn());
        assert!(gone.contains(&tombstone) && !gone.contains("<entry>"), "{}: {gone}", app.name);
        let told: Value = serde_json::from_str(&text(&app, "/feeds/here.json").await).expect("JSON");
        let deleted = json!([{ "id": post.urn(), "when": "2026-11-27T12:00:00Z" }]);
        assert_eq!((&told["_alliance"]["deleted"], &told["items"]), (&deleted, &json!([])), "{}", app.name);
        assert!(!text(&app.later(TimeDelta::days(91)), FEED).await.contains("deleted-entry"), "{}: told long enough", app.name);

        let app = desk.later(&app, 1).await;
        desk.acts(&app, &mut post, "postPublish", json!({})).await;
        let back = feed(&app, FEED).await;
        assert_eq!((ids(&back), times(&entry(&back))), (vec![post.urn().as_str()], (first, first + TimeDelta::days(4))));
        assert!(!text(&app, FEED).await.contains("deleted-entry"), "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn an_embargo_holds_a_post_back_and_takes_a_public_one_away_until_it_ends() {
    for app in guests::both().await {
        let mut desk = Desk::set(&app).await;
        let mut post = desk.publishes(&app, "Clean air", json!({})).await;
        desk.acts(&app, &mut post, "postTermsSet", json!({ "embargoedUntil": "2026-11-25T11:00:00Z" })).await;
        let mut other = desk.publishes(&app, "Quiet nights", json!({})).await;
        desk.acts(&app, &mut other, "postUnpublish", json!({})).await;
        desk.acts(&app, &mut other, "postTermsSet", json!({ "embargoedUntil": "2027-11-25T11:00:00Z" })).await;
        desk.acts(&app, &mut other, "postPublish", json!({})).await;
        let held = text(&app, FEED).await;
        assert!(!held.contains("Clean air") && !held.contains("Quiet nights"), "{}: {held}", app.name);
        let url = "/oembed?url=https%3A%2F%2Fcitizens.example%2Fhere%2Fposts%2Fclean-air";
        assert_eq!(app.get(url, &[]).await.0, StatusCode::NOT_FOUND, "{}", app.name);
        let before = feed(&app, FEED).await.updated;
        let app = desk.later(&app, 1).await;
        for round in ["as soon as it is over", "when that was noted"] {
            let back = feed(&app, FEED).await;
            assert_eq!(ids(&back), [post.urn()], "{}: {round}", app.name);
            let text = text(&app, FEED).await;
            assert!(!text.contains(&format!("ref=\"{}\"", post.urn())), "{}: {round}: {text}", app.name);
            write(&app, "UPDATE jobs SET due = 0 WHERE kind = 'posts.release'").await;
            app.work().await;
        }
        let back = feed(&app, FEED).await;
        assert!(back.entries[0].updated > before, "{}: it is newer than what said that it is gone", app.name);
    }
}

#[tokio::test]
async fn what_was_changed_last_is_in_the_feed_however_old_it_is_and_all_that_was_taken_away() {
    for app in guests::both().await {
        let mut desk = Desk::set(&app).await;
        let mut old = desk.publishes(&app, "Clean air", json!({})).await;
        let app = desk.later(&app, 60).await;
        let one = |n: u128| rows::post(PostId(uuid(n)), HERE, &format!("post-{n}"), PostStatus::Published);
        let many: Vec<post::Model> = (0x100..0x100 + 60).map(one).map(|post| at(post, &app)).collect();
        rows::insert_posts(&app, &many).await;
        // So that it is not among those that changed last either.
        rows::insert_posts(&app, &(0x200..0x200 + 60).map(one).map(|post| at(post, &app)).collect::<Vec<_>>()).await;
        assert!(!ids(&feed(&app, FEED).await).contains(&old.urn().as_str()), "{}: there are many newer ones", app.name);
        let app = desk.later(&app, 1).await;
        desk.acts(&app, &mut old, "postCorrect", json!({ "correction": "It was noise." })).await;
        let now = feed(&app, FEED).await;
        assert!(ids(&now).contains(&old.urn().as_str()), "{}: what was corrected reaches whoever reads it", app.name);
        for n in 0..60 {
            let mut post = desk.publishes(&app, &format!("News {n}"), json!({})).await;
            desk.acts(&app, &mut post, "postUnpublish", json!({})).await;
        }
        let told = text(&app, FEED).await;
        assert_eq!(told.matches("<at:deleted-entry").count(), 60, "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn who_has_a_feed_already_is_told_so_in_a_word() {
    for app in guests::both().await {
        let mut desk = Desk::set(&app).await;
        desk.publishes(&app, "Clean air", json!({})).await;
        for (path, kind) in
            [(FEED, "application/atom+xml"), ("/feeds/here.json", "application/feed+json"), ("/feeds/here.opml", "text/x-opml")]
        {
            let (status, headers, body) = app.get(path, &[]).await;
            let header = |name: &str| headers.get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default();
            assert_eq!(status, StatusCode::OK, "{}: {path}", app.name);
            assert!(header("content-type").starts_with(kind), "{}: {path}: {headers:?}", app.name);
            assert_eq!(header("cache-control"), "public, max-age=60", "{}: {path}", app.name);
            assert_eq!(header("access-control-allow-origin"), "*", "{}: {path}", app.name);
            assert!(header("etag").starts_with('"'), "{}: {path}: as it is, it has a strong tag", app.name);
            let (status, known, nothing) = app.get(path, &[("if-none-match", &header("etag"))]).await;
            assert_eq!(
                (status, nothing.as_str(), &known["etag"]),
                (StatusCode::NOT_MODIFIED, "", &headers["etag"]),
                "{}",
                app.name
            );
            let (status, asked, nothing) = app.open(Method::HEAD, path, &[]).await;
            assert_eq!((status, nothing.as_str(), &asked["etag"]), (StatusCode::OK, "", &headers["etag"]), "{}", app.name);
            let packed = app.get(path, &[("accept-encoding", "gzip")]).await.1;
            assert!(packed["etag"].to_str().expect("text").starts_with("W/"), "{}: {path}: {packed:?}", app.name);
            let (status, asked, _) = app.open(Method::OPTIONS, path, &[]).await;
            assert_eq!(
                (status, &asked["access-control-allow-headers"]),
                (StatusCode::NO_CONTENT, &HeaderValue::from_static("if-none-match")),
                "{}",
                app.name
            );
            assert_eq!(app.open(Method::POST, path, &[]).await.0, StatusCode::METHOD_NOT_ALLOWED, "{}: {path}: {body}", app.name);
        }
        let tag = app.get(FEED, &[]).await.1["etag"].to_str().expect("text").to_owned();
        let later = desk.later(&app, 1).await;
        desk.publishes(&later, "Quiet nights", json!({})).await;
        assert_eq!(later.get(FEED, &[("if-none-match", &tag)]).await.0, StatusCode::OK, "{}", app.name);
        later.work().await;
    }
}
