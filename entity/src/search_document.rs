//! What full-text search reads of a live post, campaign, event or institution.

use sea_orm::entity::prelude::*;

use crate::id::AllianceId;

/// One row of `search_documents`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_documents")]
pub struct Model {
    /// Seconds since 1970 of the document's date, moved on by one where two would share it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub rank_time: i64,
    pub subject_type: SearchType,
    pub subject_id: uuid::Uuid,
    pub alliance_id: AllianceId,
    pub title: String,
    /// Plain text.
    pub body: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// What kind of thing search looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SearchType {
    /// Posts.
    #[sea_orm(string_value = "POST")]
    Post,
    /// Campaigns.
    #[sea_orm(string_value = "CAMPAIGN")]
    Campaign,
    /// Events.
    #[sea_orm(string_value = "EVENT")]
    Event,
    /// Institutions.
    #[sea_orm(string_value = "INSTITUTION")]
    Institution,
}
