//! Sending a message to see whether it arrives.

use alliance_entity::id::{PostId, WebhookDeliveryId, WebhookId};
use alliance_entity::webhook_delivery::{self, WebhookDeliveryState};

use crate::caller::Caller;
use crate::editing::Act;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::id;
use crate::webhooks::store::{deliveries, rights, subjects};
use crate::webhooks::{SUBJECT, TEST, actions};

const DONE: Act = Act { action: "webhookTest", event: "WebhookTested" };

/// Lets a message be sent at once: about a post, or about the webhook itself.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the webhook is turned off, or is not told of the post.
pub async fn test(caller: &Caller, id: WebhookId, post: Option<PostId>) -> Result<webhook_delivery::Model> {
    let (txn, now) = (caller.app.db().begin().await?, caller.now());
    let webhook = actions::begin(caller, &txn, id).await?;
    if let Some(post) = post {
        let carries = rights::carries(&txn, &webhook).await?;
        if !subjects::is_carried(&caller.app, &carries, webhook.alliance_id, post).await? {
            let problem = "this webhook is told of no such post: it is not public, or its partner may not carry it";
            return Err(Error::refused("post", UserErrorCode::NotFound, problem));
        }
    }
    let (subject_type, subject_id) = post.map_or((SUBJECT, id.0), |post| ("POST", post.0));
    let row = webhook_delivery::Model {
        id: id::new::<WebhookDeliveryId>(now),
        webhook_id: id,
        position: None,
        event: TEST.to_owned(),
        subject_type: subject_type.to_owned(),
        subject_id,
        state: WebhookDeliveryState::Waiting,
        cache_tags: String::new(),
        attempts: 0,
        attempts_before: 0,
        due: deliveries::time(&txn, &caller.app).await?,
        lease: None,
        happened_at: now,
        created_at: now,
        ended_at: None,
    };
    deliveries::insert(&txn, vec![row.clone()]).await?;
    actions::keep(caller, txn, DONE, &webhook).await?;
    Ok(row)
}
