//! A slug that leads to the alliance that had it once.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AllianceId;

/// One row of `former_alliance_slugs`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "former_alliance_slugs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    pub alliance_id: AllianceId,
    pub retired_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
