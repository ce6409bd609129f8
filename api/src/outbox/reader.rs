//! Events for readers that must not miss one: how far each has come is kept in the database, and moves with what it does about them.

use sea_orm::{ConnectionTrait, Statement};

use crate::database::Database;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::outbox::tail::{Sequenced, Tail};

/// The next events of a reader. Dropped without a commit, they are read again.
#[derive(Debug)]
pub struct Reading {
    /// What is to be done about them is written here.
    pub txn: Transaction,
    /// What happened.
    pub events: Vec<Sequenced>,
}

/// The next events of the reader with this name; nothing where it has read all, or reads on another node.
///
/// # Errors
/// Where the database does not answer.
pub async fn next(db: &Database, name: &'static str) -> Result<Option<Reading>> {
    let sql = "SELECT position FROM outbox_readers WHERE name = $1";
    let find = |sql: &str| Statement::from_sql_and_values(db.backend(), sql, [name.into()]);
    let row = db.read().query_one_raw(find(sql)).await?.ok_or_else(|| Error::internal(format!("nobody reads as `{name}`")))?;
    let position: i64 = row.try_get_by_index(0)?;
    let mut tail = Tail::after(position);
    let events = tail.read(db).await?;
    if tail.position() == position {
        return Ok(None);
    }
    let txn = db.begin().await?;
    // Whoever was first has moved it.
    let sql = "UPDATE outbox_readers SET position = $2 WHERE name = $1 AND position = $3";
    let values = [name.into(), tail.position().into(), position.into()];
    let moved = txn.execute_raw(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
    Ok((moved.rows_affected() > 0).then_some(Reading { txn, events }))
}
