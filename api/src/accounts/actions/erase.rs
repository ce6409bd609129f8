//! Erasing: everything that is kept about somebody goes, but a keyed hash of the address that keeps it from being written to.

use alliance_entity::id::AccountId;
use secrecy::SecretString;

use crate::accounts::actions::{keeps_an_admin, password, subject};
use crate::accounts::store;
use crate::caller::{Caller, Deed};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::policy::Action;

/// Erases an account: one's own with the password, or, as the operator, another's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the password is not right, and for a last admin.
pub async fn erase(caller: &Caller, id: AccountId, present: Option<SecretString>) -> Result<AccountId> {
    let own = caller.signed_in()?.account;
    let Some(present) = present else {
        return Err(Error::refused("password", UserErrorCode::Required, "erasing cannot be undone: give your own password"));
    };
    password::known(caller, present, "password").await?;
    let txn = caller.app.db().begin().await?;
    let (account, _) = subject(caller, &txn, id).await?;
    caller.viewer.must(Action::EraseAccount(id))?;
    keeps_an_admin(&txn, &account).await?;
    store::delete(&txn, &account, &caller.app).await?;
    let caller = if own == id { caller.clone() } else { caller.known_as(own) };
    caller.record(&txn, Deed::of_account("accountEraseData", "AccountErased", id.0)).await?;
    caller.commit(txn).await?;
    Ok(id)
}
