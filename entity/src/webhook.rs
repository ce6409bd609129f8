//! Where to a site is told what happens.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AllianceId, PartnerId, WebhookId};

/// One row of `webhooks`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookId,
    pub alliance_id: AllianceId,
    /// With whose rights it is told; as the public where it is nobody's.
    pub partner_id: Option<PartnerId>,
    pub url: String,
    pub description: Option<String>,
    /// What it is told of: words, separated by spaces.
    pub events: String,
    /// A GraphQL query that shapes what it is told.
    pub query: Option<String>,
    /// What signs the messages, sealed.
    pub secret: String,
    /// What signs them besides until the receiver has the new one, sealed.
    pub former_secret: Option<String>,
    pub former_secret_until: Option<DateTime<Utc>>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub disabled_reason: Option<WebhookDisabledReason>,
    /// How often it has failed since it succeeded last.
    pub failures: i32,
    pub failing_since: Option<DateTime<Utc>>,
    /// Until when nothing is sent to it, since it failed; in milliseconds since 1970 by the database's clock.
    pub open_until: Option<i64>,
    pub version: i32,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Why nothing is sent to a webhook any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum WebhookDisabledReason {
    /// Somebody turned it off.
    #[sea_orm(string_value = "BY_HAND")]
    ByHand,
    /// It answered that it is gone for good (410).
    #[sea_orm(string_value = "GONE")]
    Gone,
    /// It has failed for five days.
    #[sea_orm(string_value = "FAILING")]
    Failing,
}
