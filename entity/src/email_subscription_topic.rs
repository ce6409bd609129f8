//! What a subscription is about.

use sea_orm::entity::prelude::*;
use uuid::Uuid;

use crate::id::{CampaignId, EmailSubscriptionId, InstitutionId};

/// One row of `email_subscription_topics`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "email_subscription_topics")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subscription_id: EmailSubscriptionId,
    /// The alliance, the campaign or the institution.
    #[sea_orm(primary_key, auto_increment = false)]
    pub topic_id: Uuid,
    pub campaign_id: Option<CampaignId>,
    pub institution_id: Option<InstitutionId>,
}

impl ActiveModelBehavior for ActiveModel {}
