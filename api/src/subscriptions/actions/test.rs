//! Testing: an editor has the mail of a post sent to themselves, as it would be now.

use alliance_entity::id::PostId;
use serde_json::json;

use crate::caller::{Caller, Deed};
use crate::error::Result;
use crate::policy::{Action, Owned};
use crate::posts;
use crate::rates::{self, Rate};
use crate::subscriptions::mailing;

/// Sends the mail of a post, as it is being written, to who asks.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`], [`crate::error::Error::RateLimited`].
pub async fn test(caller: &Caller, post: PostId) -> Result<()> {
    let (app, account) = (&caller.app, caller.signed_in()?.account);
    let found = posts::store::change::find(app.db().read(), post).await?.filter(|post| post.deleted_at.is_none());
    let visible = found.filter(|post| {
        caller.viewer.may(Action::ReadPost(Owned { owner: post.owner_id, alliance: post.alliance_id, state: post.status }))
    });
    let post = visible.ok_or_else(|| caller.unseen("post"))?;
    caller.viewer.must(Action::TestMailing(post.alliance_id))?;
    rates::take(app, &Rate::test_mails(&app.config().limits), &account.to_string()).await?;
    let txn = app.db().begin().await?;
    mailing::send_test(&txn, caller.now(), post.id, account).await?;
    let (subject_id, alliance) = (post.id.0, Some(post.alliance_id));
    let (action, event) = ("emailSubscriptionTest", "EmailSubscriptionTested");
    caller.record(&txn, Deed { action, event, subject_type: "POST", subject_id, alliance, details: json!({}) }).await?;
    caller.commit(txn).await
}
