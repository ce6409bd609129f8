//! The demo content: Nottingham Citizens, an alliance with its campaigns, posts and events, as a first run shows it. What is invented
//! is marked as sample data; what is not comes from the alliance's public page, in words of our own.

mod content;
mod rows;

use alliance_entity::alliance;
use sea_orm::{EntityTrait, PaginatorTrait, TransactionTrait};

use crate::app::App;
use crate::error::Result;

/// Writes the demo content into a database that has no alliance yet. Says whether it did.
///
/// # Errors
/// Where the database does not answer. Nothing is written then.
pub async fn plant(app: &App) -> Result<bool> {
    let txn = app.db().write().begin().await?;
    if alliance::Entity::find().count(&txn).await? > 0 {
        return Ok(false);
    }
    rows::write(&txn, app.clock().now()).await?;
    txn.commit().await?;
    Ok(true)
}
