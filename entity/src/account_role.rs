//! What an account may do, by alliance.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AllianceId};

/// One row of `account_roles`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alliance_id: AllianceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: Role,
    pub granted_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What an account may do in an alliance. A role counts in its alliance alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum Role {
    /// Does what an editor does, and decides who is who: accounts, roles and keys.
    #[sea_orm(string_value = "ADMIN")]
    Admin,
    /// Edits, publishes and withdraws everything, and moderates.
    #[sea_orm(string_value = "EDITOR")]
    Editor,
    /// Writes posts and hands them in.
    #[sea_orm(string_value = "AUTHOR")]
    Author,
    /// Is turned to by institutions: reads and works enquiries and the answers to events.
    #[sea_orm(string_value = "ORGANISER")]
    Organiser,
    /// Takes part: reacts, comments, comes to events.
    #[sea_orm(string_value = "SUPPORTER")]
    Supporter,
}
