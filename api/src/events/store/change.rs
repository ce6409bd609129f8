//! The statements of an event's changes.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::event_rsvp::RsvpState;
use alliance_entity::id::{CampaignId, EventId, PostId};
use alliance_entity::search_document::SearchType;
use alliance_entity::{event_campaign, event_rsvp, event_turnout, post};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::editing::store::{self, content};
use crate::editing::uses::Use;
use crate::error::Result;
use crate::policy::content::readable_events;
use crate::searchable;
use crate::searchable::store::Findable;
use crate::text::markdown;

content!(event: "event", "EVENT", Some(SearchType::Event), alliance_id, readable_events,
    |row| Some(&row.slug));

/// Lets an event belong to these campaigns, and to no others.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_campaigns(txn: &Transaction, row: &event::Model, campaigns: &[CampaignId]) -> Result<()> {
    event_campaign::Entity::delete_many().filter(event_campaign::Column::EventId.eq(row.id)).exec(txn).await?;
    let links = campaigns
        .iter()
        .map(|id| event_campaign::Model { event_id: row.id, campaign_id: *id, starts_at: row.starts_at }.into_active_model());
    if !campaigns.is_empty() {
        event_campaign::Entity::insert_many(links).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The campaigns that an event belongs to.
///
/// # Errors
/// Where the database does not answer.
pub async fn campaigns_of(txn: &Transaction, id: EventId) -> Result<Vec<Uuid>> {
    let links = event_campaign::Entity::find().filter(event_campaign::Column::EventId.eq(id)).all(txn).await?;
    Ok(links.into_iter().map(|link| link.campaign_id.0).collect())
}

/// Puts an event where its start belongs in its campaigns' lists.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_start(txn: &Transaction, row: &event::Model) -> Result<()> {
    let set = event_campaign::Entity::update_many()
        .col_expr(event_campaign::Column::StartsAt, Expr::val(row.starts_at))
        .filter(event_campaign::Column::EventId.eq(row.id));
    set.exec(txn).await?;
    Ok(())
}

/// Lets an event be found as it is now: once it is announced.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_findable(txn: &Transaction, row: &event::Model) -> Result<()> {
    if row.status == EventStatus::Draft {
        return searchable::store::delete(txn, row.id.0).await;
    }
    let body = format!("{}\n{}", row.summary, markdown::plain_text(&row.body));
    let thing = Findable {
        subject_type: SearchType::Event,
        subject_id: row.id.0,
        alliance_id: row.alliance_id,
        title: &row.title,
        body: &body,
        date: row.starts_at,
    };
    searchable::store::put(txn, thing).await
}

/// What refers to an event.
///
/// # Errors
/// Where the database does not answer.
pub async fn uses(txn: &Transaction, id: EventId) -> Result<[Use; 4]> {
    let posts = post::Entity::find().filter(post::Column::EventId.eq(id)).count(txn).await?;
    let answers = event_rsvp::Entity::find().filter(event_rsvp::Column::EventId.eq(id));
    let answers = answers.filter(event_rsvp::Column::State.ne(RsvpState::Pending)).count(txn).await?;
    let turnouts = event_turnout::Entity::find().filter(event_turnout::Column::EventId.eq(id)).count(txn).await?;
    Ok([
        (posts, "post", "posts"),
        (store::count_reactions(txn, id.0).await?, "reaction", "reactions"),
        (answers, "answer of somebody who meant to come", "answers of those who meant to come"),
        (turnouts, "institution that brings people", "institutions that bring people"),
    ])
}

/// Holds the posts that name it, before it is held alone: who saves one of them holds that first, too.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_posts(txn: &Transaction, id: EventId) -> Result<()> {
    let naming = post::Entity::find().select_only().column(post::Column::Id).filter(post::Column::EventId.eq(id));
    naming.order_by_asc(post::Column::Id).lock_exclusive().into_tuple::<PostId>().all(txn).await?;
    Ok(())
}

/// Lets posts be about an event no more.
///
/// # Errors
/// Where the database does not answer.
pub async fn leave_posts(txn: &Transaction, id: EventId) -> Result<()> {
    let set = post::Entity::update_many()
        .col_expr(post::Column::EventId, Expr::val(None::<EventId>))
        .filter(post::Column::EventId.eq(id));
    set.exec(txn).await?;
    Ok(())
}
