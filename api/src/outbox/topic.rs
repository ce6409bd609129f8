//! Some of the events: those of one kind, of one object or of one alliance, as they happen and as they happened.

use std::borrow::Cow;
use std::sync::Arc;

use alliance_entity::id::AllianceId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

use crate::database::Database;
use crate::error::Result;
use crate::outbox::tail::{Sequenced, Tail, position, sequenced};

/// How many events are read at once.
const BATCH: i64 = 100;

/// What somebody follows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Topic {
    /// All events of a kind.
    Kind(Cow<'static, str>),
    /// All events of one object.
    Subject(Uuid),
    /// All events of one alliance.
    Alliance(AllianceId),
}

impl Topic {
    /// The events of this topic behind `after` up to `until`, the first of them; nothing more where there are none.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn between(&self, db: &Database, after: i64, until: i64) -> Result<Vec<Arc<Sequenced>>> {
        let (column, value): (_, Value) = match self {
            Self::Kind(kind) => ("kind", kind.as_ref().into()),
            Self::Subject(id) => ("subject_id", (*id).into()),
            Self::Alliance(id) => ("alliance_id", id.0.into()),
        };
        let position = position(db);
        let sql = format!(
            "SELECT {position} AS position, kind, subject_type, subject_id, alliance_id, data, recorded_at FROM outbox \
             WHERE {position} > $1 AND {position} <= $2 AND {column} = $3 ORDER BY {position} LIMIT $4"
        );
        let values = [after.into(), until.into(), value, BATCH.into()];
        let rows = db.read().query_all_raw(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
        rows.iter().map(|row| sequenced(row).map(Arc::new)).collect()
    }
}

/// Whether all that happened behind a position is still known.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_known_since(db: &Database, after: i64) -> Result<bool> {
    let end = Tail::at_end(db).await?.position();
    if after >= end {
        return Ok(after == end);
    }
    let sql = format!("SELECT MIN({0}) FROM outbox WHERE {0} > $1", position(db));
    let row = db.read().query_one_raw(Statement::from_sql_and_values(db.backend(), sql, [after.into()])).await?;
    // Positions are without a gap, until old events are deleted.
    let first: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    Ok(first == Some(after + 1))
}

/// The position before all that happened at a time or later, as far as that is known.
///
/// # Errors
/// Where the database does not answer.
pub async fn before(db: &Database, time: DateTime<Utc>) -> Result<i64> {
    let sql = format!("SELECT MIN({0}) FROM outbox WHERE recorded_at >= $1 AND {0} IS NOT NULL", position(db));
    let row = db.read().query_one_raw(Statement::from_sql_and_values(db.backend(), sql, [time.into()])).await?;
    let first: Option<i64> = row.map(|row| row.try_get_by_index(0)).transpose()?.flatten();
    match first {
        Some(first) => Ok(first - 1),
        None => Ok(Tail::at_end(db).await?.position()),
    }
}
