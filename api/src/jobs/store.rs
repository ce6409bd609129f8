//! Every SQL statement about jobs. Who holds a job is known by its attempt: whoever has lost it meanwhile changes nothing.

use std::time::Duration;

use sea_orm::{ConnectionTrait, QueryResult, Statement, Value as Bound};
use serde_json::Value;

use crate::database::Database;
use crate::error::Result;
use crate::jobs::millis;

/// A job that this process may do until its lease ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Claimed {
    /// Which.
    pub id: i64,
    /// What.
    pub kind: String,
    /// What the handler needs.
    pub payload: Value,
    /// Which attempt it is, by all who ever tried.
    pub attempt: i32,
    /// How often it has been tried since it was enqueued, or was last let live again, this time included.
    pub tries: i32,
}

/// Where another of the same kind and key stands in the way.
const TWIN: &str = "SELECT 1 FROM jobs AS twin WHERE twin.kind = jobs.kind AND twin.unique_key = jobs.unique_key AND twin.state";

/// Takes the job that has been due for the longest, and holds it for `lease`. Where none is due nothing is written.
///
/// # Errors
/// Where the database does not answer.
pub async fn claim(db: &Database, lease: Duration) -> Result<Option<Claimed>> {
    let time = db.bell().time(db.backend());
    let due = format!("state IN ('WAITING', 'RUNNING') AND due <= {time}");
    let look = Statement::from_string(db.backend(), format!("SELECT 1 FROM jobs WHERE {due} LIMIT 1"));
    if db.read().query_one_raw(look).await?.is_none() {
        return Ok(None);
    }
    let skip = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    let sql = format!(
        "UPDATE jobs SET state = 'RUNNING', attempt = attempt + 1, tries = tries + 1, due = {time} + $1 WHERE id = (\
           SELECT id FROM jobs WHERE {due} AND NOT (state = 'WAITING' AND EXISTS ({TWIN} = 'RUNNING')) \
           ORDER BY due, id LIMIT 1 {skip}\
         ) RETURNING id, kind, payload, attempt, tries"
    );
    let row = db.write().query_one_raw(statement(db, sql, [millis(lease).into()])).await?;
    row.as_ref().map(claimed).transpose()
}

fn claimed(row: &QueryResult) -> Result<Claimed> {
    let payload: String = row.try_get("", "payload")?;
    Ok(Claimed {
        id: row.try_get("", "id")?,
        kind: row.try_get("", "kind")?,
        payload: serde_json::from_str(&payload).unwrap_or(Value::Null),
        attempt: row.try_get("", "attempt")?,
        tries: row.try_get("", "tries")?,
    })
}

/// Holds a job for longer. Says whether it was still held.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_lease(db: &Database, job: &Claimed, lease: Duration) -> Result<bool> {
    let time = db.bell().time(db.backend());
    held(db, job, &format!("due = {time} + $3"), [millis(lease).into()]).await
}

/// The job is done.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_done(db: &Database, job: &Claimed) -> Result<bool> {
    let time = db.bell().time(db.backend());
    held(db, job, &format!("state = 'DONE', ended = {time}, problem = NULL"), []).await
}

/// The job is given up.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_dead(db: &Database, job: &Claimed, problem: &str) -> Result<bool> {
    let time = db.bell().time(db.backend());
    held(db, job, &format!("state = 'DEAD', ended = {time}, problem = $3"), [problem.into()]).await
}

/// The job is tried again after a while. Where another with its key waits, that one will do what this one should have done.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_waiting(db: &Database, job: &Claimed, after: Duration, problem: &str) -> Result<bool> {
    let what = format!("{}, problem = $4", waiting(db));
    held(db, job, &what, [millis(after).into(), problem.into()]).await
}

/// The job is let go, as if it had not been tried.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_free(db: &Database, job: &Claimed) -> Result<bool> {
    let what = format!("{}, tries = tries - 1", waiting(db));
    held(db, job, &what, [0_i64.into()]).await
}

fn waiting(db: &Database) -> String {
    let time = db.bell().time(db.backend());
    let twin = format!("EXISTS ({TWIN} = 'WAITING')");
    format!(
        "state = CASE WHEN {twin} THEN 'DONE' ELSE 'WAITING' END, ended = CASE WHEN {twin} THEN {time} END, due = {time} + $3"
    )
}

async fn held<const N: usize>(db: &Database, job: &Claimed, set: &str, values: [Bound; N]) -> Result<bool> {
    let sql = format!("UPDATE jobs SET {set} WHERE id = $1 AND attempt = $2 AND state = 'RUNNING'");
    let values = [job.id.into(), job.attempt.into()].into_iter().chain(values);
    Ok(db.write().execute_raw(statement(db, sql, values)).await?.rows_affected() > 0)
}

pub(super) fn statement(db: &Database, sql: String, values: impl IntoIterator<Item = Bound>) -> Statement {
    Statement::from_sql_and_values(db.backend(), sql, values)
}
