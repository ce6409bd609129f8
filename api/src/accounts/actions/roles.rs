//! Granting and revoking roles.

use alliance_entity::account;
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AllianceId};
use serde_json::json;

use crate::accounts::actions::{another_admin, subject};
use crate::accounts::mailing::{self, Notice};
use crate::accounts::store::roles;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::policy::Action;

/// Grants an account of an alliance a role in it.
///
/// # Errors
/// [`crate::error::Error::NotFound`] for an account that the viewer may not see; [`crate::error::Error::Forbidden`].
pub async fn grant(caller: &Caller, id: AccountId, alliance: AllianceId, role: Role) -> Result<account::Model> {
    let txn = caller.app.db().begin().await?;
    caller.viewer.must(Action::GrantRole(alliance, role))?;
    let (account, _) = subject(caller, &txn, id).await?;
    roles::lock(&txn, alliance).await?;
    if roles::insert(&txn, (id, alliance, role), caller.now()).await? {
        tell(caller, &txn, (id, alliance, role), true).await?;
    }
    caller.commit(txn).await?;
    Ok(account)
}

/// Takes a role in an alliance from an account.
///
/// # Errors
/// As [`grant`], and [`crate::error::Error::Refused`] for the last admin.
pub async fn revoke(caller: &Caller, id: AccountId, alliance: AllianceId, role: Role) -> Result<account::Model> {
    let txn = caller.app.db().begin().await?;
    caller.viewer.must(Action::RevokeRole(alliance, role))?;
    let (account, _) = subject(caller, &txn, id).await?;
    let had = roles::delete(&txn, id, alliance, role).await?;
    if had && role == Role::Admin {
        another_admin(&txn, alliance, id).await?;
    }
    if had {
        tell(caller, &txn, (id, alliance, role), false).await?;
    }
    caller.commit(txn).await?;
    Ok(account)
}

async fn tell(
    caller: &Caller,
    txn: &Transaction,
    (id, alliance, role): (AccountId, AllianceId, Role),
    granted: bool,
) -> Result<()> {
    let role = mailing::role_in_words(role);
    let (action, event) = if granted { ("roleGrant", "RoleGranted") } else { ("roleRevoke", "RoleRevoked") };
    let deed = Deed { alliance: Some(alliance), details: json!({ "role": role }), ..Deed::of_account(action, event, id.0) };
    caller.record(txn, deed).await?;
    let notice = Notice::Role { alliance: alliance.0, role: role.to_owned(), granted };
    mailing::notify(txn, caller.now(), id, notice).await
}
