//! An event: a dated gathering.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, EventId};

/// One row of `events`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    pub alliance_id: AllianceId,
    pub slug: String,
    pub status: EventStatus,
    pub title: String,
    pub summary: String,
    /// Markdown.
    pub body: String,
    pub starts_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
    /// An IANA name, such as `Europe/London`.
    pub time_zone: String,
    /// When it was to start before it was moved.
    pub rescheduled_from: Option<DateTime<Utc>>,
    /// Why it was moved.
    pub reschedule_reason: Option<String>,
    /// Why it was called off.
    pub cancel_reason: Option<String>,
    pub venue_name: Option<String>,
    pub venue_address: Option<String>,
    /// How many people the venue holds.
    pub capacity: Option<i32>,
    /// How many people came.
    pub attendance: Option<i32>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum EventStatus {
    /// Being prepared: seen by staff alone.
    #[sea_orm(string_value = "DRAFT")]
    Draft,
    /// Public: it is to take place, or has taken place.
    #[sea_orm(string_value = "SCHEDULED")]
    Scheduled,
    /// Public: it will not take place.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
}
