//! Taking a reaction back.

use alliance_entity::reaction::{self, ReactionKind, ReactionState, SubjectType};
use uuid::Uuid;

use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::reactions::actions::{tell, tell_moderators, word};
use crate::reactions::store::{change, subjects, sums};

/// What is taken back.
#[derive(Debug)]
pub struct Remove {
    /// What was reacted to.
    pub subject: (SubjectType, Uuid),
    /// The kind; all of them where none is given.
    pub kind: Option<ReactionKind>,
}

/// Takes back what the viewer said of something, words included, and returns the last of it. What was not said is not missed; what a moderator removed stays removed.
///
/// # Errors
/// [`Error::Unauthenticated`] without a token, [`Error::NotFound`].
pub async fn remove(caller: &Caller, input: Remove) -> Result<Option<reaction::Model>> {
    let Remove { subject: (on, id), kind } = input;
    caller.viewer.must(Action::WithdrawReaction)?;
    let Some(writer) = caller.viewer.writer() else { return Err(Error::NotFound(word(on))) };
    let txn = caller.app.db().begin().await?;
    let mut standing = change::lock_standing(&txn, writer, id, kind).await?;
    // Sums are held in an order that all keep to who change several.
    standing.sort_unstable_by_key(|row| row.kind as u8);
    if standing.is_empty() {
        // What they never said something of may be hidden from them.
        subjects::hold(&txn, &caller.viewer, (on, id)).await?.ok_or(Error::NotFound(word(on)))?;
        return Ok(None);
    }
    for row in &standing {
        change::withdraw(&txn, row.id, caller.now()).await?;
    }
    let mut counted: Option<&reaction::Model> = None;
    for row in &standing {
        if row.state == ReactionState::Counted {
            sums::add(&txn, row.subject_id, row.kind, -1).await?;
            counted = Some(row);
        }
        if row.to_moderate {
            tell_moderators(caller, &txn, &reaction::Model { to_moderate: false, ..row.clone() }).await?;
        }
    }
    if let Some(row) = counted {
        tell(caller, &txn, row).await?;
    }
    caller.commit(txn).await?;
    let last = standing.into_iter().next_back();
    Ok(last.map(|row| reaction::Model { state: ReactionState::Withdrawn, ..row }))
}
