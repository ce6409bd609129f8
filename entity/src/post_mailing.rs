//! A post that goes out by mail.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, EmailSubscriptionId, PostId};

/// One row of `post_mailings`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_mailings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    pub alliance_id: AllianceId,
    /// Whoever had confirmed by then is the audience.
    pub published_at: DateTime<Utc>,
    /// The subscription that was written down last.
    pub reached: Option<EmailSubscriptionId>,
    /// When the whole audience was written down.
    pub gathered_at: Option<DateTime<Utc>>,
    /// When its mails were old and became these sums.
    pub closed_at: Option<DateTime<Utc>>,
    pub audience: i32,
    pub sent: i32,
    pub failed: i32,
    pub uncertain: i32,
    pub suppressed: i32,
}

impl ActiveModelBehavior for ActiveModel {}
