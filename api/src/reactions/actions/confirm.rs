//! Confirming: whoever holds the link of a mail says that the comments are theirs.

use alliance_entity::reaction::{self, ReactionState};
use secrecy::SecretString;

use crate::alliances;
use crate::app::App;
use crate::caller::Caller;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::reactions::ADDRESS;
use crate::reactions::actions::{replace, settled, tell, tell_moderators};
use crate::reactions::mailing;
use crate::reactions::store::{change, links, sums};

/// A link that can still be used.
#[derive(Debug)]
pub struct Opened {
    /// The name of the alliance whose content was commented on.
    pub alliance: String,
}

/// Looks at a link by its token, and changes nothing; nothing for one that is not valid, or not any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn open(app: &App, token: &SecretString) -> Result<Option<Opened>> {
    let (db, now) = (app.db().read(), app.clock().now());
    let Some(id) = mailing::read(app, token) else { return Ok(None) };
    let Some(link) = links::find_live(db, id, now).await? else { return Ok(None) };
    let Some(row) = change::find_by_id(db, link.reaction_id).await? else { return Ok(None) };
    Ok(alliances::store::name_of(app, row.alliance_id).await?.map(|alliance| Opened { alliance }))
}

/// Uses a link: its comment, and the others that the same visitor gave this address for, are shown or wait for a moderator.
///
/// # Errors
/// [`Error::Refused`] for a link that is not valid, or not any more.
pub async fn confirm(caller: &Caller, token: &SecretString) -> Result<reaction::Model> {
    let (id, now) = (mailing::read(&caller.app, token).ok_or_else(expired)?, caller.now());
    let txn = caller.app.db().begin().await?;
    let link = links::find_live(&txn, id, now).await?.ok_or_else(expired)?;
    // What it says now may have been given another address since.
    let hashes = caller.app.keys().digests(ADDRESS, &link.email_key);
    let is_of_address = |row: &reaction::Model| row.address_hash.as_ref().is_some_and(|hash| hashes.contains(hash));
    let asked = change::find_by_id(&txn, link.reaction_id).await?.filter(is_of_address).ok_or_else(expired)?;
    // Reactions are held before their links, as whoever takes one back holds them.
    let mut waiting = change::lock_unconfirmed(&txn, &asked).await?;
    links::lock_live(&txn, id, now).await?.ok_or_else(expired)?;
    let asked = change::find_by_id(&txn, link.reaction_id).await?.filter(is_of_address).ok_or_else(expired)?;
    let mut confirmed = None;
    // Sums are held in an order that all keep to who change several.
    waiting.sort_unstable_by_key(|row| (row.subject_id, row.kind as u8));
    for row in waiting {
        let policy = alliances::store::hold(&txn, row.alliance_id).await?.comment_policy;
        let row = settled(row, policy);
        let more = if row.state == ReactionState::Counted { replace(caller, &txn, &row).await? } else { 0 };
        change::set(&txn, &row).await?;
        sums::add(&txn, row.subject_id, row.kind, more).await?;
        if row.state == ReactionState::Counted {
            tell(caller, &txn, &row).await?;
        }
        tell_moderators(caller, &txn, &row).await?;
        if row.id == asked.id {
            confirmed = Some(row);
        }
    }
    links::delete(&txn, link.id).await?;
    caller.commit(txn).await?;
    // Another link may have confirmed it before.
    Ok(confirmed.unwrap_or(asked))
}

/// What is said of a link that cannot be used.
#[must_use]
pub fn expired() -> Error {
    let problem = "this link is not valid, or not any more: send the comment again to get another one";
    Error::refused("token", UserErrorCode::Expired, problem)
}
