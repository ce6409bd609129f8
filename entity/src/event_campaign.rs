//! Which campaigns an event belongs to, in the order of the events' starts.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, EventId};

/// One row of `event_campaigns`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: EventId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    /// The event's own `starts_at`.
    pub starts_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
