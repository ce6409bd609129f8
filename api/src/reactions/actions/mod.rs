//! What can be done with reactions: one act a file.

pub mod add;
pub mod comment;
pub mod confirm;
pub mod erase;
pub mod expire;
pub mod moderate;
pub mod remove;

use alliance_entity::alliance::CommentPolicy;
use alliance_entity::reaction::{self, ReactionState, SubjectType};
use serde_json::json;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::outbox::Event;
use crate::reactions::store::change;
use crate::reactions::{mailing, writer};

/// A word for each kind of subject.
#[must_use]
pub fn word(on: SubjectType) -> &'static str {
    match on {
        SubjectType::Post => "post",
        SubjectType::Campaign => "campaign",
        SubjectType::Event => "event",
    }
}

/// Tells those who follow that the sums of a subject have changed, and never who changed them.
async fn tell(caller: &Caller, txn: &Transaction, row: &reaction::Model) -> Result<()> {
    let subject_type = match row.subject_type {
        SubjectType::Post => "POST",
        SubjectType::Campaign => "CAMPAIGN",
        SubjectType::Event => "EVENT",
    };
    let (kind, alliance) = ("ReactionsChanged", Some(row.alliance_id));
    let event = Event { kind, subject_type, subject_id: row.subject_id, alliance, data: json!({}) };
    caller.announce(txn, event).await
}

/// Tells those who moderate that there is something to look at, or not any more.
async fn tell_moderators(caller: &Caller, txn: &Transaction, row: &reaction::Model) -> Result<()> {
    let (kind, subject_type, alliance) = ("ModerationQueueChanged", "REACTION", Some(row.alliance_id));
    let event = Event { kind, subject_type, subject_id: row.id.0, alliance, data: json!({}) };
    caller.announce(txn, event).await?;
    if row.to_moderate && row.state == ReactionState::Pending {
        mailing::tell_editors(txn, caller.now(), row.alliance_id).await?;
    }
    Ok(())
}

/// A comment that nothing keeps back any more but the alliance's wish: it is shown, or waits for a moderator.
#[must_use]
fn settled(row: reaction::Model, policy: CommentPolicy) -> reaction::Model {
    let is_shown = policy == CommentPolicy::Shown && row.concerns.is_empty();
    let state = if is_shown { ReactionState::Counted } else { ReactionState::Pending };
    reaction::Model { state, to_moderate: true, confirm_by: None, ..row }
}

/// Takes back what the writer of a comment said of this kind before: the comment counts in its place. Returns how many more count then. The sum is
/// changed once the comment is written: whoever holds a sum waits for nobody.
async fn replace(caller: &Caller, txn: &Transaction, row: &reaction::Model) -> Result<i64> {
    let Some(writer) = writer(row) else { return Ok(1) };
    let before = change::find(txn, writer, row.subject_id, row.kind, ReactionState::Counted).await?;
    match before.filter(|before| before.id != row.id) {
        Some(before) => {
            change::withdraw(txn, before.id, caller.now()).await?;
            Ok(0)
        }
        None => Ok(1),
    }
}
