//! Every SQL statement about what an account wrote: what hangs on it beyond the account itself.

use alliance_entity::id::AccountId;
use alliance_entity::{post, reaction};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::error::Result;

/// The posts that are an account's, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn posts_of(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<post::Model>> {
    Ok(post::Entity::find().filter(post::Column::OwnerId.eq(id)).order_by_desc(post::Column::Id).all(db).await?)
}

/// An account's reactions, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn reactions_of(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<reaction::Model>> {
    Ok(reaction::Entity::find().filter(reaction::Column::AccountId.eq(id)).order_by_desc(reaction::Column::Id).all(db).await?)
}
