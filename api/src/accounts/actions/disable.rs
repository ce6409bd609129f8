//! Keeping an account from signing in, and letting it in again.

use alliance_entity::account;
use alliance_entity::id::AccountId;
use serde_json::json;

use crate::accounts::actions::{keeps_an_admin, leaving, record_in_each, rule};
use crate::accounts::store::{self, links, sessions};
use crate::caller::{Caller, Deed};
use crate::error::Result;
use crate::policy::Action;

/// Disables an account, which ends its sessions; or enables it again.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`], and [`crate::error::Error::Refused`] for a last admin.
pub async fn disable(caller: &Caller, id: AccountId, is_disabled: bool) -> Result<account::Model> {
    let (txn, now) = (caller.app.db().begin().await?, caller.now());
    let (account, alliances) = leaving(caller, &txn, id).await?;
    caller.viewer.must(Action::DisableAccount(rule(&account, &alliances)))?;
    if account.disabled_at.is_some() == is_disabled {
        return Ok(account);
    }
    let disabled_at = is_disabled.then_some(now);
    if is_disabled {
        keeps_an_admin(&txn, &account).await?;
        sessions::set_all_ended(&txn, id, None, now).await?;
        // What it had asked for by mail does not outlast this.
        links::delete_pending(&txn, &account).await?;
    }
    store::set_disabled(&txn, id, disabled_at, now).await?;
    let event = if is_disabled { "AccountDisabled" } else { "AccountEnabled" };
    let deed = Deed { details: json!({ "disabled": is_disabled }), ..Deed::of_account("accountDisable", event, id.0) };
    record_in_each(caller, &txn, deed, &alliances).await?;
    caller.commit(txn).await?;
    Ok(account::Model { disabled_at, version: account.version + 1, updated_at: now, ..account })
}
