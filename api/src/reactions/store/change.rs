//! The statements of changes of somebody's reactions.

use alliance_entity::id::{AccountId, AllianceId, ReactionId};
use alliance_entity::reaction::{self, ReactionKind, ReactionState};
use alliance_entity::reaction_link;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr,
};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::reactions::readable_comments;
use crate::reactions::writer;
use crate::viewer::{Viewer, Writer};

/// Where a reaction stands that was neither taken back nor removed.
const STANDING: [ReactionState; 2] = [ReactionState::Counted, ReactionState::Pending];
/// How many rows one statement names: each is a value, of which a statement has not arbitrarily many.
const AT_ONCE: usize = 500;

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

/// A comment that a viewer may see, held against others who would change it, with what its writer said of the same kind.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_seen(txn: &Transaction, viewer: &Viewer, id: ReactionId) -> Result<Option<reaction::Model>> {
    let seen = || reaction::Entity::find_by_id(id).filter(readable_comments(viewer).condition());
    let Some(row) = seen().one(txn).await? else { return Ok(None) };
    let beside = Condition::all()
        .add(reaction::Column::SubjectId.eq(row.subject_id))
        .add(reaction::Column::Kind.eq(row.kind))
        .add(reaction::Column::State.is_in(STANDING));
    let beside = writer(&row).map(|writer| beside.add(of(writer)));
    lock_all(txn, Condition::any().add(reaction::Column::Id.eq(id)).add_option(beside)).await?;
    // It may have changed until it was held.
    Ok(seen().one(txn).await?)
}

/// Those that match, held in the order of their ids, as everybody does who holds several: nobody waits for somebody who waits for them.
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
        .add(reaction::Column::State.is_in(STANDING));
    if let Some(kind) = kind {
        which = which.add(reaction::Column::Kind.eq(kind));
    }
    lock_all(txn, which).await
}

/// The comments of a visitor that wait to be confirmed by an address. What they said of the same things is held with them.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_unconfirmed(txn: &Transaction, like: &reaction::Model) -> Result<Vec<reaction::Model>> {
    let mut subjects = Query::select();
    subjects
        .column(reaction::Column::SubjectId)
        .from(reaction::Entity)
        .and_where(reaction::Column::VisitorId.eq(like.visitor_id))
        .and_where(reaction::Column::AddressHash.eq(like.address_hash.clone()))
        .and_where(reaction::Column::State.eq(ReactionState::Pending))
        .and_where(reaction::Column::ConfirmBy.is_not_null());
    let which = Condition::all()
        .add(reaction::Column::VisitorId.eq(like.visitor_id))
        .add(reaction::Column::State.is_in(STANDING))
        .add(reaction::Column::SubjectId.in_subquery(subjects));
    let mut held = lock_all(txn, which).await?;
    held.retain(|row| row.state == ReactionState::Pending && row.confirm_by.is_some() && row.address_hash == like.address_hash);
    Ok(held)
}

/// The first `most` comments that have waited for a moderator since before a time, held but for those that somebody holds.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_held(txn: &Transaction, before: DateTime<Utc>, most: u64) -> Result<Vec<reaction::Model>> {
    let held = reaction::Entity::find()
        .filter(reaction::Column::State.eq(ReactionState::Pending))
        .filter(reaction::Column::ConfirmBy.is_null())
        .filter(reaction::Column::CreatedAt.lt(before))
        .order_by_asc(reaction::Column::CreatedAt)
        .limit(most);
    Ok(held.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(txn).await?)
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
    for rows in rows.chunks(AT_ONCE) {
        let theirs = reaction::Column::Id.is_in(rows.iter().map(|row| row.id));
        reaction::Entity::delete_many().filter(theirs).exec(txn).await?;
    }
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
