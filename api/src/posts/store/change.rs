//! The statements of changes: a post's row, its revisions, and what its row and its links show of one of them.

use alliance_entity::id::{CampaignId, EventId, InstitutionId, PersonId, PostId, PostRevisionId};
use alliance_entity::post::{self, PostStatus};
use alliance_entity::{campaign, event, institution, person, post_campaign, post_institution, post_revision};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect,
    SqlErr,
};
use uuid::Uuid;

use crate::database::Database;
use crate::database::transaction::Transaction;
use crate::editing::store::are_known;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::posts::content::Content;
use crate::posts::links;
use crate::viewer::Viewer;

/// A post, held against others who would change it until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: PostId) -> Result<Option<post::Model>> {
    Ok(post::Entity::find_by_id(id).lock_exclusive().one(txn).await?)
}

/// A post's row, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: PostId) -> Result<Option<post::Model>> {
    Ok(post::Entity::find_by_id(id).one(db).await?)
}

/// The posts whose embargo is over by now, and has not been lifted.
///
/// # Errors
/// Where the database does not answer.
pub async fn past_embargo(db: &Database, now: DateTime<Utc>) -> Result<Vec<PostId>> {
    let found = post::Entity::find().select_only().column(post::Column::Id).filter(post::Column::EmbargoedUntil.lte(now));
    Ok(found.order_by_asc(post::Column::Id).into_tuple().all(db.read()).await?)
}

/// Adds a post; says whether its slug was free.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, post: &post::Model) -> Result<bool> {
    let taken = OnConflict::columns([post::Column::AllianceId, post::Column::Slug]).do_nothing().to_owned();
    let insert = post::Entity::insert(post.clone().into_active_model()).on_conflict(taken);
    Ok(insert.exec_without_returning(txn).await? > 0)
}

/// Takes away a post that was just added.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, post: &post::Model) -> Result<()> {
    post::Entity::delete_by_id(post.id).exec(txn).await?;
    Ok(())
}

/// Whether another post of the alliance has a slug.
///
/// # Errors
/// Where the database does not answer.
pub async fn exists(txn: &Transaction, post: &post::Model, slug: &str) -> Result<bool> {
    let other = post::Entity::find()
        .filter(post::Column::AllianceId.eq(post.alliance_id))
        .filter(post::Column::Slug.eq(slug))
        .filter(post::Column::Id.ne(post.id));
    Ok(other.one(txn).await?.is_some())
}

/// Writes a post's row as it is from now on, where it is still of this version; the new one counts one more.
///
/// # Errors
/// Where the database does not answer; [`Error::Refused`] where another took its new slug at this moment.
pub async fn set(txn: &Transaction, post: &post::Model, version: i32) -> Result<bool> {
    let row = post::Model { version: version + 1, ..post.clone() };
    let mut update = post::Entity::update_many();
    let values = row.into_active_model();
    for column in post::Column::iter().filter(|column| !matches!(column, post::Column::Id | post::Column::CreatedAt)) {
        if let Some(value) = values.get(column).into_value() {
            update = update.col_expr(column, Expr::val(value));
        }
    }
    let update = update.filter(post::Column::Id.eq(post.id)).filter(post::Column::Version.eq(version));
    match update.exec(txn).await {
        Ok(done) => Ok(done.rows_affected > 0),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            Err(Error::refused("slug", UserErrorCode::Taken, "another post of this alliance was given this slug at this moment"))
        }
        Err(error) => Err(error.into()),
    }
}

/// One revision.
///
/// # Errors
/// Where the database does not answer.
pub async fn revision(db: &impl ConnectionTrait, id: PostRevisionId) -> Result<Option<post_revision::Model>> {
    Ok(post_revision::Entity::find_by_id(id).one(db).await?)
}

/// The revision of a post with this number.
///
/// # Errors
/// Where the database does not answer.
pub async fn revision_numbered(db: &impl ConnectionTrait, post: PostId, number: i32) -> Result<Option<post_revision::Model>> {
    let one = post_revision::Entity::find()
        .filter(post_revision::Column::PostId.eq(post))
        .filter(post_revision::Column::Number.eq(number));
    Ok(one.one(db).await?)
}

