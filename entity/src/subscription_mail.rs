//! One mail to one person.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, EmailSubscriptionId, SubscriptionMailId};

/// One row of `subscription_mails`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription_mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SubscriptionMailId,
    pub alliance_id: AllianceId,
    /// Whose it is; none once that is erased.
    pub subscription_id: Option<EmailSubscriptionId>,
    /// Whether it tells of all that was published for a while.
    pub is_digest: bool,
    pub state: SubscriptionMailState,
    /// When it may go, in milliseconds since 1970 by the database's clock.
    pub due: i64,
    /// Until when who sends it must have told what came of it, by the same clock.
    pub lease: Option<i64>,
    /// How often it was begun.
    pub attempt: i32,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SubscriptionMailState {
    /// It goes once it is due.
    #[sea_orm(string_value = "WAITING")]
    Waiting,
    /// A node hands it over, or did when it was killed.
    #[sea_orm(string_value = "SENDING")]
    Sending,
    /// The mail server has taken it.
    #[sea_orm(string_value = "SENT")]
    Sent,
    /// The mail server has refused it for good.
    #[sea_orm(string_value = "FAILED")]
    Failed,
    /// Nobody knows whether the mail server has taken it. It is not sent again.
    #[sea_orm(string_value = "UNCERTAIN")]
    Uncertain,
    /// It was not wanted any more when its turn came.
    #[sea_orm(string_value = "SUPPRESSED")]
    Suppressed,
}
