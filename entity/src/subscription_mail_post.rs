//! What a mail is about.

use sea_orm::entity::prelude::*;

use crate::id::{EmailSubscriptionId, PostId, SubscriptionMailId};

/// One row of `subscription_mail_posts`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription_mail_posts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub mail_id: SubscriptionMailId,
    /// Whose mail it is, so that nobody is told of a post twice.
    pub subscription_id: Option<EmailSubscriptionId>,
    /// Whether the mail went without it, since it was not public then.
    pub left_out: bool,
}

impl ActiveModelBehavior for ActiveModel {}
