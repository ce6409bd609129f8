//! Every statement about slugs that were given up. Those in use stand in the rows of the things themselves.

use alliance_entity::former_slug::{Column, Entity, Model};
use alliance_entity::id::AllianceId;
use alliance_entity::search_document::SearchType;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::lookup::store::alliance_called;

/// Whose slug it is.
#[derive(Debug, Clone, Copy)]
pub struct Owner {
    /// The kind of thing.
    pub kind: SearchType,
    /// Its alliance.
    pub alliance: AllianceId,
    /// Which thing.
    pub subject: Uuid,
}

/// Keeps a slug that a thing gives up for another, so that the old one still leads to it.
///
/// # Errors
/// Where the database does not answer.
pub async fn retire(txn: &Transaction, owner: Owner, (old, new): (&str, &str), now: DateTime<Utc>) -> Result<()> {
    let Owner { kind, alliance, subject } = owner;
    // It may take back what it had before.
    Entity::delete_many().filter(of(kind, alliance, new)).filter(Column::SubjectId.eq(subject)).exec(txn).await?;
    let row = Model { subject_type: kind, alliance_id: alliance, slug: old.to_owned(), subject_id: subject, retired_at: now };
    // Where it led elsewhere before, it still does.
    let there = OnConflict::columns([Column::SubjectType, Column::AllianceId, Column::Slug]).do_nothing().to_owned();
    Entity::insert(row.into_active_model()).on_conflict(there).exec_without_returning(txn).await?;
    Ok(())
}

/// Whether a slug leads to another thing that had it. Ask after the slug was written: whoever gives it up in the meantime has done so by
/// then, or waits.
///
/// # Errors
/// Where the database does not answer.
pub async fn leads_elsewhere(txn: &Transaction, owner: Owner, slug: &str) -> Result<bool> {
    let Owner { kind, alliance, subject } = owner;
    let other = Entity::find().filter(of(kind, alliance, slug)).filter(Column::SubjectId.ne(subject)).one(txn).await?;
    Ok(other.is_some())
}

/// Forgets the slugs that a thing gave up, with the thing itself.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, subject: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::SubjectId.eq(subject)).exec(txn).await?;
    Ok(())
}

/// The id of what had a slug once, inside another statement.
#[must_use]
pub fn formerly(kind: SearchType, slug: &str, alliance: &str) -> SelectStatement {
    let mut select = Query::select();
    select
        .column((Entity, Column::SubjectId))
        .from(Entity)
        .and_where(Column::SubjectType.eq(kind))
        .and_where(Expr::col((Entity, Column::AllianceId)).eq(alliance_called(alliance)))
        .and_where(Column::Slug.eq(slug));
    select
}

fn of(kind: SearchType, alliance: AllianceId, slug: &str) -> Condition {
    Condition::all().add(Column::SubjectType.eq(kind)).add(Column::AllianceId.eq(alliance)).add(Column::Slug.eq(slug))
}
