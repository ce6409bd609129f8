//! Refreshing: a refresh token for an access token and the next refresh token. Each is used once; one that comes again later was
//! stolen, or its successor was, and its session ends.
//!
//! <https://www.rfc-editor.org/rfc/rfc9700#section-4.14>

use alliance_entity::{account, refresh_token, session};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::accounts::actions::sign_in::{REFRESH, Tokens, end, hash, tokens};
use crate::accounts::mailing::{self, Notice};
use crate::accounts::store::sessions;
use crate::app::App;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::keys;

/// How long a token that was used may come again: the answer to the first time may have been lost, or several tabs ask at once.
const GRACE: TimeDelta = TimeDelta::seconds(10);
/// How many successors a token may have had meanwhile.
const SUCCESSORS: usize = 8;
const INVALID: &str = "this refresh token is not valid, or not any more; sign in again";

/// The next tokens of a session. Whoever asks with the same token within ten seconds gets the same refresh token, so that one session
/// has one valid token however many ask at once.
///
/// # Errors
/// [`Error::Unauthenticated`] where the token is not valid. Where it was used before, its session ends.
pub async fn refresh(caller: &Caller, token: Option<SecretString>) -> Result<Tokens> {
    let kept = || caller.client.as_ref().and_then(|client| client.refresh_token.clone());
    let token = token.or_else(kept).ok_or(Error::Unauthenticated(INVALID))?;
    let app = &caller.app;
    let (key, now) = (hash(&token), caller.now());
    // What is no token at all shall not keep others from writing.
    if sessions::find_token(app.db().read(), &key).await?.is_none() {
        return Err(Error::Unauthenticated(INVALID));
    }
    let txn = app.db().begin().await?;
    let found = sessions::lock_token(&txn, &key).await?.ok_or(Error::Unauthenticated(INVALID))?;
    let live = sessions::find_live(&txn, found.session_id, now).await?;
    let (mut session, account) = live.ok_or(Error::Unauthenticated(INVALID))?;
    match found.replaced_at {
        None => {
            let next = successor(app, &token);
            session.expires_at = end(app, now);
            sessions::insert_token(&txn, hash(&next), session.id, now).await?;
            sessions::set_replaced(&txn, &found, now, session.expires_at).await?;
            caller.commit(txn).await?;
            tokens(app, &session, next)
        }
        Some(at) if now - at <= GRACE => match current(app, &txn, &token).await? {
            Some(current) => tokens(app, &session, current),
            None => Err(Error::Unauthenticated(INVALID)),
        },
        Some(_) => end_for_reuse(caller, txn, &found, (&session, &account)).await,
    }
}

/// The one token that can follow another, which nobody can tell without our key.
fn successor(app: &App, token: &SecretString) -> SecretString {
    let bits = app.keys().derive("refresh-token", token.expose_secret().as_bytes());
    SecretString::from(keys::spelled(REFRESH, &bits))
}

/// The valid token among the successors of one.
async fn current(app: &App, txn: &Transaction, token: &SecretString) -> Result<Option<SecretString>> {
    let mut next = successor(app, token);
    for _ in 0..SUCCESSORS {
        match sessions::find_token(txn, &hash(&next)).await? {
            None => return Ok(None),
            Some(found) if found.replaced_at.is_none() => return Ok(Some(next)),
            Some(_) => next = successor(app, &next),
        }
    }
    Ok(None)
}

async fn end_for_reuse(
    caller: &Caller,
    txn: Transaction,
    token: &refresh_token::Model,
    (session, account): (&session::Model, &account::Model),
) -> Result<Tokens> {
    sessions::set_ended(&txn, token.session_id, caller.now()).await?;
    let deed = Deed::of_account("tokenRefresh", "SessionEnded", account.id.0);
    let details = json!({ "session": session.id.to_string(), "reason": "a refresh token was used twice" });
    caller.record(&txn, Deed { details, ..deed }).await?;
    mailing::notify(&txn, caller.now(), account.id, Notice::Reuse).await?;
    caller.commit(txn).await?;
    tracing::warn!(account = %account.id, session = %session.id, "a refresh token was used twice: its session has ended");
    Err(Error::Unauthenticated(INVALID))
}
