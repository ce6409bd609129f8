//! Deletes what is old, a few rows at a time: nobody who writes waits for long.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};

use crate::database::Database;
use crate::error::Result;

const BATCH: u64 = 500;

/// Events that every node has had days to read.
pub(super) async fn delete_events(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    let positioned = if db.is_sqlite() { "" } else { "AND position IS NOT NULL" };
    delete(db, "outbox", "id", &format!("recorded_at < $1 {positioned} ORDER BY recorded_at"), before.into()).await
}

/// Jobs that ended so many milliseconds ago.
pub(super) async fn delete_jobs(db: &Database, state: &str, age: i64) -> Result<u64> {
    let time = db.bell().time(db.backend());
    delete(db, "jobs", "id", &format!("state = '{state}' AND ended <= {time} - $1 ORDER BY ended"), age.into()).await
}

/// Sessions that have ended, with their tokens, and the tokens that others have replaced.
pub(super) async fn delete_sessions(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    let ended = delete(db, "sessions", "id", "(ended_at < $1 OR expires_at < $1)", before.into()).await?;
    Ok(ended + delete(db, "refresh_tokens", "hash", "replaced_at < $1", before.into()).await?)
}

/// Links that nobody can use any more.
pub(super) async fn delete_links(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    delete(db, "account_links", "id", "(used_at < $1 OR expires_at < $1)", before.into()).await
}

/// Comments that were not confirmed in time, and the addresses that were to confirm others.
pub(super) async fn delete_unconfirmed(db: &Database, now: DateTime<Utc>) -> Result<u64> {
    let comments = delete(db, "reactions", "id", "state = 'PENDING' AND confirm_by <= $1", now.into()).await?;
    Ok(comments + delete(db, "reaction_links", "id", "expires_at <= $1", now.into()).await?)
}

/// Reactions that their writers took back.
pub(super) async fn delete_withdrawn(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    delete(db, "reactions", "id", "state = 'WITHDRAWN' AND settled_at < $1", before.into()).await
}

/// Comments that a moderator removed: they did not count.
pub(super) async fn delete_removed(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    delete(db, "reactions", "id", "state = 'REMOVED' AND settled_at < $1 ORDER BY settled_at", before.into()).await
}

/// Requests to come to an event that nobody has confirmed.
pub(super) async fn delete_requests(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    delete(db, "event_rsvps", "id", "expires_at < $1 ORDER BY expires_at", before.into()).await
}

/// Who it was that came to events that are long over. How many they were is kept.
pub(super) async fn forget_rsvps(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    let which = "SELECT event_rsvps.id FROM event_rsvps JOIN events ON events.id = event_rsvps.event_id WHERE coalesce(events.ends_at, events.starts_at) < $1 \
                 AND (event_rsvps.name IS NOT NULL OR event_rsvps.email_key IS NOT NULL OR event_rsvps.account_id IS NOT NULL)";
    let sql = format!(
        "UPDATE event_rsvps SET name = NULL, email = NULL, email_key = NULL, account_id = NULL WHERE id IN ({which} LIMIT {BATCH})"
    );
    let mut forgotten = 0;
    loop {
        let statement = Statement::from_sql_and_values(db.backend(), &sql, [before.into()]);
        let rows = db.write().execute_raw(statement).await?.rows_affected();
        forgotten += rows;
        if rows < BATCH {
            return Ok(forgotten);
        }
    }
}

/// Requests for updates that were confirmed, or cannot be any more.
pub(super) async fn delete_sign_ups(db: &Database, now: DateTime<Utc>) -> Result<u64> {
    delete(db, "subscription_requests", "id", "(used_at IS NOT NULL OR expires_at < $1)", now.into()).await
}

/// Subscriptions that have ended.
pub(super) async fn delete_subscriptions(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    delete(db, "email_subscriptions", "id", "ended_at < $1 ORDER BY ended_at", before.into()).await
}

