//! The statements of changes: what is reacted to, and the reactions of somebody to it.

use alliance_entity::id::{AccountId, AllianceId, CampaignId, EventId, PostId, PostRevisionId, ReactionId};
use alliance_entity::reaction::{self, ReactionKind, ReactionState, SubjectType};
use alliance_entity::{campaign, event, post, reaction_link};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr,
};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::content::{readable_campaigns, readable_events};
use crate::policy::posts::readable_posts;
use crate::policy::reactions::readable_comments;
use crate::policy::{Action, Owned};
use crate::viewer::{Viewer, Writer};

/// What is reacted to. It stays until the transaction ends.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// What kind of thing it is.
    pub on: SubjectType,
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub alliance: AllianceId,
    /// The revision of a post that is public.
    pub revision: Option<PostRevisionId>,
    /// What reacting to it is, to the policy.
    pub reacting: Action<'static>,
}

/// What a viewer wants to react to; none where they may not see it.
///
/// # Errors
/// Where the database does not answer.
pub async fn hold(txn: &Transaction, viewer: &Viewer, (on, id): (SubjectType, Uuid)) -> Result<Option<Subject>> {
    Ok(match on {
        SubjectType::Post => {
            let found = post::Entity::find_by_id(PostId(id)).filter(readable_posts(viewer).condition());
            found.lock(LockType::KeyShare).one(txn).await?.filter(|post| post.deleted_at.is_none()).map(|post| {
                let owned = Owned { owner: post.owner_id, alliance: post.alliance_id, state: post.status };
                let (alliance, revision) = (post.alliance_id, post.live_revision_id);
                Subject { on, id, alliance, revision, reacting: Action::ReactToPost(owned) }
            })
        }
        SubjectType::Campaign => {
            let found = campaign::Entity::find_by_id(CampaignId(id)).filter(readable_campaigns(viewer).condition());
            found.lock(LockType::KeyShare).one(txn).await?.map(|row| {
                let (alliance, reacting) = (row.alliance_id, Action::ReactToCampaign(row.alliance_id, row.status));
                Subject { on, id, alliance, revision: None, reacting }
            })
        }
        SubjectType::Event => {
            let found = event::Entity::find_by_id(EventId(id)).filter(readable_events(viewer).condition());
            found.lock(LockType::KeyShare).one(txn).await?.map(|row| {
                let (alliance, reacting) = (row.alliance_id, Action::ReactToEvent(row.alliance_id, row.status));
                Subject { on, id, alliance, revision: None, reacting }
            })
        }
    })
}

/// Adds a reaction; says whether there was none like it that counts, or waits, as this one does.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: &reaction::Model) -> Result<bool> {
    let none_like_it = OnConflict::new().do_nothing().to_owned();
    let insert = reaction::Entity::insert(row.clone().into_active_model()).on_conflict(none_like_it);
    Ok(insert.exec_without_returning(txn).await? > 0)
}

/// Writes a reaction over the one of its id.
///
/// # Errors
/// [`Error::Refused`] where its writer said the same at this moment.
pub async fn set(txn: &Transaction, row: &reaction::Model) -> Result<()> {
    let update = reaction::Entity::update(row.clone().into_active_model().reset_all()).validate()?;
    match update.exec_without_returning(txn).await {
        Ok(_) => Ok(()),
        Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            let problem = "its writer reacted so once more at this moment: try again";
            Err(Error::Refused(vec![Problem::whole(UserErrorCode::Conflict, problem)]))
        }
        Err(error) => Err(error.into()),
    }
}

/// The reaction of somebody to something, by its kind and where it stands.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(
    txn: &Transaction,
    writer: Writer,
    subject: Uuid,
    kind: ReactionKind,
    state: ReactionState,
) -> Result<Option<reaction::Model>> {
    let one = reaction::Entity::find()
        .filter(of(writer))
        .filter(reaction::Column::SubjectId.eq(subject))
        .filter(reaction::Column::Kind.eq(kind))
        .filter(reaction::Column::State.eq(state));
    Ok(one.lock_exclusive().one(txn).await?)
}

/// A reaction, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_by_id(db: &impl ConnectionTrait, id: ReactionId) -> Result<Option<reaction::Model>> {
    Ok(reaction::Entity::find_by_id(id).one(db).await?)
}

/// The same, held against others who would change it.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: ReactionId) -> Result<Option<reaction::Model>> {
    Ok(reaction::Entity::find_by_id(id).lock_exclusive().one(txn).await?)
}

/// A comment that a viewer may see, held against others who would change it.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_seen(txn: &Transaction, viewer: &Viewer, id: ReactionId) -> Result<Option<reaction::Model>> {
    let seen = reaction::Entity::find_by_id(id).filter(readable_comments(viewer).condition());
    Ok(seen.lock_exclusive().one(txn).await?)
}

/// Those that match, held in the order of their ids.
async fn lock_all(txn: &Transaction, which: Condition) -> Result<Vec<reaction::Model>> {
    let found = reaction::Entity::find().filter(which).order_by_asc(reaction::Column::Id);
    Ok(found.lock_exclusive().all(txn).await?)
}

