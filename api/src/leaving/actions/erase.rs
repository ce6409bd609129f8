//! Erasing: everything that is kept about somebody goes, but a keyed hash of the address that keeps it from being written to.

use alliance_entity::id::AccountId;
use secrecy::SecretString;

use crate::accounts::actions::{keeps_an_admin, leaving, password, record_in_each};
use crate::accounts::store::{self, links, written};
use crate::caller::{Caller, Deed};
use crate::enquiries;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::rsvps;
use crate::idempotency;
use crate::policy::Action;
use crate::reactions;

/// Erases an account: one's own with the password, or, as the operator, another's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the password is not right, and for a last admin.
pub async fn erase(caller: &Caller, id: AccountId, present: Option<SecretString>) -> Result<AccountId> {
    caller.signed_in()?;
    let app = &caller.app;
    let Some(present) = present else {
        return Err(Error::refused("password", UserErrorCode::Required, "erasing cannot be undone: give your own password"));
    };
    password::known(caller, present, "password").await?;
    let txn = caller.app.db().begin().await?;
    let (account, alliances) = leaving(caller, &txn, id).await?;
    caller.viewer.must(Action::EraseAccount(id))?;
    keeps_an_admin(&txn, &account).await?;
    let mut addresses = links::former_addresses(&txn, id).await?;
    addresses.push(account.email_key.clone());
    // Who has just answered something in their name has committed, and nobody begins to.
    store::lock_alone(&txn, id).await?;
    // What they typed elsewhere may be somebody else's address: only mails that tell of it go.
    let typed = enquiries::store::erase_account(&txn, id).await?;
    for address in &addresses {
        enquiries::store::erase_address(&txn, address).await?;
    }
    reactions::actions::erase::erase(caller, &txn, Some(id), &addresses).await?;
    rsvps::actions::erase::erase(&txn, caller.now(), Some(id), &addresses).await?;
    written::delete_subscriptions(&txn, &addresses).await?;
    store::delete(&txn, &account, app).await?;
    record_in_each(caller, &txn, Deed::of_account("accountEraseData", "AccountErased", id.0), &alliances).await?;
    // Before the commit: where it fails the account is still there, and can be erased again.
    addresses.extend(typed);
    app.mailer().forget(addresses).await?;
    idempotency::forget(&txn, id.0, caller.claim.as_ref()).await?;
    caller.commit(txn).await?;
    // It is done whether the log is emptied now or within the hour, as it is anyway.
    if let Err(e) = app.db().empty_log().await {
        tracing::warn!(error = %e, "what was erased stays in the database's log for a while");
    }
    Ok(id)
}
