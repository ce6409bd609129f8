//! Exporting: everything that is kept about somebody, for them to have.

use alliance_entity::id::AccountId;
use secrecy::SecretString;
use serde_json::json;

use crate::accounts::actions::{password, subject};
use crate::accounts::mailing::role_in_words;
use crate::accounts::store::{roles, sessions};
use crate::audit_log;
use crate::caller::{Caller, Deed};
use crate::error::{Error, Result};
use crate::policy::Action;

/// What is kept about an account, as JSON: one's own, or as the operator another's.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the password is not right.
pub async fn export(caller: &Caller, id: AccountId, present: SecretString) -> Result<String> {
    password::known(caller, present, "password").await?;
    let txn = caller.app.db().begin().await?;
    let (account, _) = subject(caller, &txn, id).await?;
    caller.viewer.must(Action::ExportAccount(id))?;
    let roles = roles::of(&txn, id).await?.into_iter().map(|role| {
        json!({ "alliance": role.alliance_id.to_string(), "role": role_in_words(role.role), "grantedAt": role.granted_at })
    });
    let sessions = sessions::all_of(&txn, id).await?.into_iter().map(|session| {
        json!({
            "id": session.id.to_string(), "userAgent": session.user_agent, "network": session.network,
            "createdAt": session.created_at, "usedAt": session.used_at, "expiresAt": session.expires_at, "endedAt": session.ended_at,
        })
    });
    let deeds = audit_log::store::of_actor(&txn, id.0)
        .await?
        .into_iter()
        .map(|entry| json!({ "action": entry.action, "at": entry.created_at, "network": entry.network }));
    let export = json!({
        "exportedAt": caller.now(),
        "account": {
            "id": id.to_string(), "email": account.email, "name": account.name, "nameIsPublic": account.name_is_public,
            "isOperator": account.is_operator, "hasPassword": account.password_hash.is_some(), "twoFactorSince": account.two_factor_since,
            "disabledAt": account.disabled_at, "signedInAt": account.signed_in_at, "createdAt": account.created_at, "updatedAt": account.updated_at,
        },
        "roles": roles.collect::<Vec<_>>(),
        "sessions": sessions.collect::<Vec<_>>(),
        "deeds": deeds.collect::<Vec<_>>(),
    });
    caller.record(&txn, Deed::of_account("accountDataExport", "AccountExported", id.0)).await?;
    caller.commit(txn).await?;
    serde_json::to_string_pretty(&export).map_err(Error::internal)
}
