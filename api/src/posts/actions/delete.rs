//! Deleting a post, and taking it back.

use alliance_entity::post::PostStatus;

use crate::caller::Caller;
use crate::error::Result;
use crate::policy::Action;
use crate::posts::actions::{Act, Which, hold, hold_any, unchanged, wrong_state};
use crate::posts::store::{departures, schedules};

/// Deletes a post. For some time it can be taken back; after that it is gone for good.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where the post was changed
/// since.
pub async fn delete(caller: &Caller, which: Which) -> Result<()> {
    let mut held = hold(caller, which, Action::DeletePost).await?;
    let now = held.now;
    schedules::delete_all(&held.txn, &mut held.post).await?;
    // It is found where it stood when it is taken back, but for the public.
    let status = if held.post.status == PostStatus::Published { PostStatus::Unpublished } else { held.post.status };
    held.go_off(status, now).await?;
    held.post.deleted_at = Some(now);
    departures::set_deleted(&held.txn, held.post.id, true).await?;
    held.keep(caller, Act::new("postDelete", "PostDeleted")).await.map(drop)
}

/// Takes a post back that was deleted, to where it stood. What was public is not until it is published again.
///
/// # Errors
/// As [`delete`].
pub async fn restore(caller: &Caller, which: Which) -> Result<()> {
    let mut held = hold_any(caller, which.id, Action::RestorePost).await?;
    if held.post.deleted_at.is_none() {
        return Err(wrong_state("this post was not deleted"));
    }
    unchanged(&held.post, which.version)?;
    held.post.deleted_at = None;
    departures::set_deleted(&held.txn, held.post.id, false).await?;
    held.keep(caller, Act::new("postRestore", "PostRestored")).await.map(drop)
}
