//! Giving a webhook another secret.

use alliance_entity::id::WebhookId;
use alliance_entity::webhook;
use chrono::TimeDelta;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::error::Result;
use crate::policy::Action;
use crate::webhooks::actions::Change;
use crate::webhooks::secret;

const DONE: Act = Act { action: "webhookSecretRotate", event: "WebhookSecretRotated" };
/// How long both secrets sign.
const BOTH: TimeDelta = TimeDelta::hours(24);

/// Makes another secret, and returns it: it is not shown again. The one from before signs beside it for a day.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it was changed since it was
/// read.
pub async fn rotate(caller: &Caller, id: WebhookId, version: i32) -> Result<(webhook::Model, String)> {
    let change = Change::begin(caller, id.0, version, Action::EditWebhook).await?;
    let (shown, sealed) = secret::create(caller.app.keys(), id);
    let was = change.row.clone();
    let row = webhook::Model {
        secret: sealed,
        former_secret: Some(was.secret.clone()),
        former_secret_until: Some(change.now() + BOTH),
        ..was
    };
    let row = change.write(row).await?;
    change.keep(DONE, json!({ "version": row.version })).await?;
    Ok((row, shown))
}
