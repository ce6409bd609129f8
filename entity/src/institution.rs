//! A member organisation of an alliance, with the days of its membership.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, InstitutionId};

/// One row of `institutions`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "institutions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InstitutionId,
    pub alliance_id: AllianceId,
    pub slug: String,
    pub status: InstitutionStatus,
    pub kind: InstitutionKind,
    pub name: String,
    /// The name as lists order it: folded to lower case, without accents.
    pub sort_name: String,
    /// Markdown.
    pub description: String,
    pub website_url: Option<String>,
    /// Its first day as a member.
    pub joined_on: Option<NaiveDate>,
    /// The first day on which it is a member no longer.
    pub left_on: Option<NaiveDate>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Whether an institution's page is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum InstitutionStatus {
    /// Seen by staff alone.
    #[sea_orm(string_value = "DRAFT")]
    Draft,
    /// Public.
    #[sea_orm(string_value = "PUBLISHED")]
    Published,
}

/// What kind of organisation an institution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum InstitutionKind {
    /// A trade union or one of its branches.
    #[sea_orm(string_value = "TRADE_UNION")]
    TradeUnion,
    /// A congregation or another faith group.
    #[sea_orm(string_value = "FAITH_GROUP")]
    FaithGroup,
    /// A charity.
    #[sea_orm(string_value = "CHARITY")]
    Charity,
    /// A school or college.
    #[sea_orm(string_value = "SCHOOL")]
    School,
    /// A university or one of its departments.
    #[sea_orm(string_value = "UNIVERSITY")]
    University,
    /// Another kind of organisation.
    #[sea_orm(string_value = "OTHER")]
    Other,
}
