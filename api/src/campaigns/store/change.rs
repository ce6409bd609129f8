//! The statements of a campaign's changes.

use alliance_entity::campaign::{self, CampaignStatus};
use alliance_entity::id::{CampaignId, InstitutionId};
use alliance_entity::search_document::SearchType;
use alliance_entity::{campaign_institution, event_campaign, partner_campaign, post_campaign};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::editing::store::{self, content};
use crate::editing::uses::Use;
use crate::error::Result;
use crate::policy::content::readable_campaigns;
use crate::searchable;
use crate::searchable::store::Findable;
use crate::text::markdown;

content!(campaign: "campaign", "CAMPAIGN", Some(SearchType::Campaign), alliance_id, readable_campaigns,
    |row| Some(&row.slug));

/// Lets these institutions take part, and no others.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_institutions(txn: &Transaction, campaign_id: CampaignId, institutions: &[InstitutionId]) -> Result<()> {
    let of = campaign_institution::Entity::delete_many().filter(campaign_institution::Column::CampaignId.eq(campaign_id));
    of.exec(txn).await?;
    let rows = institutions.iter().map(|id| campaign_institution::Model { campaign_id, institution_id: *id }.into_active_model());
    if !institutions.is_empty() {
        campaign_institution::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Lets a campaign be found as it is now: once it is public.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_findable(txn: &Transaction, row: &campaign::Model) -> Result<()> {
    if row.status == CampaignStatus::Draft {
        return searchable::store::delete(txn, row.id.0).await;
    }
    let body = format!("{}\n{}", row.summary, markdown::plain_text(&row.body));
    let thing = Findable {
        subject_type: SearchType::Campaign,
        subject_id: row.id.0,
        alliance_id: row.alliance_id,
        title: &row.title,
        body: &body,
        date: row.created_at,
    };
    searchable::store::put(txn, thing).await
}

/// What refers to a campaign.
///
/// # Errors
/// Where the database does not answer.
pub async fn uses(txn: &Transaction, id: CampaignId) -> Result<[Use; 3]> {
    let posts = post_campaign::Entity::find().filter(post_campaign::Column::CampaignId.eq(id)).count(txn).await?;
    let events = event_campaign::Entity::find().filter(event_campaign::Column::CampaignId.eq(id)).count(txn).await?;
    let reactions = store::count_reactions(txn, id.0).await?;
    Ok([(posts, "post", "posts"), (events, "event", "events"), (reactions, "reaction", "reactions")])
}

/// The partners whose rights name a campaign.
///
/// # Errors
/// Where the database does not answer.
pub async fn partners(txn: &Transaction, id: CampaignId) -> Result<Vec<Uuid>> {
    let found = partner_campaign::Entity::find().filter(partner_campaign::Column::CampaignId.eq(id)).all(txn).await?;
    Ok(found.into_iter().map(|row| row.partner_id.0).collect())
}
