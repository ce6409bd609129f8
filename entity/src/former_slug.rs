//! A slug that leads to what had it once.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::AllianceId;
use crate::search_document::SearchType;

/// One row of `former_slugs`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "former_slugs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_type: SearchType,
    #[sea_orm(primary_key, auto_increment = false)]
    pub alliance_id: AllianceId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    pub subject_id: uuid::Uuid,
    pub retired_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
