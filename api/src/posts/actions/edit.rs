//! Writing: every save is a whole revision.

use alliance_entity::post::PostStatus;
use alliance_entity::post_revision;
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::rendered::{Ahead, Rendered};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::posts::actions::create::{known, owner, parsed, taken};
use crate::posts::actions::{Act, Held, Which, hold, rule, wrong_state};
use crate::posts::content::{self, Changes, Content, Place};
use crate::posts::store::{change, schedules};
use crate::slugs::store as former;

/// What is to be another.
#[derive(Debug)]
pub struct Edit {
    /// Of which post.
    pub which: Which,
    /// The slug.
    pub slug: MaybeUndefined<String>,
    /// What it says.
    pub says: Changes,
}

/// Saves what a post is to say. The public reads it once it is published.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the post was changed since, and with what is wrong with the
/// changes.
pub async fn edit(caller: &Caller, input: Edit) -> Result<()> {
    let Edit { which, slug, says } = input;
    let ahead = Ahead::of_change(caller, &says.body).await?.made("body")?;
    let mut held = hold(caller, which, Action::EditPost).await?;
    let old_slug = held.post.slug.clone();
    if slug.is_null() {
        return Err(Error::refused("slug", UserErrorCode::Required, "a post has a slug; leave it out where it is to stay"));
    }
    if let MaybeUndefined::Value(slug) = slug {
        rename(caller, &mut held, &slug).await?;
    }
    let before = held.latest().await?;
    let old = Content::of(&before);
    let content = old.clone().with(says)?;
    known(&held.txn, caller, &held.post, &content.beyond(&old)).await?;
    if content == old && held.post.slug == old_slug {
        // A save that says the same leaves no trace.
        return Ok(());
    }
    let mut number = before.number;
    if content != old {
        number = write(caller, &mut held, content, ahead.or_else(|| content::again(&before))).await?.number;
    }
    // Its address is public at once, what it says only once it is published.
    let event = if held.post.slug == old_slug { "PostEdited" } else { "PostRenamed" };
    let act = Act::new("postEdit", event).with(json!({ "revision": number }));
    held.keep(caller, act).await.map(drop)
}

/// Adds a revision, as what is being written.
pub(super) async fn write(
    caller: &Caller,
    held: &mut Held,
    content: Content,
    ahead: Option<Rendered>,
) -> Result<post_revision::Model> {
    let number = change::latest_number(&held.txn, held.post.id).await? + 1;
    let place = Place { post: held.post.id, number, by: caller.account(), now: held.now };
    let revision = content.revision(place, ahead);
    change::insert_revision(&held.txn, &revision).await?;
    held.post.draft_revision_id = Some(revision.id);
    if held.post.live_revision_id.is_none() {
        held.post.updated_at = held.now;
        held.show(&revision).await?;
    }
    Ok(revision)
}

/// Gives a post another slug; the old one leads to it from now on, where anybody may have followed it.
async fn rename(caller: &Caller, held: &mut Held, slug: &str) -> Result<()> {
    let slug = parsed(slug)?;
    if slug == held.post.slug {
        return Ok(());
    }
    if held.post.status == PostStatus::Published {
        // It is public at once.
        caller.viewer.must(Action::PublishPost(rule(&held.post)))?;
    }
    if change::exists(&held.txn, &held.post, &slug).await? || former::leads_elsewhere(&held.txn, owner(&held.post), &slug).await?
    {
        return Err(taken(&slug));
    }
    held.moves().await?;
    let old = std::mem::replace(&mut held.post.slug, slug);
    if held.post.first_published_at.is_some() {
        former::retire(&held.txn, owner(&held.post), (&old, &held.post.slug), held.now).await?;
        held.post.updated_at = held.now;
    }
    Ok(())
}

/// Writes anew what a revision said. Where that is what the public reads, nothing is being written any more.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the post was changed since, or has no such revision.
pub async fn restore_revision(caller: &Caller, which: Which, number: i32) -> Result<()> {
    let mut held = hold(caller, which, Action::EditPost).await?;
    let wanted = change::revision_numbered(&held.txn, held.post.id, number).await?;
    let wanted =
        wanted.ok_or_else(|| Error::refused("revision", UserErrorCode::NotFound, "this post has no revision of that number"))?;
    if held.post.live_revision_id == Some(wanted.id) && held.post.draft_revision_id.is_some() {
        held.post.draft_revision_id = None;
        // What is dropped is not published either.
        schedules::delete_publication(&held.txn, &mut held.post).await?;
        held.waits_no_more();
    } else {
        let said = Content::of(&wanted);
        if said == Content::of(&held.latest().await?) {
            return Err(wrong_state("this is what the latest revision says already"));
        }
        write(caller, &mut held, said, content::again(&wanted)).await?;
    }
    let act = Act::new("postRevisionRestore", "PostEdited").with(json!({ "restored": number }));
    held.keep(caller, act).await.map(drop)
}
