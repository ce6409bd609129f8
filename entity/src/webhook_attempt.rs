//! What came of trying to deliver something.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::WebhookDeliveryId;

/// One row of `webhook_attempts`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_attempts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub delivery_id: WebhookDeliveryId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub began_at: DateTime<Utc>,
    pub took_millis: i32,
    /// The status of the answer; none where there was no answer.
    pub status: Option<i32>,
    /// What went wrong.
    pub problem: Option<String>,
    /// How the answer began.
    pub answer: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
