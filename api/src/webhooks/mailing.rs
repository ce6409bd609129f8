//! The mail to the admins of an alliance when nothing is sent to a webhook of theirs any more.

use std::time::Duration;

use alliance_entity::id::WebhookId;
use alliance_entity::webhook::{self, WebhookDisabledReason};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use crate::accounts::mailing::{alliance_name, deliver};
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::mail::render;
use crate::webhooks::store::telling;

/// The job that tells the admins.
pub const KIND: &str = "webhooks.disabled";

/// Lets the admins be told once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn tell(txn: &Transaction, now: DateTime<Utc>, row: &webhook::Model) -> Result<()> {
    let mail = crate::id::new::<WebhookId>(now).0;
    let payload = json!({ "id": mail, "webhook": row.id.0 });
    jobs::enqueue(txn, now, NewJob { kind: KIND, payload, unique: None, after: Duration::ZERO }).await
}

#[derive(Deserialize)]
struct Job {
    id: Uuid,
    webhook: Uuid,
}

/// Tells the admins, unless somebody has turned it on again.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work(app: &App, payload: Value) -> Result<(), Problem> {
    let Job { id, webhook } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let txn = app.db().begin().await?;
    let Some(row) = telling::find(&txn, WebhookId(webhook)).await?.filter(|row| row.disabled_at.is_some()) else { return Ok(()) };
    let admins = telling::admins(&txn, row.alliance_id).await?;
    drop(txn);
    let host = Url::parse(&row.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let alliance = alliance_name(app, Some(row.alliance_id)).await?;
    for admin in admins {
        let values = json!({
            "alliance": alliance,
            "name": admin.name,
            "host": host,
            "description": row.description,
            "gone": row.disabled_reason == Some(WebhookDisabledReason::Gone),
            "id": row.id.to_string(),
        });
        // Each try has the same mail for each admin.
        let id = Uuid::from_u128(id.as_u128() ^ admin.id.0.as_u128().rotate_left(64));
        deliver(app, render("webhook_disabled", values)?, &admin.email, id).await?;
    }
    Ok(())
}
