//! Deleting a webhook.

use alliance_entity::id::WebhookId;
use alliance_entity::webhook;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::error::Result;
use crate::policy::Action;
use crate::webhooks::actions::Change;

const DONE: Act = Act { action: "webhookDelete", event: "WebhookDeleted" };

/// Deletes a webhook with all that is known of what was sent to it, and returns it as it was.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it was changed since it was
/// read.
pub async fn delete(caller: &Caller, id: WebhookId, version: i32) -> Result<webhook::Model> {
    let change = Change::begin(caller, id.0, version, Action::DeleteWebhook).await?;
    let row = change.row.clone();
    change.delete().await?;
    change.keep(DONE, json!({})).await?;
    Ok(row)
}
