//! What those who write and those who review tell each other: submitting, returning, notes, and the mails that go with them.

use alliance_entity::id::PostId;
use alliance_entity::post::PostStatus;
use alliance_entity::post_note::{self, PostNoteKind};

use crate::caller::Caller;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::id;
use crate::policy::Action;
use crate::posts::actions::{Act, Held, Which, hold, hold_any, wrong_state};
use crate::posts::mailing;
use crate::posts::store::notes;
use crate::text::line;

/// How many characters a note, a reason or a correction may have.
pub const TEXT: usize = 2_000;

/// What somebody remarks on a revision.
pub(super) struct Remark {
    pub(super) kind: PostNoteKind,
    pub(super) number: i32,
    pub(super) text: Option<String>,
}

/// A text beside a post, where one is given that says something.
pub(super) fn text(field: &str, given: Option<String>) -> Result<Option<String>> {
    let Some(given) = given else { return Ok(None) };
    let text = line::paragraphs(&given, TEXT).map_err(|problem| Error::refused(field, UserErrorCode::Invalid, problem))?;
    Ok((!text.is_empty()).then_some(text))
}

/// The same, where one must be given.
pub(super) fn wanted(field: &str, given: String) -> Result<String> {
    text(field, Some(given))?.ok_or_else(|| Error::refused(field, UserErrorCode::Required, "say it in a sentence"))
}

/// Keeps a remark, and lets those who work on the post be told.
pub(super) async fn add(caller: &Caller, held: &Held, remark: Remark) -> Result<()> {
    let Remark { kind, number, text } = remark;
    let row = post_note::Model {
        id: id::new(held.now),
        post_id: held.post.id,
        kind,
        revision_number: number,
        text,
        created_by: caller.account(),
        created_at: held.now,
    };
    notes::insert(&held.txn, &row).await?;
    mailing::tell(&held.txn, held.now, &held.post, &row).await
}

/// Submits a post for review: its alliance's editors are told.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the post was changed since, or has nothing to review.
pub async fn submit(caller: &Caller, which: Which, note: Option<String>) -> Result<()> {
    let text = text("note", note)?;
    let mut held = hold(caller, which, Action::SubmitPost).await?;
    match held.post.status {
        PostStatus::Draft => held.post.status = PostStatus::InReview,
        // What is public stays so while what was written since is reviewed.
        PostStatus::Published if held.post.draft_revision_id.is_some() => {}
        PostStatus::InReview => return Err(wrong_state("this post is being reviewed already")),
        _ => return Err(wrong_state("there is nothing to review: only drafts and changes to a public post are submitted")),
    }
    let number = held.latest().await?.number;
    add(caller, &held, Remark { kind: PostNoteKind::Submitted, number, text }).await?;
    held.keep(caller, Act::new("postSubmit", "PostSubmitted")).await.map(drop)
}

/// Returns a post to who wrote it, with a reason.
///
/// # Errors
/// As [`submit`].
pub async fn return_to_writer(caller: &Caller, which: Which, reason: String) -> Result<()> {
    let text = Some(wanted("reason", reason)?);
    let mut held = hold(caller, which, Action::ReturnPost).await?;
    match held.post.status {
        PostStatus::InReview => held.post.status = PostStatus::Draft,
        PostStatus::Published if held.post.draft_revision_id.is_some() => {}
        _ => return Err(wrong_state("only what was submitted for review is returned")),
    }
    let number = held.latest().await?.number;
    add(caller, &held, Remark { kind: PostNoteKind::Returned, number, text }).await?;
    held.keep(caller, Act::new("postReturn", "PostReturned")).await.map(drop)
}

/// Adds a note for those who work on a post.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] for no text.
pub async fn note(caller: &Caller, id: PostId, said: String) -> Result<()> {
    let text = Some(wanted("text", said)?);
    let held = hold_any(caller, id, Action::AnnotatePost).await?;
    if held.post.deleted_at.is_some() {
        return Err(wrong_state("this post was deleted"));
    }
    let number = held.latest().await?.number;
    add(caller, &held, Remark { kind: PostNoteKind::Note, number, text }).await?;
    // What is said beside a post is no change of it: whoever writes goes on from the version that they read.
    caller.record(&held.txn, Act::new("postNoteCreate", "PostNoted").deed(&held.post)).await?;
    caller.commit(held.txn).await
}
