//! Signing out: from here, from everywhere, or from one other place.

use alliance_entity::id::{AccountId, SessionId};
use secrecy::SecretString;
use serde_json::json;

use crate::accounts::actions::sign_in::hash;
use crate::accounts::store::sessions;
use crate::caller::{Caller, Deed};
use crate::error::{Error, Result};

/// Ends the session that asks, or the one that a refresh token belongs to.
///
/// # Errors
/// [`Error::Unauthenticated`] where there is neither, and for a token that is none.
pub async fn sign_out(caller: &Caller, token: Option<SecretString>) -> Result<SessionId> {
    let kept = || caller.client.as_ref().and_then(|client| client.refresh_token.clone());
    let is_given = token.is_some();
    let by_token = match token.or_else(kept) {
        Some(token) => sessions::find_token(caller.app.db().read(), &hash(&token)).await?.map(|found| found.session_id),
        None => None,
    };
    if is_given && by_token.is_none() {
        return Err(Error::Unauthenticated("this is no refresh token of a session"));
    }
    let session = match by_token {
        Some(session) => session,
        None => caller.signed_in()?.session,
    };
    let live = sessions::find_live(caller.app.db().read(), session, caller.now()).await?;
    if let Some((_, account)) = live {
        end(&caller.known_as(account.id), "signOut", account.id, session).await?;
    }
    Ok(session)
}

/// Ends all sessions of the account that asks, this one too or not; says how many.
///
/// # Errors
/// [`Error::Unauthenticated`] where nobody is signed in.
pub async fn sign_out_everywhere(caller: &Caller, keep_current: bool) -> Result<u64> {
    let own = caller.signed_in()?;
    let account = own.account;
    let txn = caller.app.db().begin().await?;
    let ended = sessions::set_all_ended(&txn, account, keep_current.then_some(own.session), caller.now()).await?;
    let deed = Deed::of_account("signOutEverywhere", "SessionEnded", account.0);
    caller.record(&txn, Deed { details: json!({ "sessions": ended }), ..deed }).await?;
    caller.commit(txn).await?;
    Ok(ended)
}

/// Ends one session of the account that asks.
///
/// # Errors
/// [`Error::NotFound`] where it is no session of theirs, or has ended.
pub async fn revoke(caller: &Caller, session: SessionId) -> Result<SessionId> {
    let account = caller.signed_in()?.account;
    let live = sessions::find_live(caller.app.db().read(), session, caller.now()).await?;
    match live {
        Some((_, owner)) if owner.id == account => end(caller, "sessionRevoke", account, session).await.map(|()| session),
        _ => Err(Error::NotFound("session")),
    }
}

async fn end(caller: &Caller, action: &'static str, account: AccountId, session: SessionId) -> Result<()> {
    let txn = caller.app.db().begin().await?;
    if sessions::set_ended(&txn, session, caller.now()).await? {
        let deed = Deed::of_account(action, "SessionEnded", account.0);
        caller.record(&txn, Deed { details: json!({ "session": session.to_string() }), ..deed }).await?;
    }
    caller.commit(txn).await
}
