//! What happened, as it is written with the change itself. PostgreSQL has a column more, its position, which the outbox alone knows.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AllianceId;

/// One row of `outbox`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub kind: String,
    pub subject_type: String,
    pub subject_id: Uuid,
    pub alliance_id: Option<AllianceId>,
    /// JSON.
    pub data: String,
    pub recorded_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
