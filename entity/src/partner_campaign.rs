//! Which campaigns' posts a partner may carry that may not carry all.

use sea_orm::entity::prelude::*;

use crate::id::{CampaignId, PartnerId};

/// One row of `partner_campaigns`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_campaigns")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: PartnerId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub campaign_id: CampaignId,
}

impl ActiveModelBehavior for ActiveModel {}
