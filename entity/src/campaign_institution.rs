//! Which institutions take part in a campaign.

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, InstitutionId};

/// One row of `campaign_institutions`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "campaign_institutions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub institution_id: InstitutionId,
}

impl ActiveModelBehavior for ActiveModel {}
