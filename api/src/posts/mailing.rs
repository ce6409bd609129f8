//! The mails about posts that are being worked on. A job holds ids alone.

use std::time::Duration;

use alliance_entity::id::{AccountId, PostNoteId};
use alliance_entity::post;
use alliance_entity::post_note::{self, PostNoteKind};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::mailing::{alliance_name, deliver};
use crate::accounts::store::find as find_account;
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::mail::render;
use crate::posts::store::{change, notes};

/// The job that tells somebody of a note.
pub const NOTE: &str = "posts.note";

/// Lets those be told of a note whom it is for: the editors of what was submitted, and else who wrote the post.
///
/// # Errors
/// Where the database does not answer.
pub async fn tell(txn: &Transaction, now: DateTime<Utc>, post: &post::Model, note: &post_note::Model) -> Result<()> {
    let by_owner = note.created_by == post.owner_id;
    let readers = match note.kind {
        PostNoteKind::Submitted => notes::editors(txn, post.alliance_id).await?,
        PostNoteKind::Note if by_owner => notes::editors(txn, post.alliance_id).await?,
        PostNoteKind::Note | PostNoteKind::Returned => post.owner_id.into_iter().collect(),
    };
    for reader in readers.into_iter().filter(|reader| Some(*reader) != note.created_by) {
        let payload = json!({ "id": crate::id::new::<PostNoteId>(now).0, "note": note.id.0, "account": reader.0 });
        jobs::enqueue(txn, now, NewJob { kind: NOTE, payload, unique: None, after: Duration::ZERO }).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct NoteJob {
    id: Uuid,
    note: Uuid,
    account: Uuid,
}

/// Tells somebody of a note, where they still work on its post.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_note(app: &App, payload: Value) -> Result<(), Problem> {
    let NoteJob { id, note, account } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let db = app.db().read();
    let (Some(note), Some(reader)) = (notes::find(app, PostNoteId(note)).await?, find_account(db, AccountId(account)).await?)
    else {
        return Ok(());
    };
    let Some(post) = change::find(db, note.post_id).await? else { return Ok(()) };
    let works_on_it = post.owner_id == Some(reader.id) || notes::editors(db, post.alliance_id).await?.contains(&reader.id);
    if reader.disabled_at.is_some() || !works_on_it {
        return Ok(());
    }
    let revision = change::revision_numbered(db, post.id, note.revision_number).await?;
    let revision = revision.ok_or_else(|| Problem::Passing(Error::internal("a note's revision is missing")))?;
    let writer = match note.created_by {
        Some(id) => find_account(db, id).await?.map(|account| account.name),
        None => None,
    };
    let values = json!({
        "alliance": alliance_name(app, Some(post.alliance_id)).await?,
        "name": reader.name,
        "writer": writer,
        "kind": match note.kind {
            PostNoteKind::Submitted => "SUBMITTED",
            PostNoteKind::Returned => "RETURNED",
            PostNoteKind::Note => "NOTE",
        },
        "title": revision.title,
        "text": note.text,
        "id": post.id.to_string(),
    });
    deliver(app, render("post_note", values)?, &reader.email, id).await
}
