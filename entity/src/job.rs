//! What is to be done later.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One row of `jobs`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: String,
    /// JSON.
    pub payload: String,
    /// Of two with the same kind and key one waits at most.
    pub unique_key: Option<String>,
    pub state: JobState,
    /// How often it was begun. Only who holds this number may end it.
    pub attempt: i32,
    /// The same, counted from anew when an operator lets it live again.
    pub tries: i32,
    /// When it may be taken, in milliseconds since 1970 by the database's clock; while it runs, when its lease ends.
    pub due: i64,
    /// What went wrong the last time.
    pub problem: Option<String>,
    /// When it ended, by the database's clock.
    pub ended: Option<i64>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What has become of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum JobState {
    /// It will be done once it is due.
    #[sea_orm(string_value = "WAITING")]
    Waiting,
    /// A worker does it, or did when it was killed.
    #[sea_orm(string_value = "RUNNING")]
    Running,
    /// It is done.
    #[sea_orm(string_value = "DONE")]
    Done,
    /// It was given up.
    #[sea_orm(string_value = "DEAD")]
    Dead,
}
