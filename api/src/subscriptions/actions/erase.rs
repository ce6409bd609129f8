//! Erasing an address: everything that is kept of it goes, but a keyed hash that keeps it from being written to.

use secrecy::SecretString;

use crate::accounts;
use crate::caller::Caller;
use crate::enquiries;
use crate::error::Result;
use crate::events::rsvps;
use crate::idempotency;
use crate::reactions;
use crate::subscriptions::actions::{deed, hold};
use crate::subscriptions::{Which, store};

/// Erases the address of a subscription, with what it gets from other alliances here, and what was asked, answered or said by it. An
/// account that has it stays, and so do the mails about that: it is erased by its password.
///
/// # Errors
/// [`crate::error::Error::Refused`] for a link that is not valid, or not any more.
pub async fn erase(caller: &Caller, secret: &SecretString) -> Result<()> {
    let app = &caller.app;
    let txn = app.db().begin().await?;
    let row = hold(caller, &txn, &Which::Token(secret.clone())).await?;
    let has_account = store::owner(&txn, &row.email_key).await?.is_some();
    store::delete_address(&txn, &row.email_key, has_account).await?;
    if !has_account {
        enquiries::store::erase_address(&txn, &row.email_key).await?;
        rsvps::actions::erase::erase_address(&txn, caller.now(), &row.email_key).await?;
        reactions::actions::erase::erase(caller, &txn, None, std::slice::from_ref(&row.email_key)).await?;
        accounts::store::suppress(&txn, app, &row.email_key).await?;
    }
    caller.record(&txn, deed("emailSubscriptionErase", "EmailSubscriptionErased", &row)).await?;
    // Before the commit: where it fails all is still there, and can be erased again.
    if !has_account {
        app.mailer().forget(vec![row.email_key.clone()]).await?;
    }
    idempotency::forget_answers(&txn, caller.claim.as_ref()).await?;
    caller.commit(txn).await?;
    // It is done whether the log is emptied now or within the hour, as it is anyway.
    if let Err(e) = app.db().empty_log().await {
        tracing::warn!(error = %e, "what was erased stays in the database's log for a while");
    }
    Ok(())
}
