//! A change that was asked for with an `Idempotency-Key`.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One row of `idempotency_keys`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    /// The account, the partner's key or the visitor that asked.
    #[sea_orm(primary_key, auto_increment = false)]
    pub holder: Uuid,
    /// The SHA-256 of the key that they chose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: String,
    /// A keyed hash of all that was asked.
    pub request: String,
    /// What they were allowed to do then: words, separated by spaces.
    pub rights: String,
    /// Whose turn it is: only who holds this makes the change and keeps its answer.
    pub claim: Uuid,
    /// Until when, in milliseconds since 1970 by the database's clock.
    pub lease_ends: i64,
    /// Whether the change was made.
    pub is_committed: bool,
    /// Whether the answer reports errors.
    pub has_errors: bool,
    /// The answer, in JSON; none while it is worked on, and where it is not kept.
    pub answer: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
