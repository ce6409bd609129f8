//! The statements of an institution's changes.

use alliance_entity::id::{AllianceId, InstitutionId};
use alliance_entity::institution::{self, InstitutionStatus};
use alliance_entity::search_document::SearchType;
use alliance_entity::{campaign_institution, event_turnout, post_institution};
use chrono::NaiveTime;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::database::transaction::Transaction;
use crate::editing::store::content;
use crate::editing::uses::Use;
use crate::error::Result;
use crate::policy::content::readable_institutions;
use crate::searchable;
use crate::searchable::store::Findable;
use crate::text::{markdown, sort_key};

content!(institution: "institution", "INSTITUTION", Some(SearchType::Institution), alliance_id, readable_institutions,
    |row| Some(&row.slug));

/// An institution, whoever asks, held against others who would change it until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: InstitutionId) -> Result<Option<institution::Model>> {
    Ok(institution::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(txn).await?)
}

/// The institution of an alliance that is called so, without regard to case and accents: the one that was written down first.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_called(txn: &Transaction, alliance: AllianceId, name: &str) -> Result<Option<InstitutionId>> {
    let called = institution::Entity::find()
        .filter(institution::Column::AllianceId.eq(alliance))
        .filter(institution::Column::SortName.eq(sort_key(name)))
        .order_by_asc(institution::Column::Id);
    Ok(called.one(txn).await?.map(|row| row.id))
}

/// Lets an institution be found as it is now: once its page is public.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_findable(txn: &Transaction, row: &institution::Model) -> Result<()> {
    if row.status == InstitutionStatus::Draft {
        return searchable::store::delete(txn, row.id.0).await;
    }
    let thing = Findable {
        subject_type: SearchType::Institution,
        subject_id: row.id.0,
        alliance_id: row.alliance_id,
        title: &row.name,
        body: &markdown::plain_text(&row.description),
        date: row.joined_on.map_or(row.created_at, |day| day.and_time(NaiveTime::MIN).and_utc()),
    };
    searchable::store::put(txn, thing).await
}

/// What refers to an institution.
///
/// # Errors
/// Where the database does not answer.
pub async fn uses(txn: &Transaction, id: InstitutionId) -> Result<[Use; 3]> {
    let posts = post_institution::Entity::find().filter(post_institution::Column::InstitutionId.eq(id)).count(txn).await?;
    let campaigns = campaign_institution::Entity::find().filter(campaign_institution::Column::InstitutionId.eq(id));
    let events = event_turnout::Entity::find().filter(event_turnout::Column::InstitutionId.eq(id)).count(txn).await?;
    let campaigns = campaigns.count(txn).await?;
    Ok([(posts, "post", "posts"), (campaigns, "campaign", "campaigns"), (events, "turnout at an event", "turnouts at events")])
}