/// To whom posts were sent: their sums stay.
pub(super) async fn close_mailings(db: &Database, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<u64> {
    loop {
        let values = [before.into(), now.into()];
        let closed = db.write().execute_raw(Statement::from_sql_and_values(db.backend(), CLOSE, values)).await?;
        if closed.rows_affected() == 0 {
            break;
        }
    }
    let of_closed = "(post_id IN (SELECT post_id FROM post_mailings WHERE closed_at < $1))";
    let after = now + chrono::TimeDelta::milliseconds(1);
    while delete_told(db, of_closed, after).await? >= BATCH {}
    let untold = "created_at < $1 AND state NOT IN ('WAITING', 'SENDING') \
                  AND NOT EXISTS (SELECT 1 FROM subscription_mail_posts WHERE mail_id = subscription_mails.id)";
    delete(db, "subscription_mails", "id", untold, before.into()).await
}

async fn delete_told(db: &Database, which: &str, than: DateTime<Utc>) -> Result<u64> {
    let keys = "(post_id, mail_id)";
    let sql = format!(
        "DELETE FROM subscription_mail_posts WHERE {keys} IN (SELECT post_id, mail_id FROM subscription_mail_posts WHERE {which} LIMIT {BATCH})"
    );
    Ok(db.write().execute_raw(Statement::from_sql_and_values(db.backend(), sql, [than.into()])).await?.rows_affected())
}

/// Sums up a post whose mails are old and have all come to something.
const CLOSE: &str = "\
UPDATE post_mailings SET closed_at = $2, \
  audience = (SELECT COUNT(*) FROM subscription_mail_posts AS told WHERE told.post_id = post_mailings.post_id), \
  sent = (SELECT COUNT(*) FROM subscription_mail_posts AS told JOIN subscription_mails AS mail ON mail.id = told.mail_id \
    WHERE told.post_id = post_mailings.post_id AND NOT told.left_out AND mail.state = 'SENT'), \
  failed = (SELECT COUNT(*) FROM subscription_mail_posts AS told JOIN subscription_mails AS mail ON mail.id = told.mail_id \
    WHERE told.post_id = post_mailings.post_id AND NOT told.left_out AND mail.state = 'FAILED'), \
  uncertain = (SELECT COUNT(*) FROM subscription_mail_posts AS told JOIN subscription_mails AS mail ON mail.id = told.mail_id \
    WHERE told.post_id = post_mailings.post_id AND NOT told.left_out AND mail.state = 'UNCERTAIN'), \
  suppressed = (SELECT COUNT(*) FROM subscription_mail_posts AS told JOIN subscription_mails AS mail ON mail.id = told.mail_id \
    WHERE told.post_id = post_mailings.post_id AND (told.left_out OR mail.state = 'SUPPRESSED')) \
WHERE post_id IN (SELECT post_id FROM post_mailings WHERE closed_at IS NULL AND gathered_at < $1 AND NOT EXISTS (\
  SELECT 1 FROM subscription_mail_posts AS told JOIN subscription_mails AS mail ON mail.id = told.mail_id \
  WHERE told.post_id = post_mailings.post_id AND mail.state IN ('WAITING', 'SENDING')) LIMIT 1)";

/// Messages to webhooks that have ended, and those that wait for one that is turned off.
pub(super) async fn delete_deliveries(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    let ended = delete(db, "webhook_deliveries", "id", "ended_at < $1 ORDER BY ended_at", before.into()).await?;
    let off = "created_at < $1 AND state = 'WAITING' AND webhook_id IN (SELECT id FROM webhooks WHERE disabled_at < $1)";
    Ok(ended + delete(db, "webhook_deliveries", "id", off, before.into()).await?)
}

/// Kept answers that nobody will ask for again, and what else is known of those changes.
pub(super) async fn delete_answers(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    let row = if db.is_sqlite() { "rowid" } else { "ctid" };
    delete(db, "idempotency_keys", row, "created_at < $1 ORDER BY created_at", before.into()).await
}

/// Rates that have long filled up again.
pub(super) async fn delete_rates(db: &Database, before: i64) -> Result<u64> {
    delete(db, "rates", "key", "spent_until < $1 ORDER BY spent_until", before.into()).await
}

/// Entries of the audit log. The database lets them go only beside the row that says so, which nobody else sees.
pub(super) async fn delete_audit_entries(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    let mut deleted = 0;
    loop {
        let txn = db.begin().await?;
        txn.execute_unprepared("INSERT INTO audit_pruning (id) VALUES (1)").await?;
        let rows =
            txn.execute_raw(batch(db, "audit_entries", "id", "created_at < $1 ORDER BY created_at", before.into())).await?;
        txn.execute_unprepared("DELETE FROM audit_pruning").await?;
        txn.commit().await?;
        deleted += rows.rows_affected();
        if rows.rows_affected() < BATCH {
            return Ok(deleted);
        }
    }
}

/// Posts that were deleted, with all that belongs to them.
pub(super) async fn delete_posts(db: &Database, before: DateTime<Utc>) -> Result<u64> {
    const FEW: u64 = 50;
    let hold = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    let sql = format!("SELECT id FROM posts WHERE deleted_at < $1 ORDER BY deleted_at LIMIT {FEW} {hold}");
    let mut deleted = 0;
    loop {
        let txn = db.begin().await?;
        let rows = txn.query_all_raw(Statement::from_sql_and_values(db.backend(), &sql, [before.into()])).await?;
        for row in &rows {
            let id: uuid::Uuid = row.try_get("", "id")?;
            for sql in OF_A_POST {
                txn.execute_raw(Statement::from_sql_and_values(db.backend(), sql, [id.into()])).await?;
            }
        }
        txn.commit().await?;
        deleted += rows.len() as u64;
        if (rows.len() as u64) < FEW {
            return Ok(deleted);
        }
    }
}

/// What goes with a post beside the rows that the database deletes with it.
const OF_A_POST: [&str; 6] = [
    "UPDATE posts SET live_revision_id = NULL, draft_revision_id = NULL WHERE id = $1",
    "DELETE FROM post_schedules WHERE post_id = $1",
    "DELETE FROM reactions WHERE subject_id = $1",
    "DELETE FROM reaction_counters WHERE subject_id = $1",
    "DELETE FROM former_slugs WHERE subject_id = $1",
    "DELETE FROM posts WHERE id = $1",
];

async fn delete(db: &Database, table: &str, key: &str, which: &str, than: Value) -> Result<u64> {
    let mut deleted = 0;
    loop {
        let rows = db.write().execute_raw(batch(db, table, key, which, than.clone())).await?.rows_affected();
        deleted += rows;
        if rows < BATCH {
            return Ok(deleted);
        }
    }
}

fn batch(db: &Database, table: &str, key: &str, which: &str, than: Value) -> Statement {
    // What somebody is changing at this moment may be old no more once they have.
    let hold = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    let sql = format!("DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {which} LIMIT {BATCH} {hold})");
    Statement::from_sql_and_values(db.backend(), sql, [than])
}
