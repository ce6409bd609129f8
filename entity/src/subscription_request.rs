//! Somebody asked for updates to an address, and whoever reads its mail has yet to confirm it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::email_subscription::{ConsentSource, EmailFrequency};
use crate::id::{AllianceId, SubscriptionRequestId};

/// One row of `subscription_requests`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubscriptionRequestId,
    pub alliance_id: AllianceId,
    pub email: String,
    /// The address as it is compared.
    pub email_key: String,
    pub name: Option<String>,
    /// The ids of what it is about, with blanks between.
    pub topics: String,
    pub frequency: EmailFrequency,
    pub wording: String,
    pub wording_version: i32,
    pub source: ConsentSource,
    pub network: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// None is named: statements join by columns.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Without what a log must not show.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("subscription_request::Model").field("id", &self.id).finish_non_exhaustive()
    }
}
