//! What is deleted once it is old, so that nothing about anybody is kept for longer than it is needed.

mod store;

use std::time::Duration;

use serde_json::json;

use crate::app::App;
use crate::caller::Caller;
use crate::enquiries::actions::expire as enquiries;
use crate::enquiries::store::Old;
use crate::error::Result;
use crate::jobs::{self, NewJob};
use crate::reactions::actions::expire as comments;

/// The kind of the job.
pub const KIND: &str = "retention";
/// How often it is done, on one node of all.
pub const EVERY: Duration = Duration::from_secs(60 * 60);

/// Lets it be done within the hour, where that is not planned yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn plan(app: &App) -> Result<()> {
    let txn = app.db().begin().await?;
    let job = NewJob { kind: KIND, payload: json!({}), unique: Some(KIND.to_owned()), after: EVERY };
    jobs::enqueue(&txn, app.clock().now(), job).await?;
    txn.commit().await
}

/// Deletes what is old. Returns how many rows that were.
///
/// # Errors
/// Where the database does not answer; what was deleted by then stays deleted.
pub async fn run(app: &App) -> Result<u64> {
    let (limits, now, caller) = (app.config().limits, app.clock().now(), Caller::system(app));
    let day = |days: u64| chrono::TimeDelta::days(i64::try_from(days).unwrap_or(36_500));
    let hours = |hours: u64| chrono::TimeDelta::hours(i64::try_from(hours).unwrap_or(8_760));
    let before = |days: u64| now - day(days);
    let millis = |days: u64| day(days).num_milliseconds();
    let deleted = [
        ("events", store::delete_events(app.db(), before(limits.retain_events_days)).await?),
        ("done jobs", store::delete_jobs(app.db(), "DONE", millis(limits.retain_jobs_days)).await?),
        ("dead jobs", store::delete_jobs(app.db(), "DEAD", millis(limits.retain_dead_jobs_days)).await?),
        ("audit entries", store::delete_audit_entries(app.db(), before(limits.retain_audit_days)).await?),
        ("sessions", store::delete_sessions(app.db(), before(limits.retain_sessions_days)).await?),
        ("links", store::delete_links(app.db(), before(limits.retain_links_days)).await?),
        ("requests for updates", store::delete_sign_ups(app.db(), now).await?),
        ("ended subscriptions", store::delete_subscriptions(app.db(), before(limits.retain_subscriptions_days)).await?),
        ("mails of updates", store::close_mailings(app.db(), before(limits.retain_mailings_days), now).await?),
        ("deleted posts", store::delete_posts(app.db(), before(limits.retain_deleted_posts_days)).await?),
        ("unconfirmed comments", store::delete_unconfirmed(app.db(), now).await?),
        ("withdrawn reactions", store::delete_withdrawn(app.db(), before(limits.retain_withdrawn_days)).await?),
        ("removed comments", store::delete_removed(app.db(), before(limits.retain_removed_days)).await?),
        ("comments that nobody let through", comments::expire(&caller, before(limits.retain_held_days)).await?),
        ("closed enquiries", enquiries::expire(&caller, Old::Closed, before(limits.retain_enquiries_days)).await?),
        ("open enquiries", enquiries::expire(&caller, Old::Untouched, before(limits.retain_open_enquiries_days)).await?),
        ("requests to come", store::delete_requests(app.db(), now).await?),
        ("names of those who came", store::forget_rsvps(app.db(), before(limits.retain_rsvps_days)).await?),
        ("messages to webhooks", store::delete_deliveries(app.db(), before(limits.retain_deliveries_days)).await?),
        ("kept answers", store::delete_answers(app.db(), now - hours(limits.retain_idempotency_hours)).await?),
        ("rates", store::delete_rates(app.db(), before(1).timestamp_millis()).await?),
    ];
    for (what, rows) in deleted.iter().filter(|(_, rows)| *rows > 0) {
        tracing::info!(what, rows, "what was old has been deleted");
    }
    app.db().empty_log().await?;
    Ok(deleted.iter().map(|(_, rows)| rows).sum())
}
