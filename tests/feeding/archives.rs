//! Archives: pages for each month that is over, and full ones of this month, which do not change while nothing in them does.

use alliance_entity::id::PostId;
use alliance_entity::post::{self, PostStatus};
use axum::http::StatusCode;
use serde_json::json;

use crate::feeding::{Desk, FEED, at, feed, ids, links, path, text, uuid};
use crate::guests;
use crate::rows;
use crate::viewers::HERE;

const NOVEMBER: &str = "/feeds/here/archive/2026-11.atom";
const SECOND: &str = "/feeds/here/archive/2026-11.2.atom";

#[tokio::test]
async fn a_month_that_is_over_stays_as_it_was_and_whoever_walks_back_misses_nothing() {
    for app in guests::both().await {
        let mut desk = Desk::set(&app).await;
        let mut of_november =
            [desk.publishes(&app, "Clean air", json!({})).await, desk.publishes(&app, "Quiet nights", json!({})).await];
        assert_eq!(app.get(NOVEMBER, &[]).await.0, StatusCode::NOT_FOUND, "{}: it is not over", app.name);

        let app = desk.later(&app, 20).await;
        let before = text(&app, NOVEMBER).await;
        assert!(before.contains("<fh:archive/>"), "{}: {before}", app.name);
        desk.publishes(&app, "Warm homes", json!({})).await;
        desk.acts(&app, &mut of_november[0], "postEdit", json!({ "title": "Not yet" })).await;
        desk.is_supported(&app, &of_november[0]).await;
        assert_eq!(text(&app, NOVEMBER).await, before, "{}: newer posts, drafts and reactions change nothing", app.name);

        let app = desk.later(&app, 31).await;
        desk.publishes(&app, "Fair wages", json!({})).await;
        let now = feed(&app, FEED).await;
        let mut found: Vec<String> = ids(&now).into_iter().map(str::to_owned).collect();
        let (mut at, mut pages) = (now, Vec::new());
        while let [previous] = links(&at, "prev-archive")[..] {
            let previous = path(previous).to_owned();
            let page = feed(&app, &previous).await;
            assert_eq!(links(&page, "current"), ["https://citizens.example/feeds/here.atom"], "{}", app.name);
            found.extend(ids(&page).into_iter().map(str::to_owned));
            pages.push(previous);
            at = page;
        }
        assert_eq!(pages, ["/feeds/here/archive/2026-12.atom", NOVEMBER], "{}", app.name);
        assert_eq!(links(&at, "next-archive"), ["https://citizens.example/feeds/here/archive/2026-12.atom"], "{}", app.name);
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), 4, "{}", app.name);

        desk.acts(&app, &mut of_november[0], "postUnpublish", json!({})).await;
        let after = text(&app, NOVEMBER).await;
        let tombstone = format!("<at:deleted-entry ref=\"{}\"", of_november[0].urn());
        assert!(after.contains(&tombstone) && after.contains("Quiet nights"), "{}: {after}", app.name);
        assert!(!after.contains("Clean air") && !text(&app, "/feeds/here/archive/2026-12.atom").await.contains(&tombstone));
        desk.acts(&app, &mut of_november[0], "postPublish", json!({})).await;
        let back = feed(&app, NOVEMBER).await;
        assert!(ids(&back).contains(&of_november[0].urn().as_str()), "{}: it comes back to where it was", app.name);
        for none in ["2026-10", "2027-01", "2026-13", "26-11", "+026-11", "2026-1"] {
            let (status, ..) = app.get(&format!("/feeds/here/archive/{none}.atom"), &[]).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{}: {none}", app.name);
        }
        app.work().await;
    }
}

#[tokio::test]
async fn a_month_of_many_posts_fills_pages_of_the_archive_and_none_is_left_out_for_as_many_statements() {
    for app in guests::both().await {
        let one = |n: u128| at(rows::post(PostId(uuid(n)), HERE, &format!("post-{n}"), PostStatus::Published), &app);
        rows::insert_posts(&app, &[one(0x100)]).await;
        app.statements();
        assert_eq!(feed(&app, FEED).await.entries.len(), 1, "{}", app.name);
        let statements = app.statements().len();
        let more: Vec<post::Model> = (0x101..0x100 + 160).map(one).collect();
        rows::insert_posts(&app, &more).await;
        app.statements();
        assert_eq!(
            feed(&app, FEED).await.entries.len(),
            160,
            "{}: all of this month, since more may come between them",
            app.name
        );
        assert_eq!(
            (app.statements().len(), statements),
            (10, 10),
            "{}: alliance, full pages, what is on none, posts, who left, what came before, campaigns, corrections, sums, authors",
            app.name
        );
        let soon = app.later(chrono::TimeDelta::minutes(2));
        let now = feed(&soon, FEED).await;
        assert_eq!(links(&now, "prev-archive"), ["https://citizens.example/feeds/here/archive/2026-11.atom"], "{}", app.name);
        assert!(now.entries.len() < 160, "{}: a hundred fill a page", app.name);
        let first = feed(&soon, NOVEMBER).await;
        assert_eq!((first.entries.len(), links(&first, "next-archive").len()), (100, 0), "{}", app.name);
        assert_eq!(soon.get(SECOND, &[]).await.0, StatusCode::NOT_FOUND, "{}: it is not full yet", app.name);
        let mut all: Vec<String> = [&now, &first].into_iter().flat_map(ids).map(str::to_owned).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 160, "{}: none is left out", app.name);

        let later = app.later(chrono::TimeDelta::days(20));
        let now = feed(&later, FEED).await;
        assert_eq!(links(&now, "prev-archive"), ["https://citizens.example/feeds/here/archive/2026-11.2.atom"], "{}", app.name);
        assert!((50..=100).contains(&now.entries.len()), "{}: the newest, and those that changed last", app.name);
        let (again, second) = (feed(&later, NOVEMBER).await, feed(&later, SECOND).await);
        assert_eq!(ids(&again), ids(&first), "{}: a full page stays as it is", app.name);
        assert_eq!(links(&again, "next-archive"), ["https://citizens.example/feeds/here/archive/2026-11.2.atom"], "{}", app.name);
        assert_eq!(links(&second, "prev-archive"), ["https://citizens.example/feeds/here/archive/2026-11.atom"], "{}", app.name);
        assert_eq!(second.entries.len(), 60, "{}", app.name);
        for none in ["2026-11.1", "2026-11.3", "2026-11.02", "2026-11.x"] {
            let (status, ..) = later.get(&format!("/feeds/here/archive/{none}.atom"), &[]).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{}: {none}", app.name);
        }
    }
}