/// What somebody said of something and has not taken back, of one kind or of all, unless it was removed.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_standing(
    txn: &Transaction,
    writer: Writer,
    subject: Uuid,
    kind: Option<ReactionKind>,
) -> Result<Vec<reaction::Model>> {
    let mut which = Condition::all()
        .add(of(writer))
        .add(reaction::Column::SubjectId.eq(subject))
        .add(reaction::Column::State.is_in([ReactionState::Counted, ReactionState::Pending]));
    if let Some(kind) = kind {
        which = which.add(reaction::Column::Kind.eq(kind));
    }
    lock_all(txn, which).await
}

/// The comments of a visitor that wait to be confirmed by an address.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_unconfirmed(txn: &Transaction, like: &reaction::Model) -> Result<Vec<reaction::Model>> {
    let which = Condition::all()
        .add(reaction::Column::VisitorId.eq(like.visitor_id))
        .add(reaction::Column::AddressHash.eq(like.address_hash.clone()))
        .add(reaction::Column::State.eq(ReactionState::Pending))
        .add(reaction::Column::ConfirmBy.is_not_null());
    lock_all(txn, which).await
}

/// Whether a visitor has confirmed a comment by this address before.
///
/// # Errors
/// Where the database does not answer.
pub async fn has_confirmed(db: &impl ConnectionTrait, writer: Writer, address_hashes: Vec<String>) -> Result<bool> {
    let confirmed = reaction::Entity::find()
        .filter(of(writer))
        .filter(reaction::Column::AddressHash.is_in(address_hashes))
        .filter(reaction::Column::ConfirmBy.is_null());
    Ok(confirmed.count(db).await? > 0)
}

/// Whether a link to this address is under way that confirms a visitor's comments.
///
/// # Errors
/// Where the database does not answer.
pub async fn awaits_confirmation(
    db: &impl ConnectionTrait,
    writer: Writer,
    (email_key, address_hashes): (&str, Vec<String>),
    now: DateTime<Utc>,
) -> Result<bool> {
    let mut links = Query::select();
    links
        .column(reaction_link::Column::ReactionId)
        .from(reaction_link::Entity)
        .and_where(reaction_link::Column::EmailKey.eq(email_key))
        .and_where(reaction_link::Column::ExpiresAt.gt(now));
    let waiting = reaction::Entity::find()
        .filter(of(writer))
        .filter(reaction::Column::AddressHash.is_in(address_hashes))
        .filter(reaction::Column::ConfirmBy.is_not_null())
        .filter(reaction::Column::Id.in_subquery(links));
    Ok(waiting.count(db).await? > 0)
}

/// Whether a comment of somebody was removed by an alliance before.
///
/// # Errors
/// Where the database does not answer.
pub async fn was_removed(txn: &Transaction, writer: Writer, alliance: AllianceId) -> Result<bool> {
    let removed = reaction::Entity::find()
        .filter(of(writer))
        .filter(reaction::Column::AllianceId.eq(alliance))
        .filter(reaction::Column::State.eq(ReactionState::Removed));
    Ok(removed.count(txn).await? > 0)
}

/// The reactions of an account, and those that keep one of these hashes of an address.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_of(txn: &Transaction, account: Option<AccountId>, hashes: Vec<String>) -> Result<Vec<reaction::Model>> {
    let of_account = account.map(|id| of(Writer::Account(id)));
    lock_all(txn, Condition::any().add(reaction::Column::AddressHash.is_in(hashes)).add_option(of_account)).await
}

/// Deletes reactions.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, rows: &[reaction::Model]) -> Result<()> {
    let theirs = reaction::Column::Id.is_in(rows.iter().map(|row| row.id));
    reaction::Entity::delete_many().filter(theirs).exec(txn).await?;
    Ok(())
}

/// How many comments are kept back until a moderator has looked at them.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_held(db: &impl ConnectionTrait, alliance: AllianceId) -> Result<u64> {
    let held = reaction::Entity::find()
        .filter(reaction::Column::AllianceId.eq(alliance))
        .filter(reaction::Column::ToModerate.eq(true))
        .filter(reaction::Column::State.eq(ReactionState::Pending));
    Ok(held.count(db).await?)
}

/// Takes a reaction back: what is left of it says nothing, and is nobody's.
///
/// # Errors
/// Where the database does not answer.
pub async fn withdraw(txn: &Transaction, id: ReactionId, now: DateTime<Utc>) -> Result<()> {
    let withdrawn = reaction::ActiveModel {
        id: sea_orm::Set(id),
        state: sea_orm::Set(ReactionState::Withdrawn),
        account_id: sea_orm::Set(None),
        visitor_id: sea_orm::Set(None),
        address_hash: sea_orm::Set(None),
        has_comment: sea_orm::Set(false),
        comment: sea_orm::Set(None),
        author_name: sea_orm::Set(None),
        confirm_by: sea_orm::Set(None),
        to_moderate: sea_orm::Set(false),
        concerns: sea_orm::Set(String::new()),
        moderation_reason: sea_orm::Set(None),
        settled_at: sea_orm::Set(Some(now)),
        ..Default::default()
    };
    reaction::Entity::update(withdrawn).validate()?.exec_without_returning(txn).await?;
    reaction_link::Entity::delete_many().filter(reaction_link::Column::ReactionId.eq(id)).exec(txn).await?;
    Ok(())
}

/// What belongs to somebody.
fn of(writer: Writer) -> Expr {
    match writer {
        Writer::Account(id) => reaction::Column::AccountId.eq(id),
        Writer::Visitor(id) => reaction::Column::VisitorId.eq(id),
    }
}
