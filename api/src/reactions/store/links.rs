//! The statements about the links that confirm comments.

use alliance_entity::id::ReactionLinkId;
use alliance_entity::reaction_link;
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};

use crate::database::transaction::Transaction;
use crate::error::Result;

/// Notes that a link is to be sent.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: reaction_link::Model) -> Result<()> {
    reaction_link::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// A link by its id.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: ReactionLinkId) -> Result<Option<reaction_link::Model>> {
    Ok(reaction_link::Entity::find_by_id(id).one(db).await?)
}

/// A link that can still be used.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_live(
    db: &impl ConnectionTrait,
    id: ReactionLinkId,
    now: DateTime<Utc>,
) -> Result<Option<reaction_link::Model>> {
    Ok(live(id, now).one(db).await?)
}

/// The same, held against others who would use it.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_live(txn: &Transaction, id: ReactionLinkId, now: DateTime<Utc>) -> Result<Option<reaction_link::Model>> {
    Ok(live(id, now).lock_exclusive().one(txn).await?)
}

fn live(id: ReactionLinkId, now: DateTime<Utc>) -> sea_orm::Select<reaction_link::Entity> {
    reaction_link::Entity::find_by_id(id).filter(reaction_link::Column::ExpiresAt.gt(now))
}

/// Deletes a link that was used: nothing keeps the address then.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, id: ReactionLinkId) -> Result<()> {
    reaction_link::Entity::delete_by_id(id).exec(txn).await?;
    Ok(())
}

/// Deletes the links to these addresses.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_to(txn: &Transaction, addresses: &[String]) -> Result<()> {
    reaction_link::Entity::delete_many().filter(reaction_link::Column::EmailKey.is_in(addresses)).exec(txn).await?;
    Ok(())
}
