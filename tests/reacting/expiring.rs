//! What becomes of comments by their age.

use alliance::retention;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::json;

use crate::guests::rows_of;
use crate::people::welcomed;
use crate::reacting::{LUNCH, both, editor, moderate, post, public, react, sums_agree};

/// Whether there is a comment with these words, and how many reactions stand so.
async fn left(app: &TestApp, words: &str, state: &str) -> (usize, usize) {
    let said = rows_of(app, &format!("SELECT id FROM reactions WHERE comment = '{words}'")).await;
    (said.len(), rows_of(app, &format!("SELECT id FROM reactions WHERE state = '{state}'")).await.len())
}

async fn after(app: &TestApp, days: i64) {
    retention::run(&app.later(TimeDelta::days(days)).app).await.expect("the database answers");
}

#[tokio::test]
async fn a_comment_that_nobody_lets_through_is_taken_back_after_ninety_days() {
    for app in both().await {
        let (_, rosa) = welcomed(&app, "rosa@citizens.example", &[Role::Supporter]).await;
        let lunch = post(&app, LUNCH).await;
        react(&app, &rosa.access, &lunch, json!({})).await.done();
        let said = json!({ "comment": "Never looked at", "authorName": "Rosa" });
        react(&app, &rosa.access, &lunch, said).await.done();
        let before = public(&app).await;
        after(&app, 89).await;
        assert_eq!(left(&app, "Never looked at", "PENDING").await, (1, 1), "{}", app.name);
        after(&app, 91).await;
        assert_eq!(left(&app, "Never looked at", "PENDING").await, (0, 0), "{}", app.name);
        let kept = "SELECT id FROM reactions WHERE state = 'WITHDRAWN' AND account_id IS NULL AND visitor_id IS NULL AND author_name IS NULL \
                    AND NOT to_moderate AND settled_at IS NOT NULL";
        assert_eq!(rows_of(&app, kept).await.len(), 1, "{}: what is left says nothing, and is nobody's", app.name);
        let told = "SELECT id FROM outbox WHERE kind = 'ModerationQueueChanged' AND recorded_at > '2027-01-01'";
        assert_eq!(rows_of(&app, told).await.len(), 1, "{}: those who moderate are told that it went", app.name);
        assert_eq!(public(&app).await, before, "{}: what she said without words counts on", app.name);
        sums_agree(&app).await;
        app.leave_jobs();
    }
}

#[tokio::test]
async fn a_removed_comment_is_kept_for_half_a_year() {
    for app in both().await {
        let (_, rosa) = welcomed(&app, "rosa@citizens.example", &[Role::Supporter]).await;
        let (lunch, editor) = (post(&app, LUNCH).await, editor(&app).await);
        let waits = react(&app, &rosa.access, &lunch, json!({ "comment": "Not here" })).await;
        moderate(&app, &editor, &waits.done()["reaction"]["id"], "REMOVE", Some("No.")).await.done();
        let before = public(&app).await;
        for (days, kept) in [(179, (1, 1)), (181, (0, 0))] {
            after(&app, days).await;
            assert_eq!(left(&app, "Not here", "REMOVED").await, kept, "{}: after {days} days", app.name);
        }
        assert_eq!(public(&app).await, before, "{}", app.name);
        sums_agree(&app).await;
        app.leave_jobs();
    }
}
