//! What is not public is in no feed, no sitemap and no card, nor is any word of it.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::event::EventStatus;
use alliance_entity::id::{CampaignId, EventId, InstitutionId, PostId};
use alliance_entity::institution::InstitutionStatus;
use alliance_entity::post::{self, PostStatus};
use alliance_entity::{post_campaign, post_institution};
use axum::http::StatusCode;
use chrono::TimeDelta;

use crate::feeding::{FEED, feed, text, uuid};
use crate::guests;
use crate::rows::{self, put};
use crate::viewers::{HERE, THERE};

#[tokio::test]
async fn nothing_hidden_is_told_to_those_who_carry() {
    for app in guests::both().await {
        let (open, hidden) = (CampaignId(uuid(1)), CampaignId(uuid(2)));
        put!(
            &app,
            rows::campaign(open, HERE, "open", CampaignStatus::Active),
            rows::campaign(hidden, HERE, "marked-campaign", CampaignStatus::Draft)
        );
        put!(&app, rows::event(EventId(uuid(3)), HERE, "marked-event", EventStatus::Draft));
        let (member, closed) = (InstitutionId(uuid(4)), InstitutionId(uuid(5)));
        put!(
            &app,
            rows::institution(member, HERE, "member", InstitutionStatus::Published),
            rows::institution(closed, HERE, "marked-institution", InstitutionStatus::Draft)
        );
        let states =
            [PostStatus::Draft, PostStatus::InReview, PostStatus::Scheduled, PostStatus::Unpublished, PostStatus::Archived];
        let marked =
            states.into_iter().zip(0x20..).map(|(status, n)| rows::post(PostId(uuid(n)), HERE, &format!("marked-{n}"), status));
        let embargo = Some(rows::now() + TimeDelta::days(30));
        let held = post::Model {
            embargoed_until: embargo,
            ..rows::post(PostId(uuid(0x30)), HERE, "marked-embargo", PostStatus::Published)
        };
        let shown = rows::post(PostId(uuid(0x31)), HERE, "shown", PostStatus::Published);
        let elsewhere = rows::post(PostId(uuid(0x32)), THERE, "marked-elsewhere", PostStatus::Published);
        let posts: Vec<_> = marked.chain([held, shown, elsewhere]).collect();
        rows::insert_posts(&app, &posts).await;
        for post in posts.iter().filter(|post| post.alliance_id == HERE) {
            for campaign_id in [open, hidden] {
                put!(&app, post_campaign::Model { post_id: post.id, campaign_id, published_at: post.published_at });
            }
            for institution_id in [member, closed] {
                put!(&app, post_institution::Model { post_id: post.id, institution_id, published_at: post.published_at });
            }
        }
        for place in ["here", "here/campaigns/open", "here/institutions/member"] {
            for file in
                [format!("/feeds/{place}.atom"), format!("/feeds/{place}.json"), format!("/feeds/{place}/archive/2026-11.atom")]
            {
                let app = if file.contains("archive") { app.later(TimeDelta::days(10)) } else { app.later(TimeDelta::zero()) };
                let text = text(&app, &file).await;
                assert!(text.contains("shown") && !text.contains("marked"), "{}: {file}: {text}", app.name);
            }
        }
        assert_eq!(feed(&app, FEED).await.entries[0].categories.len(), 1, "{}: of the campaign that is public", app.name);
        let index = text(&app, "/feeds/here.opml").await;
        assert!(index.contains("campaigns/open.atom") && !index.contains("marked"), "{}: {index}", app.name);
        for kind in ["campaigns", "institutions"] {
            let map = text(&app, &format!("/sitemap/here/{kind}/1.xml")).await;
            assert!(!map.contains("marked"), "{}: {map}", app.name);
        }
        let none = [
            "/feeds/here/campaigns/marked-campaign.atom",
            "/feeds/here/institutions/marked-institution.json",
            "/feeds/here/events/marked-event.atom",
            "/feeds/nobody.atom",
            "/feeds/here.rss",
            "/feeds/here%00.atom",
            "/sitemap/here/events/1.xml",
            "/sitemap/nobody.xml",
            "/oembed?url=https://citizens.example/here/posts/marked-32",
            "/oembed?url=https://citizens.example/here/posts/marked-embargo",
            "/oembed?url=https://elsewhere.example/here/posts/shown",
        ];
        for path in none {
            assert_eq!(app.get(path, &[]).await.0, StatusCode::NOT_FOUND, "{}: {path}", app.name);
        }
        app.leave_jobs();
    }
}
