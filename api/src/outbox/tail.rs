//! Reads the events of the outbox by their positions: each once, in order, none left out.

use alliance_entity::id::AllianceId;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use serde_json::Value;
use uuid::Uuid;

use crate::database::Database;
use crate::error::Result;
use crate::outbox::sequencer::Lag;

const BATCH: i64 = 1_000;

/// The kind that stands in for events that were deleted before this node could read them: whoever keeps something must read anew.
pub const MISSED: &str = "MISSED";

/// An event with its place among all.
#[derive(Debug, Clone, PartialEq)]
pub struct Sequenced {
    /// Its place: later ones are larger.
    pub position: i64,
    /// What happened; [`MISSED`] where that is not known any more.
    pub kind: String,
    /// To what kind of object.
    pub subject_type: String,
    /// To which.
    pub subject_id: Uuid,
    /// The alliance that it belongs to.
    pub alliance: Option<AllianceId>,
    /// What the change had to tell besides.
    pub data: Value,
    /// When it happened.
    pub recorded_at: DateTime<Utc>,
}

/// How far somebody has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tail {
    position: i64,
}

impl Tail {
    /// From a position on, which was read.
    #[must_use]
    pub fn after(position: i64) -> Self {
        Self { position }
    }

    /// From now on.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn at_end(db: &Database) -> Result<Self> {
        let sql = match db.is_sqlite() {
            true => "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)",
            false => "SELECT last FROM outbox_positions",
        };
        let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
        Ok(Self { position: row.map_or(Ok(0), |row| row.try_get_by_index(0))? })
    }

    /// The position that was read last.
    #[must_use]
    pub fn position(self) -> i64 {
        self.position
    }

    /// The next events; none where all have been read.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn read(&mut self, db: &Database) -> Result<Vec<Sequenced>> {
        let position = position(db);
        let sql = format!(
            "SELECT {position} AS position, kind, subject_type, subject_id, alliance_id, data, recorded_at \
             FROM outbox WHERE {position} > $1 ORDER BY {position} LIMIT $2"
        );
        let values = [self.position.into(), BATCH.into()];
        let rows = db.read().query_all_raw(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
        let mut events = rows.iter().map(sequenced).collect::<Result<Vec<_>>>()?;
        // Positions are without a gap, until old events are deleted.
        let missed = events.first().filter(|first| first.position > self.position + 1).map(missed_before);
        self.position = events.last().map_or(self.position, |last| last.position);
        events.splice(0..0, missed);
        Ok(events)
    }

    /// How far behind what has a position this is.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lag(self, db: &Database, now: DateTime<Utc>) -> Result<Lag> {
        let sql = format!("SELECT COUNT(*) FROM outbox WHERE {} > $1", position(db));
        let row = db.read().query_one_raw(Statement::from_sql_and_values(db.backend(), sql, [self.position.into()])).await?;
        let events = row.map_or(Ok(0), |row| row.try_get_by_index(0))?;
        let sql = format!("SELECT recorded_at FROM outbox WHERE {0} > $1 ORDER BY {0} LIMIT 1", position(db));
        let row = db.read().query_one_raw(Statement::from_sql_and_values(db.backend(), sql, [self.position.into()])).await?;
        let oldest: Option<DateTime<Utc>> = row.map(|row| row.try_get_by_index(0)).transpose()?;
        Ok(Lag::new(events, oldest.map(|oldest| now - oldest)))
    }
}

/// The column that holds positions.
pub(super) fn position(db: &Database) -> &'static str {
    if db.is_sqlite() { "id" } else { "position" }
}

pub(super) fn sequenced(row: &QueryResult) -> Result<Sequenced> {
    let data: String = row.try_get("", "data")?;
    Ok(Sequenced {
        position: row.try_get("", "position")?,
        kind: row.try_get("", "kind")?,
        subject_type: row.try_get("", "subject_type")?,
        subject_id: row.try_get("", "subject_id")?,
        alliance: row.try_get("", "alliance_id")?,
        data: serde_json::from_str(&data).unwrap_or(Value::Null),
        recorded_at: row.try_get("", "recorded_at")?,
    })
}

fn missed_before(first: &Sequenced) -> Sequenced {
    Sequenced {
        position: first.position - 1,
        kind: MISSED.to_owned(),
        subject_type: String::new(),
        subject_id: Uuid::nil(),
        alliance: None,
        data: Value::Null,
        recorded_at: first.recorded_at,
    }
}
