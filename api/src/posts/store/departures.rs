//! Where posts were public and are not any more, so that whoever carries them can be told.

use std::collections::BTreeSet;

use alliance_entity::id::PostId;
use alliance_entity::post::{self, PostStatus};
use alliance_entity::{post_campaign, post_departure, post_institution};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::posts::moved::Moved;

/// The places in which a post's row and links show it to those who carry it: none where it is not public, or nobody was told yet that its
/// embargo is over.
///
/// # Errors
/// Where the database does not answer.
pub async fn places(txn: &Transaction, post: &post::Model) -> Result<BTreeSet<Uuid>> {
    if post.status != PostStatus::Published || post.embargoed_until.is_some() {
        return Ok(BTreeSet::new());
    }
    let campaigns = post_campaign::Entity::find().select_only().column(post_campaign::Column::CampaignId);
    let campaigns: Vec<Uuid> = campaigns.filter(post_campaign::Column::PostId.eq(post.id)).into_tuple().all(txn).await?;
    let institutions = post_institution::Entity::find().select_only().column(post_institution::Column::InstitutionId);
    let institutions: Vec<Uuid> = institutions.filter(post_institution::Column::PostId.eq(post.id)).into_tuple().all(txn).await?;
    Ok([post.alliance_id.0].into_iter().chain(campaigns).chain(institutions).collect())
}

/// Notes which places a change took a post out of, and which it came back to.
///
/// # Errors
/// Where the database does not answer.
pub async fn note(txn: &Transaction, post: &post::Model, moved: &Moved, now: DateTime<Utc>) -> Result<()> {
    use post_departure::Column::{CarriedSince, IsDeleted, LeftAt, PlaceId, PostId};

    let Moved { before, after } = moved;
    if !after.is_empty() {
        let back = post_departure::Entity::delete_many().filter(post_departure::Column::PostId.eq(post.id));
        back.filter(post_departure::Column::PlaceId.is_in(after.iter().copied())).exec(txn).await?;
    }
    let row = |place_id: Uuid| post_departure::Model {
        place_id,
        post_id: post.id,
        alliance_id: post.alliance_id,
        carried_since: post.carried_since.unwrap_or(now),
        left_at: now,
        is_deleted: post.deleted_at.is_some(),
    };
    let gone: Vec<_> = before.difference(after).map(|place| row(*place).into_active_model()).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let again = OnConflict::columns([PlaceId, PostId]).update_columns([CarriedSince, IsDeleted, LeftAt]).to_owned();
    post_departure::Entity::insert_many(gone).on_conflict(again).exec_without_returning(txn).await?;
    Ok(())
}

/// Notes that a withdrawn post has been deleted, or taken back.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_deleted(txn: &Transaction, post: PostId, is_deleted: bool) -> Result<()> {
    let set = post_departure::Entity::update_many().col_expr(post_departure::Column::IsDeleted, is_deleted.into());
    set.filter(post_departure::Column::PostId.eq(post)).exec(txn).await?;
    Ok(())
}
