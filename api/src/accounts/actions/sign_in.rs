//! Signing in: an address, a password, and a one-time password where the account has a second factor.

use alliance_entity::id::{AccountId, SessionId};
use alliance_entity::{account, session};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::actions::second_factor;
use crate::accounts::store::{self, sessions};
use crate::app::App;
use crate::caller::{Caller, Deed};
use crate::client::Client;
use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::keys;
use crate::keys::token::AccessClaims;
use crate::mail::address::Email;
use crate::rates::{self, Rate};

/// What a refresh token begins with.
pub(super) const REFRESH: &str = "alr_";

/// What somebody signs in with.
#[derive(Debug)]
pub struct SignIn {
    /// The address.
    pub email: String,
    /// The password.
    pub password: SecretString,
    /// A one-time password or a recovery code.
    pub code: Option<SecretString>,
    /// Whether the browser keeps the refresh token.
    pub in_cookie: bool,
}

/// What a session shows.
#[derive(Debug)]
pub struct Tokens {
    /// With each request.
    pub access: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
    /// For another access token.
    pub refresh: SecretString,
    /// Until when, unless it is used.
    pub session_expires_at: DateTime<Utc>,
    /// Whether the browser keeps the refresh token.
    pub in_cookie: bool,
    /// Whose.
    pub account: AccountId,
    /// Which session.
    pub session: SessionId,
}

/// Begins a session.
///
/// # Errors
/// [`Error::Refused`] in the same words for an unknown address and a wrong password; [`Error::RateLimited`].
pub async fn sign_in(caller: &Caller, input: SignIn) -> Result<Tokens> {
    let SignIn { email, password, code, in_cookie } = input;
    let app = &caller.app;
    let limits = &app.config().limits;
    let key = Email::parse(&email).map(|email| email.key()).map_err(|_| wrong())?;
    rates::take(app, &Rate::sign_in_address(limits), &caller.address()).await?;
    // Whoever guesses from elsewhere keeps nobody out where they have signed in before.
    let network = caller.client.as_ref().map(Client::network).unwrap_or_default();
    let is_familiar = sessions::is_known(app.db().read(), &key, &network).await?;
    let tried = if is_familiar { format!("{key}/{network}") } else { key.clone() };
    rates::take(app, &Rate::sign_in_account(limits), &tried).await?;

    let found = store::find_by_address(app.db().read(), &key).await?;
    let stored = found.as_ref().filter(|account| account.disabled_at.is_none()).and_then(|account| account.password_hash.clone());
    // An unknown address costs as much.
    let verdict = app.passwords().verify(password.clone(), stored.as_deref()).await?;
    let Some(known) = found.filter(|_| verdict.right) else { return Err(wrong()) };
    let rehashed = if verdict.outdated { Some(app.passwords().hash(password).await?) } else { None };

    let txn = app.db().begin().await?;
    let account = store::lock(&txn, known.id).await?.filter(|now| now.disabled_at.is_none() && now.password_hash == stored);
    let Some(account) = account else { return Err(wrong()) };
    second_factor::pass(caller, &txn, &account, code.as_ref()).await?;
    let caller = caller.known_as(account.id);
    let tokens = begin(&caller, &txn, &account, in_cookie).await?;
    store::set_signed_in(&txn, account.id, caller.now(), rehashed).await?;
    caller.record(&txn, Deed::of_account("signIn", "SignedIn", account.id.0)).await?;
    caller.commit(txn).await?;
    Ok(tokens)
}

fn wrong() -> Error {
    let problem = "the address or the password is not right";
    Error::Refused(vec![Problem::whole(UserErrorCode::Incorrect, problem)])
}

async fn begin(caller: &Caller, txn: &Transaction, account: &account::Model, in_cookie: bool) -> Result<Tokens> {
    let now = caller.now();
    let refresh = keys::token(REFRESH);
    let row = session::Model {
        id: crate::id::new(now),
        account_id: account.id,
        in_cookie,
        user_agent: caller.client.as_ref().and_then(|client| client.user_agent.clone()),
        network: caller.client.as_ref().map(Client::network),
        created_at: now,
        used_at: now,
        expires_at: end(&caller.app, now),
        ended_at: None,
    };
    let tokens = tokens(&caller.app, &row, SecretString::from(refresh.as_str()))?;
    sessions::insert(txn, row, keys::hash(&refresh)).await?;
    Ok(tokens)
}

/// What a session shows from now on.
pub(super) fn tokens(app: &App, session: &session::Model, refresh: SecretString) -> Result<Tokens> {
    let claims = AccessClaims::new(session.account_id, session.id, app.clock().now());
    Ok(Tokens {
        access: app.keys().sign_access(&claims)?,
        expires_at: claims.expires_at,
        session_expires_at: session.expires_at,
        in_cookie: session.in_cookie,
        account: session.account_id,
        session: session.id,
        refresh,
    })
}

/// When a session ends that is not used any more.
pub(super) fn end(app: &App, now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::days(i64::try_from(app.config().limits.session_days).unwrap_or(30))
}

/// The hash that is kept of a refresh token.
pub(super) fn hash(token: &SecretString) -> String {
    keys::hash(token.expose_secret())
}
