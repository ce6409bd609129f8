//! Reacting to a post, a campaign or an event.

use alliance_entity::reaction::{self, ReactionKind, ReactionState, SubjectType};
use uuid::Uuid;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::id;
use crate::reactions::actions::comment::{self, Comment};
use crate::reactions::actions::{tell, word};
use crate::reactions::store::subjects::{self, Subject};
use crate::reactions::store::{change, sums};
use crate::viewer::Writer;

/// What somebody without a token is told.
const TOKEN: &str =
    "sign in, or ask for a visitor's token with `visitorTokenCreate`, so that your reaction can be known for yours";

/// A reaction.
#[derive(Debug)]
pub struct Add {
    /// What is reacted to.
    pub subject: (SubjectType, Uuid),
    /// What it says.
    pub kind: ReactionKind,
    /// What it says beyond that.
    pub comment: Option<Comment>,
}

/// Reacts. Somebody who has reacted so already changes nothing by it.
///
/// # Errors
/// [`Error::Unauthenticated`] without a token, [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with what is wrong with a comment;
/// [`Error::RateLimited`].
pub async fn add(caller: &Caller, input: Add) -> Result<reaction::Model> {
    let Add { subject, kind, comment } = input;
    let writer = caller.viewer.writer().ok_or(Error::Unauthenticated(TOKEN))?;
    let comment = match comment {
        Some(comment) => Some(comment::read(caller, (writer, subject), comment).await?),
        None => None,
    };
    let txn = caller.app.db().begin().await?;
    let held = subjects::hold(&txn, &caller.viewer, subject).await?.ok_or(Error::NotFound(word(subject.0)))?;
    caller.viewer.must(held.reacting)?;
    match comment {
        Some(comment) => comment::write(caller, txn, (held, kind), comment).await,
        None => write(caller, txn, held, (writer, kind)).await,
    }
}

async fn write(
    caller: &Caller,
    txn: Transaction,
    subject: Subject,
    (writer, kind): (Writer, ReactionKind),
) -> Result<reaction::Model> {
    let row = new(caller, subject, (writer, kind));
    if !change::insert(&txn, &row).await? {
        // It may be taken back at this very moment: then it was there all the same.
        let before = change::find(&txn, writer, subject.id, kind, ReactionState::Counted).await?;
        return Ok(before.unwrap_or(row));
    }
    sums::add(&txn, subject.id, kind, 1).await?;
    tell(caller, &txn, &row).await?;
    caller.commit(txn).await?;
    Ok(row)
}

/// A reaction that counts and says nothing beyond its kind.
pub(super) fn new(caller: &Caller, subject: Subject, (writer, kind): (Writer, ReactionKind)) -> reaction::Model {
    let (account_id, visitor_id) = match writer {
        Writer::Account(id) => (Some(id), None),
        Writer::Visitor(id) => (None, Some(id)),
    };
    reaction::Model {
        revision_id: subject.revision,
        account_id,
        visitor_id,
        ..reaction::Model::counted(id::new(caller.now()), (subject.on, subject.id), subject.alliance, kind, caller.now())
    }
}
