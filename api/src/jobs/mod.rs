//! What is to be done later, written in the transaction of the change that wants it done: either both stand or neither.
//!
//! A job is done at least once: a worker that is killed in the middle leaves it to another, once its lease has ended. So what a
//! handler does must be safe to repeat.

pub mod list;
pub mod problem;
pub mod runner;
pub mod store;

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::Value;

use crate::database::transaction::Transaction;
use crate::error::Result;

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What; the worker knows the handler by it.
    pub kind: &'static str,
    /// What the handler needs: ids, never a secret, a name or an address, since it is kept for days.
    pub payload: Value,
    /// Where one waits already with this kind and key, no second is written: the one that waits will see this change too, since it
    /// is not begun before this is committed. One that has begun may have seen the state from before, so that another waits until
    /// it has ended.
    pub unique: Option<String>,
    /// How long after this.
    pub after: Duration,
}

/// Lets a job be done once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn enqueue(txn: &Transaction, now: DateTime<Utc>, job: NewJob) -> Result<()> {
    let NewJob { kind, payload, unique, after } = job;
    let backend = txn.get_database_backend();
    let time = txn.bell().time(backend);
    // To write the waiting one again holds it, so that nobody begins it before this is committed.
    let sql = format!(
        "INSERT INTO jobs (kind, payload, unique_key, state, due, created_at) VALUES ($1, $2, $3, 'WAITING', {time} + $4, $5) \
         ON CONFLICT (kind, unique_key, state) WHERE unique_key IS NOT NULL AND state IN ('WAITING', 'RUNNING') DO UPDATE SET due = \
         CASE WHEN excluded.due < jobs.due THEN excluded.due ELSE jobs.due END"
    );
    let values = [kind.into(), payload.to_string().into(), unique.into(), millis(after).into(), now.into()];
    txn.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    txn.ring_after();
    Ok(())
}

/// How many jobs are written by one statement.
const MANY: usize = 200;

/// Lets many jobs of one kind be done once the change is committed, each by itself.
///
/// # Errors
/// Where the database does not answer.
pub async fn enqueue_many(txn: &Transaction, now: DateTime<Utc>, kind: &'static str, payloads: Vec<Value>) -> Result<()> {
    let backend = txn.get_database_backend();
    let time = txn.bell().time(backend);
    for payloads in payloads.chunks(MANY) {
        let rows: Vec<String> = (3..3 + payloads.len()).map(|at| format!("($1, ${at}, 'WAITING', {time}, $2)")).collect();
        let sql = format!("INSERT INTO jobs (kind, payload, state, due, created_at) VALUES {}", rows.join(", "));
        let payloads = payloads.iter().map(|payload| payload.to_string().into());
        let values: Vec<sea_orm::Value> = [kind.into(), now.into()].into_iter().chain(payloads).collect();
        txn.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
        txn.ring_after();
    }
    Ok(())
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}
