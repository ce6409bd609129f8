//! Sending once more: one message, or all that happened since.

use alliance_entity::id::{WebhookDeliveryId, WebhookId};
use alliance_entity::webhook_delivery::WebhookDeliveryState;
use chrono::{DateTime, TimeDelta, Utc};

use crate::app::App;
use crate::caller::Caller;
use crate::editing::{self, Act};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::following::cursor::Cursor;
use crate::outbox::tail::Tail;
use crate::outbox::topic;
use crate::webhooks::store::{self, deliveries};
use crate::webhooks::{actions, hear};

const REDELIVERED: Act = Act { action: "webhookRedeliver", event: "WebhookRedelivered" };
const REPLAYED: Act = Act { action: "webhookReplay", event: "WebhookReplayed" };

/// Lets a message be sent once more, at once.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where it is being sent, or the webhook is turned off.
pub async fn redeliver(caller: &Caller, id: WebhookDeliveryId) -> Result<()> {
    let txn = caller.app.db().begin().await?;
    let Some(found) = store::delivery(&txn, &caller.viewer, id).await? else { return Err(caller.unseen("delivery")) };
    let webhook = actions::begin(caller, &txn, found.webhook_id).await?;
    // As it is now that nobody else begins to send it.
    let Some(row) = store::delivery(&txn, &caller.viewer, id).await? else { return Err(caller.unseen("delivery")) };
    editing::stands(row.state != WebhookDeliveryState::Sending, "it is being sent at this moment")?;
    deliveries::set_waiting(&txn, &row, deliveries::time(&txn, &caller.app).await?).await?;
    actions::keep(caller, txn, REDELIVERED, &webhook).await
}

/// From where on what happened is sent once more: one of the two.
#[derive(Debug)]
pub struct From {
    /// Behind the event whose message carried this cursor.
    pub after: Option<String>,
    /// At this time or later.
    pub since: Option<DateTime<Utc>>,
}

/// Lets all be sent once more that happened since, to a webhook that may have missed some of it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the webhook is turned off, and where what happened is not known any
/// more.
pub async fn replay(caller: &Caller, id: WebhookId, from: From) -> Result<()> {
    let txn = caller.app.db().begin().await?;
    let webhook = actions::begin(caller, &txn, id).await?;
    let (app, until) = (&caller.app, Tail::at_end(caller.app.db()).await?.position());
    let after = position(app, from, caller.now()).await?;
    hear::replay(&txn, caller.now(), id, (after, until)).await?;
    actions::keep(caller, txn, REPLAYED, &webhook).await
}

async fn position(app: &App, from: From, now: DateTime<Utc>) -> Result<i64> {
    let days = app.config().limits.retain_events_days;
    let lost = |field: &str| {
        let problem =
            format!("what happened then is not known any more, since that is kept for {days} days: let the site be read anew");
        Error::refused(field, UserErrorCode::Expired, problem)
    };
    match (from.after, from.since) {
        (Some(cursor), None) => {
            let cursor = Cursor::read(app.keys(), &cursor).map_err(|_| {
                Error::refused("after", UserErrorCode::Invalid, "this is no cursor: give the one that a message carried")
            })?;
            let is_known = topic::is_known_since(app.db(), cursor.position).await?;
            if is_known { Ok(cursor.position) } else { Err(lost("after")) }
        }
        (None, Some(since)) => {
            let kept = TimeDelta::days(i64::try_from(days).unwrap_or(36_500));
            if since < now - kept { Err(lost("since")) } else { topic::before(app.db(), since).await }
        }
        _ => Err(Error::refused("after", UserErrorCode::Required, "say from where on: give either `after` or `since`")),
    }
}
