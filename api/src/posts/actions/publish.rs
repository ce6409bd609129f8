//! Publishing, withdrawing and putting away.

use alliance_entity::post::PostStatus;
use alliance_entity::post_note::PostNoteKind;
use serde_json::json;

use crate::caller::Caller;
use crate::error::Result;
use crate::policy::Action;
use crate::posts::actions::review::{self, Remark};
use crate::posts::actions::{Act, Which, hold, only_from, wrong_state};
use crate::posts::store::schedules;

/// Makes what is being written public, now. A time at which that was to happen is forgotten.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where the post was changed
/// since, or nothing of it waits to be published.
pub async fn publish(caller: &Caller, which: Which) -> Result<()> {
    let mut held = hold(caller, which, Action::PublishPost).await?;
    if held.post.status == PostStatus::Published && held.post.draft_revision_id.is_none() {
        return Err(wrong_state("this post is public as it is: there are no changes to publish"));
    }
    let revision = held.latest().await?;
    let now = held.now;
    schedules::delete_publication(&held.txn, &mut held.post).await?;
    held.go_live(&revision, now).await?;
    let act = Act::new("postPublish", "PostPublished").with(json!({ "revision": revision.number }));
    held.keep(caller, act).await.map(drop)
}

/// Withdraws a post: the public does not find it any more.
///
/// # Errors
/// As [`publish`].
pub async fn unpublish(caller: &Caller, which: Which, reason: Option<String>) -> Result<()> {
    let reason = review::text("reason", reason)?;
    let mut held = hold(caller, which, Action::UnpublishPost).await?;
    only_from(&held.post, &[PostStatus::Published], "withdrawn")?;
    let now = held.now;
    schedules::delete_all(&held.txn, &mut held.post).await?;
    held.go_off(PostStatus::Unpublished, now).await?;
    if reason.is_some() {
        let number = held.latest().await?.number;
        review::add(caller, &held, Remark { kind: PostNoteKind::Note, number, text: reason }).await?;
    }
    held.keep(caller, Act::new("postUnpublish", "PostUnpublished")).await.map(drop)
}

/// Puts a post away for good. An editor can still publish it again.
///
/// # Errors
/// As [`publish`].
pub async fn archive(caller: &Caller, which: Which) -> Result<()> {
    let mut held = hold(caller, which, Action::ArchivePost).await?;
    if held.post.status == PostStatus::Archived {
        return Err(wrong_state("this post is archived already"));
    }
    let now = held.now;
    schedules::delete_all(&held.txn, &mut held.post).await?;
    held.go_off(PostStatus::Archived, now).await?;
    held.keep(caller, Act::new("postArchive", "PostArchived")).await.map(drop)
}
