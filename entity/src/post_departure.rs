//! A post that was public in a place and is not any more: those are told of it who carry what the place publishes.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, PostId};

/// One row of `post_departures`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_departures")]
pub struct Model {
    /// The alliance, a campaign or an institution.
    #[sea_orm(primary_key, auto_increment = false)]
    pub place_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    pub alliance_id: AllianceId,
    /// Since when anyone could carry it.
    pub carried_since: DateTime<Utc>,
    pub left_at: DateTime<Utc>,
    /// Whether it was deleted, not only withdrawn.
    pub is_deleted: bool,
}

impl ActiveModelBehavior for ActiveModel {}
