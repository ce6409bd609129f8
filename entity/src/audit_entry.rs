//! Who did what. An entry is never changed.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, AuditEntryId};

/// One row of `audit_entries`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditEntryId,
    pub actor: ActorKind,
    /// Which account, key or visitor.
    pub actor_id: Option<Uuid>,
    /// What was done, in a word.
    pub action: String,
    pub subject_type: String,
    pub subject_id: Option<Uuid>,
    pub alliance_id: Option<AllianceId>,
    /// Where from: a shortened address.
    pub network: Option<String>,
    /// JSON, without a name, an address or a secret.
    pub details: String,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What kind of somebody did it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ActorKind {
    /// Somebody with an account.
    #[sea_orm(string_value = "ACCOUNT")]
    Account,
    /// A partner by its key.
    #[sea_orm(string_value = "API_KEY")]
    ApiKey,
    /// A visitor by its token.
    #[sea_orm(string_value = "VISITOR")]
    Visitor,
    /// Nobody known.
    #[sea_orm(string_value = "ANONYMOUS")]
    Anonymous,
    /// The node by itself.
    #[sea_orm(string_value = "SYSTEM")]
    System,
    /// Whoever holds the command line.
    #[sea_orm(string_value = "OPERATOR")]
    Operator,
}
