//! The demo content: Nottingham Citizens, an alliance with its campaigns, posts and events, as a first run shows it. What is invented
//! is marked as sample data; what is not comes from the alliance's public page, in words of our own.

pub mod accounts;
mod content;
mod reaction;
mod rows;

use alliance_entity::alliance;
use alliance_entity::id::AllianceId;
use sea_orm::{EntityTrait, PaginatorTrait};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;

/// An id made of a name.
macro_rules! named {
    ($id:ident, $name:expr) => {{
        let digest = <sha2::Sha256 as sha2::Digest>::digest(format!("{}/{}", $id::PREFIX, $name));
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        $id::new(crate::demo::BORN, random)
    }};
}
use named;

/// The demo's alliance.
pub const SLUG: &str = "nottingham-citizens";

/// When the ids of the demo say that its content was made: in milliseconds since 1970. Nothing else was made then.
pub const BORN: u64 = 1_420_070_400_000;

/// The id of the demo's alliance.
#[must_use]
pub fn alliance_id() -> AllianceId {
    named!(AllianceId, SLUG)
}

/// Writes the demo content into a database that has no alliance yet. Says whether it did.
///
/// # Errors
/// Where the database does not answer. Nothing is written then.
pub async fn plant(app: &App) -> Result<bool> {
    let Some(txn) = begin_in_empty(app).await? else { return Ok(false) };
    rows::write(&txn, app.clock().now()).await?;
    txn.commit().await?;
    Ok(true)
}

/// Begins to write into a database that has no alliance yet; nothing where it has one. Of several processes that try at once one
/// begins, and once it has written an alliance and committed the others are told that there is one.
///
/// # Errors
/// Where the database does not answer.
pub async fn begin_in_empty(app: &App) -> Result<Option<Transaction>> {
    // Most databases have one, and reading waits for nobody.
    if alliance::Entity::find().count(app.db().read()).await? > 0 {
        return Ok(None);
    }
    let txn = app.db().begin_filling().await?;
    let empty = alliance::Entity::find().count(&txn).await? == 0;
    Ok(empty.then_some(txn))
}
