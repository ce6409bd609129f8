//! The SQL of a change of any kind of content.

pub mod html;

use alliance_entity::id::AllianceId;
use alliance_entity::search_document::SearchType;
use alliance_entity::{former_slug, reaction, reaction_counter};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, Condition, DbErr, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect, SqlErr,
};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::searchable::words::beyond;
use crate::slugs::LONGEST;
use crate::viewer::Viewer;

/// How many letters a number and its hyphen may take from a slug.
const NUMBER: usize = 6;

/// What each thing that is edited has.
#[derive(Debug, Clone, Copy)]
pub struct Of<'a> {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub alliance: AllianceId,
    /// How often it was changed.
    pub version: i32,
    /// Its name in addresses, where it has one.
    pub slug: Option<&'a str>,
}

/// A table whose rows are edited.
pub trait Content:
    EntityTrait<
        Model: IntoActiveModel<Self::ActiveModel> + Send + Sync,
        ActiveModel: ActiveModelTrait<Entity = Self> + ActiveModelBehavior + Send,
    >
{
    /// The word for one of them.
    const WORD: &'static str;
    /// Its kind in the audit log.
    const SUBJECT: &'static str;
    /// Its kind among what has slugs within an alliance and can be searched for.
    const KIND: Option<SearchType>;

    /// What a row has that each has.
    fn of(row: &Self::Model) -> Of<'_>;
    /// The rows that a viewer may read.
    fn readable(viewer: &Viewer) -> Condition;
    /// The same row, changed once more.
    fn next(row: Self::Model, now: DateTime<Utc>) -> Self::Model;
}

/// Lets the rows of an entity be edited.
macro_rules! content {
    ($entity:ident: $word:literal, $subject:literal, $kind:expr, $alliance:ident, $readable:path, |$row:ident| $slug:expr) => {
        impl $crate::editing::store::Content for $entity::Entity {
            const WORD: &'static str = $word;
            const SUBJECT: &'static str = $subject;
            const KIND: Option<alliance_entity::search_document::SearchType> = $kind;

            fn of($row: &Self::Model) -> $crate::editing::store::Of<'_> {
                let (id, alliance) = ($row.id.0, $row.$alliance);
                $crate::editing::store::Of { id, alliance, version: $row.version, slug: $slug }
            }

            fn readable(viewer: &$crate::viewer::Viewer) -> sea_orm::Condition {
                $readable(viewer).condition()
            }

            fn next(row: Self::Model, now: chrono::DateTime<chrono::Utc>) -> Self::Model {
                $entity::Model { version: row.version + 1, updated_at: now, ..row }
            }
        }
    };
}
pub(crate) use content;

/// A row that a viewer may read, held against others who would change it until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock<C: Content>(txn: &Transaction, viewer: &Viewer, id: Uuid) -> Result<Option<C::Model>> {
    let one = C::find().filter(Expr::col("id").eq(id)).filter(C::readable(viewer));
    // Rows that only refer to it may be written meanwhile.
    Ok(one.lock(LockType::NoKeyUpdate).one(txn).await?)
}

/// Waits until nobody who names a row has yet to commit, and holds it against those who would.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_alone<C: Content>(txn: &Transaction, id: Uuid) -> Result<()> {
    C::find().filter(Expr::col("id").eq(id)).lock_exclusive().one(txn).await?;
    Ok(())
}

/// Adds a row; says whether its slug was free.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert<C: Content>(txn: &Transaction, row: &C::Model) -> Result<bool> {
    let insert = C::insert(row.clone().into_active_model()).on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(insert.exec_without_returning(txn).await? > 0)
}

/// Writes a row over the one of version `read`; says whether it was still that one.
///
/// # Errors
/// [`Error::Refused`] where another has its slug.
pub async fn set<C: Content>(txn: &Transaction, row: C::Model, read: i32) -> Result<bool> {
    let update = C::update(row.into_active_model().reset_all()).validate()?.filter(Expr::col("version").eq(read));
    match update.exec_without_returning(txn).await {
        Ok(_) => Ok(true),
        Err(DbErr::RecordNotUpdated) => Ok(false),
        Err(error) => match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => {
                Err(Error::refused("slug", UserErrorCode::Taken, format!("another {} has this slug", C::WORD)))
            }
            _ => Err(error.into()),
        },
    }
}

/// Deletes a row, and the links that end with it.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete<C: Content>(txn: &Transaction, id: Uuid) -> Result<()> {
    C::delete_many().filter(Expr::col("id").eq(id)).exec(txn).await?;
    Ok(())
}

/// The slugs that are in use or lead to something, and begin as this one does.
///
/// # Errors
/// Where the database does not answer.
pub async fn slugs_like<C: Content>(txn: &Transaction, alliance: AllianceId, slug: &str) -> Result<Vec<String>> {
    let beginning = &slug[..slug.len().min(LONGEST - NUMBER)];
    let in_use = C::find()
        .select_only()
        .expr(Expr::col("slug"))
        .filter(Expr::col("alliance_id").eq(alliance))
        .filter(Expr::col("slug").gte(beginning))
        .filter(Expr::col("slug").lt(beyond(beginning)));
    let mut slugs: Vec<String> = in_use.into_tuple().all(txn).await?;
    let retired = former_slug::Entity::find()
        .select_only()
        .column(former_slug::Column::Slug)
        .filter(former_slug::Column::SubjectType.eq(C::KIND))
        .filter(former_slug::Column::AllianceId.eq(alliance))
        .filter(former_slug::Column::Slug.gte(beginning))
        .filter(former_slug::Column::Slug.lt(beyond(beginning)));
    slugs.extend(retired.into_tuple::<String>().all(txn).await?);
    Ok(slugs)
}

/// Whether all of these exist, belong to an alliance, and may be seen. They stay until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn are_known<L: Content>(txn: &Transaction, viewer: &Viewer, alliance: AllianceId, ids: &[Uuid]) -> Result<bool> {
    if ids.is_empty() {
        return Ok(true);
    }
    let found = L::find()
        .filter(Expr::col("id").is_in(ids.iter().copied()))
        .filter(Expr::col("alliance_id").eq(alliance))
        .filter(L::readable(viewer))
        .order_by_asc(Expr::col("id"))
        .lock(LockType::KeyShare);
    Ok(found.all(txn).await?.len() == ids.len())
}

/// How many reactions of people count on something, or wait to.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_reactions(txn: &Transaction, subject: Uuid) -> Result<u64> {
    Ok(reaction::Entity::find().filter(reaction::Column::SubjectId.eq(subject)).count(txn).await?)
}

/// Deletes what people said of something, and its sums.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_reactions(txn: &Transaction, subject: Uuid) -> Result<()> {
    reaction::Entity::delete_many().filter(reaction::Column::SubjectId.eq(subject)).exec(txn).await?;
    reaction_counter::Entity::delete_many().filter(reaction_counter::Column::SubjectId.eq(subject)).exec(txn).await?;
    Ok(())
}
