//! A campaign: work on one issue over time.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, CampaignId};

/// One row of `campaigns`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CampaignId,
    pub alliance_id: AllianceId,
    pub slug: String,
    pub status: CampaignStatus,
    pub title: String,
    /// The title as lists order it: folded to lower case, without accents.
    pub sort_title: String,
    pub summary: String,
    /// Markdown.
    pub body: String,
    pub started_on: Option<NaiveDate>,
    pub ended_on: Option<NaiveDate>,
    /// Whether those who react must not be found out: no name is shown, and no small sum.
    pub is_sensitive: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a campaign stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CampaignStatus {
    /// Being prepared: seen by staff alone.
    #[sea_orm(string_value = "DRAFT")]
    Draft,
    /// Public, and being worked on.
    #[sea_orm(string_value = "ACTIVE")]
    Active,
    /// Public, and ended.
    #[sea_orm(string_value = "CLOSED")]
    Closed,
}
