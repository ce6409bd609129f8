//! Gives positions to events that have been committed, on PostgreSQL; on SQLite an event's id is its position already.
//!
//! One node at a time does it, under a lock that the transaction holds: the next one begins when the positions of the last can be
//! read. So positions are in the order in which they can be read, and a reader loses none.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement};

use crate::database::Database;
use crate::error::Result;

/// The channel on which other nodes are told that there are new positions. It is a hint: who misses it polls.
pub const CHANNEL: &str = "alliance_outbox";
/// Any number, the same in every process, and none of the database's other locks.
const LOCK: i64 = 0x0041_4c4c_4f55_5442;
/// How long a node that is frozen in the middle can hold the others up, in milliseconds.
const PATIENCE: u32 = 5_000;
const BATCH: u32 = 1_000;

/// How a node's turn went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Nothing waited.
    Idle,
    /// So many got their positions; there may be more.
    Given(u64),
    /// Another node is at it.
    Elsewhere,
}

/// Gives the next positions.
///
/// # Errors
/// Where the database does not answer.
pub async fn sequence(db: &Database) -> Result<Turn> {
    if db.is_sqlite() || !waits(db).await? {
        return Ok(Turn::Idle);
    }
    let backend = db.backend();
    let txn = db.begin().await?;
    // A statement of its own: the next one must see what was committed before the lock was ours.
    let lock = format!(
        "SELECT set_config('idle_in_transaction_session_timeout', '{PATIENCE}', true), \
         set_config('statement_timeout', '{PATIENCE}', true), pg_try_advisory_xact_lock({LOCK})"
    );
    let row = txn.query_one_raw(Statement::from_string(backend, lock)).await?;
    if !row.map_or(Ok(false), |row| row.try_get_by_index(2))? {
        return Ok(Turn::Elsewhere);
    }
    let given = txn.execute_raw(Statement::from_sql_and_values(backend, GIVE, [i64::from(BATCH).into()])).await?.rows_affected();
    txn.commit().await?;
    Ok(if given == 0 { Turn::Idle } else { Turn::Given(given) })
}

const GIVE: &str = "\
WITH waiting AS (
  SELECT id, row_number() OVER (ORDER BY id) AS place FROM (
    SELECT id FROM outbox WHERE position IS NULL ORDER BY id LIMIT $1
  ) AS first
), counted AS (
  UPDATE outbox_positions SET last = last + (SELECT COUNT(*) FROM waiting) RETURNING last
)
UPDATE outbox SET position = counted.last - (SELECT COUNT(*) FROM waiting) + waiting.place
FROM waiting, counted WHERE outbox.id = waiting.id";

async fn waits(db: &Database) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT FROM outbox WHERE position IS NULL)";
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    Ok(row.map_or(Ok(false), |row| row.try_get_by_index(0))?)
}

/// Tells the other nodes that there are new positions. By itself and never within a transaction that others wait for: where
/// PostgreSQL's queue of notifications is held up or full, only the hint is.
///
/// # Errors
/// Where the database does not answer.
pub async fn notify(db: &Database) -> Result<()> {
    let sql = format!("SELECT pg_notify('{CHANNEL}', '')");
    db.write().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    Ok(())
}

/// How far behind the changes something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lag {
    /// Events that wait.
    pub events: u64,
    /// How long the oldest of them has waited.
    pub seconds: u64,
}

/// The events that have no position yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn lag(db: &Database, now: DateTime<Utc>) -> Result<Lag> {
    if db.is_sqlite() {
        return Ok(Lag::default());
    }
    let sql = "SELECT COUNT(*), MIN(recorded_at) FROM outbox WHERE position IS NULL";
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    let Some(row) = row else { return Ok(Lag::default()) };
    let (events, oldest): (i64, Option<DateTime<Utc>>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(Lag::new(events, oldest.map(|oldest| now - oldest)))
}

impl Lag {
    /// A lag of so many events, the oldest of this age.
    pub(super) fn new(events: i64, oldest: Option<chrono::TimeDelta>) -> Self {
        let seconds = oldest.map_or(0, |age| u64::try_from(age.num_seconds()).unwrap_or_default());
        Self { events: u64::try_from(events).unwrap_or_default(), seconds }
    }
}
