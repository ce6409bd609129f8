//! Another alliance that carries posts of one here.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AllianceId, PartnerId};

/// One row of `partners`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partners")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PartnerId,
    pub alliance_id: AllianceId,
    pub name: String,
    /// The name as lists order it: folded to lower case, without accents.
    pub sort_name: String,
    pub website_url: Option<String>,
    /// Whom to write to there.
    pub contact: Option<String>,
    /// Whether it may carry posts of every campaign, and of none.
    pub carries_all: bool,
    /// Since when it may carry nothing, for now.
    pub suspended_at: Option<DateTime<Utc>>,
    pub version: i32,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
