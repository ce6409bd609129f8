//! Ending: nothing is sent any more.

use alliance_entity::email_subscription::{self, EmailSubscriptionState};

use crate::caller::Caller;
use crate::error::Result;
use crate::subscriptions::actions::{deed, hold};
use crate::subscriptions::{Which, store};

/// Cancels a subscription. Where that was done before, it is done.
///
/// # Errors
/// [`crate::error::Error::Refused`] for a link that is not valid, or not any more; [`crate::error::Error::NotFound`],
/// [`crate::error::Error::Forbidden`].
pub async fn cancel(caller: &Caller, which: &Which) -> Result<email_subscription::Model> {
    let (txn, now) = (caller.app.db().begin().await?, caller.now());
    let row = hold(caller, &txn, which).await?;
    if row.state == EmailSubscriptionState::Cancelled {
        return Ok(row);
    }
    let state = EmailSubscriptionState::Cancelled;
    let row = email_subscription::Model { state, ended_at: Some(now), updated_at: now, ..row };
    store::set(&txn, row.clone()).await?;
    store::suppress_waiting(&txn, &[row.id]).await?;
    caller.record(&txn, deed("emailSubscriptionCancel", "EmailSubscriptionCancelled", &row)).await?;
    caller.commit(txn).await?;
    Ok(row)
}
