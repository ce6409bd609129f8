//! One event on its way to a webhook.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{WebhookDeliveryId, WebhookId};

/// One row of `webhook_deliveries`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookDeliveryId,
    pub webhook_id: WebhookId,
    /// Where the event stands in the outbox; none of a test.
    pub position: Option<i64>,
    pub event: String,
    pub subject_type: String,
    pub subject_id: Uuid,
    pub state: WebhookDeliveryState,
    /// The names by which a site knows its pages that show the subject, separated by spaces.
    pub cache_tags: String,
    /// How often it was tried.
    pub attempts: i32,
    /// How often it had been tried when somebody had it sent again.
    pub attempts_before: i32,
    /// When it is to be sent, and until when who sends it must have told what came of it: milliseconds since 1970 by the database's clock.
    pub due: i64,
    pub lease: Option<i64>,
    pub happened_at: DateTime<Utc>,
    pub created_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum WebhookDeliveryState {
    /// It is to be sent, for the first time or once more.
    #[sea_orm(string_value = "WAITING")]
    Waiting,
    /// It is being sent.
    #[sea_orm(string_value = "SENDING")]
    Sending,
    /// The receiver has taken it.
    #[sea_orm(string_value = "DELIVERED")]
    Delivered,
    /// It was tried as often as it is; it can be sent again by hand.
    #[sea_orm(string_value = "FAILED")]
    Failed,
}