/// The number of a post's latest revision.
///
/// # Errors
/// Where the database does not answer.
pub async fn latest_number(txn: &Transaction, post: PostId) -> Result<i32> {
    let latest = post_revision::Entity::find()
        .select_only()
        .column(post_revision::Column::Number)
        .filter(post_revision::Column::PostId.eq(post))
        .order_by_desc(post_revision::Column::Number);
    Ok(latest.into_tuple::<i32>().one(txn).await?.unwrap_or_default())
}

/// Adds a revision.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert_revision(txn: &Transaction, revision: &post_revision::Model) -> Result<()> {
    post_revision::Entity::insert(revision.clone().into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Lets a post's campaigns and institutions be those of a revision. They are in the order of its publication while it is public.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_links(txn: &Transaction, post: &post::Model, revision: &post_revision::Model) -> Result<()> {
    let published_at = post.published_at.filter(|_| post.status == PostStatus::Published);
    let post_id = post.id;
    // What was deleted since is named in vain, and what is not is not deleted before this is committed: it is held before any link is.
    let named = links::read::<CampaignId>(&revision.campaign_ids);
    let campaigns = campaign::Entity::find().filter(campaign::Column::Id.is_in(named)).order_by_asc(campaign::Column::Id);
    let campaigns = campaigns.lock(LockType::KeyShare).all(txn).await?;
    let named = links::read::<InstitutionId>(&revision.institution_ids);
    let institutions =
        institution::Entity::find().filter(institution::Column::Id.is_in(named)).order_by_asc(institution::Column::Id);
    let institutions = institutions.lock(LockType::KeyShare).all(txn).await?;
    post_campaign::Entity::delete_many().filter(post_campaign::Column::PostId.eq(post_id)).exec(txn).await?;
    post_institution::Entity::delete_many().filter(post_institution::Column::PostId.eq(post_id)).exec(txn).await?;
    let rows = campaigns.iter().map(|of| post_campaign::Model { post_id, campaign_id: of.id, published_at }.into_active_model());
    if !campaigns.is_empty() {
        post_campaign::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    let rows = institutions
        .iter()
        .map(|of| post_institution::Model { post_id, institution_id: of.id, published_at }.into_active_model());
    if !institutions.is_empty() {
        post_institution::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// The author and the event of a revision, as far as they have not been deleted since.
///
/// # Errors
/// Where the database does not answer.
pub async fn living(txn: &Transaction, revision: &post_revision::Model) -> Result<(Option<PersonId>, Option<EventId>)> {
    let author = match revision.author_id {
        Some(id) => person::Entity::find_by_id(id).lock(LockType::KeyShare).one(txn).await?.map(|person| person.id),
        None => None,
    };
    let event = match revision.event_id {
        Some(id) => event::Entity::find_by_id(id).lock(LockType::KeyShare).one(txn).await?.map(|event| event.id),
        None => None,
    };
    Ok((author, event))
}

/// The fields of `content` that name what `viewer` cannot see, or what belongs to another alliance.
///
/// # Errors
/// Where the database does not answer.
pub async fn unknown(txn: &Transaction, viewer: &Viewer, post: &post::Model, content: &Content) -> Result<Vec<&'static str>> {
    let (alliance, mut unknown) = (post.alliance_id, Vec::new());
    let ids: Vec<Uuid> = content.campaigns.iter().map(|id| id.0).collect();
    if !are_known::<campaign::Entity>(txn, viewer, alliance, &ids).await? {
        unknown.push("campaigns");
    }
    let ids: Vec<Uuid> = content.institutions.iter().map(|id| id.0).collect();
    if !are_known::<institution::Entity>(txn, viewer, alliance, &ids).await? {
        unknown.push("institutions");
    }
    let ids: Vec<Uuid> = content.author.iter().map(|id| id.0).collect();
    if !are_known::<person::Entity>(txn, viewer, alliance, &ids).await? {
        unknown.push("author");
    }
    let ids: Vec<Uuid> = content.event.iter().map(|id| id.0).collect();
    if !are_known::<event::Entity>(txn, viewer, alliance, &ids).await? {
        unknown.push("event");
    }
    Ok(unknown)
}
