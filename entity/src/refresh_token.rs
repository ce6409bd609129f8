//! The refresh tokens of a session, by their hashes.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::SessionId;

/// One row of `refresh_tokens`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "refresh_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub session_id: SessionId,
    pub created_at: DateTime<Utc>,
    /// When another took its place; the one without is valid.
    pub replaced_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
