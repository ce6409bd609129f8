//! Addresses that must not be written to again, as keyed hashes.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One row of `suppressions`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "suppressions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    pub reason: SuppressionReason,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Why an address is not written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SuppressionReason {
    /// Its holder had everything about them erased.
    #[sea_orm(string_value = "ERASED")]
    Erased,
}
