//! The jobs as an operator sees them: which there are, how many, and the dead ones made to live again.

use alliance_entity::job::{self, JobState};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Statement};

use crate::database::Database;
use crate::error::Result;
use crate::jobs::store::statement;

/// The jobs in these states, the longest due first.
///
/// # Errors
/// Where the database does not answer.
pub async fn list(db: &Database, states: &[JobState], most: u64) -> Result<Vec<job::Model>> {
    let found = job::Entity::find().filter(job::Column::State.is_in(states.iter().copied()));
    Ok(found.order_by_asc(job::Column::Due).order_by_asc(job::Column::Id).limit(most).all(db.read()).await?)
}

/// What came of letting a dead job live again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revived {
    /// It will be tried anew.
    Waits,
    /// Another with its key waits already.
    Twin,
    /// There is none with this id, or it is not dead.
    NotDead,
}

/// Lets a dead job be tried anew.
///
/// # Errors
/// Where the database does not answer.
pub async fn revive(db: &Database, id: i64) -> Result<Revived> {
    let time = db.bell().time(db.backend());
    let txn = db.begin().await?;
    let sql = format!(
        "UPDATE jobs SET state = 'WAITING', tries = 0, ended = NULL, due = {time} WHERE id = $1 AND state = 'DEAD' AND NOT EXISTS (\
           SELECT 1 FROM jobs AS twin WHERE twin.kind = jobs.kind AND twin.unique_key = jobs.unique_key AND twin.state = 'WAITING')"
    );
    if txn.execute_raw(statement(db, sql, [id.into()])).await?.rows_affected() > 0 {
        txn.ring_after();
        txn.commit().await?;
        return Ok(Revived::Waits);
    }
    let dead = job::Entity::find_by_id(id).one(&txn).await?.is_some_and(|job| job.state == JobState::Dead);
    Ok(if dead { Revived::Twin } else { Revived::NotDead })
}

/// The ids of all dead jobs.
///
/// # Errors
/// Where the database does not answer.
pub async fn dead(db: &Database) -> Result<Vec<i64>> {
    let ids = job::Entity::find().select_only().column(job::Column::Id).filter(job::Column::State.eq(JobState::Dead));
    Ok(ids.order_by_asc(job::Column::Id).into_tuple().all(db.read()).await?)
}

/// How the queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Queue {
    /// Jobs that wait, whether they are due or not.
    pub waiting: u64,
    /// Jobs that are being done.
    pub running: u64,
    /// Jobs that were given up.
    pub dead: u64,
    /// For how many seconds the longest due one has been waiting.
    pub overdue_seconds: u64,
}

/// How the queue stands, for whoever watches.
///
/// # Errors
/// Where the database does not answer.
pub async fn queue(db: &Database) -> Result<Queue> {
    let time = db.bell().time(db.backend());
    // What is done is most of the table, and in none of these indexes.
    let sql = format!(
        "SELECT (SELECT COUNT(*) FROM jobs WHERE state IN ('WAITING', 'RUNNING') AND state = 'WAITING'), \
         (SELECT COUNT(*) FROM jobs WHERE state IN ('WAITING', 'RUNNING') AND state = 'RUNNING'), \
         (SELECT COUNT(*) FROM jobs WHERE state IN ('DONE', 'DEAD') AND state = 'DEAD'), \
         {time} - (SELECT MIN(due) FROM jobs WHERE state IN ('WAITING', 'RUNNING') AND state = 'WAITING')"
    );
    let Some(row) = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await? else {
        return Ok(Queue::default());
    };
    let count = |index: usize| row.try_get_by_index::<i64>(index).map(|count| u64::try_from(count).unwrap_or_default());
    let overdue = row.try_get_by_index::<Option<i64>>(3)?.unwrap_or_default();
    Ok(Queue {
        waiting: count(0)?,
        running: count(1)?,
        dead: count(2)?,
        overdue_seconds: u64::try_from(overdue).unwrap_or_default() / 1000,
    })
}
