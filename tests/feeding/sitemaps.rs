//! Sitemaps: all public pages of an alliance, in pieces.

use alliance_entity::event::EventStatus;
use alliance_entity::id::{EventId, PostId};
use alliance_entity::post::{self, PostStatus};

use crate::feeding::{path, text, uuid};
use crate::guests;
use crate::rows::{self, put};
use crate::viewers::HERE;

fn addresses(xml: &str) -> Vec<String> {
    let parts = xml.split("<loc>").skip(1).filter_map(|rest| rest.split("</loc>").next());
    parts.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_sitemap_names_every_public_page_once_for_a_few_statements() {
    for app in guests::both().await {
        let posts: Vec<post::Model> = (0..5_020)
            .map(|n| rows::post(PostId(uuid(0x10_000 + n)), HERE, &format!("post-{n}"), PostStatus::Published))
            .collect();
        for some in posts.chunks(500) {
            rows::insert_all(&app, some.iter().cloned()).await;
        }
        put!(&app, rows::event(EventId(uuid(3)), HERE, "vigil", EventStatus::Cancelled));
        app.statements();
        let index = text(&app, "/sitemap/here.xml").await;
        assert_eq!(app.statements().len(), 5, "{}: the alliance, and one for each kind", app.name);
        let parts = addresses(&index);
        let wanted =
            ["posts/1.xml", "posts/2.xml", "events/1.xml"].map(|part| format!("https://citizens.example/sitemap/here/{part}"));
        assert_eq!(parts, wanted, "{}", app.name);
        assert!(index.contains("<lastmod>2026-11-20T12:00:00Z</lastmod>"), "{}: {index}", app.name);
        let mut found = Vec::new();
        for part in &parts {
            app.statements();
            found.extend(addresses(&text(&app, path(part)).await));
            assert_eq!(app.statements().len(), 2, "{}", app.name);
        }
        let all = found.len();
        found.sort_unstable();
        found.dedup();
        assert_eq!((all, found.len()), (5_021, 5_021), "{}", app.name);
        assert!(found.contains(&"https://citizens.example/here/events/vigil".to_owned()), "{}", app.name);
    }
}
