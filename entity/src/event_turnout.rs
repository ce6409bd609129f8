//! How many people an institution pledged to bring to an event, and how many it brought.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{EventId, InstitutionId};

/// One row of `event_turnouts`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_turnouts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: EventId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub institution_id: InstitutionId,
    pub pledged: Option<i32>,
    pub actual: Option<i32>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
