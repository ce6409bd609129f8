//! Correcting what the public has read.

use alliance_entity::post::PostStatus;
use alliance_entity::post_correction;
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::rendered::Ahead;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::id;
use crate::policy::Action;
use crate::posts::actions::{Act, Which, edit, hold, only_from, review};
use crate::posts::content::{self, Changes, Content};
use crate::posts::store::notes;

/// A correction.
#[derive(Debug)]
pub struct Correct {
    /// Of which post.
    pub which: Which,
    /// What was wrong, and what is right.
    pub text: String,
    /// The title from now on.
    pub title: Option<String>,
    /// The excerpt from now on.
    pub excerpt: MaybeUndefined<String>,
    /// The body from now on.
    pub body: Option<String>,
}

/// Puts a notice with today's date on a public post, and changes what it says where that is given. Both are public at once.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the post was changed since, is not public, or is being written anew
/// while the correction changes what it says.
pub async fn correct(caller: &Caller, input: Correct) -> Result<()> {
    let Correct { which, text, title, excerpt, body } = input;
    let text = review::wanted("correction", text)?;
    let value = |given: Option<String>| given.map_or(MaybeUndefined::Undefined, MaybeUndefined::Value);
    let says = Changes { title: value(title), body: value(body), excerpt, ..Changes::default() };
    let ahead = Ahead::of_change(caller, &says.body).await?.made("body")?;
    let mut held = hold(caller, which, Action::CorrectPost).await?;
    only_from(&held.post, &[PostStatus::Published], "corrected")?;
    held.moves().await?;
    let now = held.now;
    let mut number = None;
    if !(says.title.is_undefined() && says.body.is_undefined() && says.excerpt.is_undefined()) {
        if held.post.draft_revision_id.is_some() || held.post.scheduled_for.is_some() {
            let problem = "this post has changes that are not public yet, which would undo the correction when they are published: publish \
                           them first, or restore the public revision, or correct it with a notice alone";
            return Err(Error::refused("version", UserErrorCode::WrongState, problem));
        }
        let before = held.latest().await?;
        let content = Content::of(&before).with(says)?;
        let revision = edit::write(caller, &mut held, content, ahead.or_else(|| content::again(&before))).await?;
        held.go_live(&revision, now).await?;
        number = Some(revision.number);
    }
    let row =
        post_correction::Model { id: id::new(now), post_id: held.post.id, text, created_by: caller.account(), corrected_at: now };
    notes::insert_correction(&held.txn, &row).await?;
    held.post.updated_at = now;
    held.keep(caller, Act::new("postCorrect", "PostCorrected").with(json!({ "revision": number }))).await.map(drop)
}
