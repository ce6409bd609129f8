//! Showing a draft to people who have no account.

use alliance_entity::id::{PostId, PostPreviewTokenId};
use alliance_entity::post_preview_token::Model;
use chrono::TimeDelta;
use serde_json::json;

use crate::caller::Caller;
use crate::error::Result;
use crate::policy::Action;
use crate::posts::actions::{Act, hold_any, rule, wrong_state};
use crate::posts::store::{change, previews};
use crate::{id, keys};

/// What a preview token begins with.
const TOKEN: &str = "apv_";
/// How long one is valid.
pub const VALID: TimeDelta = TimeDelta::hours(24);

/// Makes a token that shows the latest revision of a post, and no later one, to whoever holds it; with its secret, which is kept nowhere.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where the post was deleted.
pub async fn create(caller: &Caller, id: PostId) -> Result<(Model, String)> {
    let held = hold_any(caller, id, Action::PreviewPost).await?;
    if held.post.deleted_at.is_some() {
        return Err(wrong_state("this post was deleted"));
    }
    let revision = held.latest().await?;
    let secret = keys::token(TOKEN);
    let row = Model {
        id: id::new(held.now),
        post_id: id,
        revision_id: revision.id,
        hash: keys::hash(&secret),
        created_by: caller.account(),
        created_at: held.now,
        expires_at: held.now + VALID,
        revoked_at: None,
    };
    previews::insert(&held.txn, &row).await?;
    let act = Act::new("postPreviewTokenCreate", "PostPreviewTokenCreated").with(json!({ "revision": revision.number }));
    caller.record(&held.txn, act.deed(&held.post)).await?;
    caller.commit(held.txn).await?;
    Ok((row, secret))
}

/// Revokes a preview token: it shows nothing from now on.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for a token of a post that the caller does not work on.
pub async fn revoke(caller: &Caller, id: PostPreviewTokenId) -> Result<Model> {
    let txn = caller.app.db().begin().await?;
    let found = previews::lock(&txn, id).await?;
    let post = match &found {
        Some(token) => change::find(&txn, token.post_id).await?,
        None => None,
    };
    let (Some(token), Some(post)) = (found, post.filter(|post| caller.viewer.may(Action::PreviewPost(rule(post))))) else {
        return Err(caller.unseen("preview token"));
    };
    if token.revoked_at.is_some() {
        return Ok(token);
    }
    previews::set_revoked(&txn, id, caller.now()).await?;
    caller.record(&txn, Act::new("postPreviewTokenRevoke", "PostPreviewTokenRevoked").deed(&post)).await?;
    caller.commit(txn).await?;
    Ok(Model { revoked_at: Some(caller.now()), ..token })
}
