//! The second factor: an authenticator app, and recovery codes for when it is lost.

use alliance_entity::account;
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::actions::password;
use crate::accounts::mailing::{self, Notice};
use crate::accounts::password::SHORTEST;
use crate::accounts::recovery;
use crate::accounts::store::{self, second_factor, sessions};
use crate::accounts::totp::Authenticator;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result, SIGN_IN};

/// What an authenticator app is told.
#[derive(Debug)]
pub struct Begun {
    /// As a QR code holds it.
    pub url: SecretString,
    /// As a person types it.
    pub secret: SecretString,
}

/// Lets somebody in who shows what the account wants besides the password.
pub(super) async fn pass(
    caller: &Caller,
    txn: &Transaction,
    account: &account::Model,
    code: Option<&SecretString>,
) -> Result<()> {
    if account.two_factor_since.is_none() {
        return Ok(());
    }
    let Some(code) = code else {
        let problem =
            "this account wants a one-time password besides: give the code of your authenticator app, or a recovery code";
        return Err(Error::refused("oneTimePassword", UserErrorCode::TwoFactorRequired, problem));
    };
    match shows(caller, txn, account, code.expose_secret()).await? {
        true => Ok(()),
        false => Err(Error::refused("oneTimePassword", UserErrorCode::Incorrect, "this code is not right, or was used before")),
    }
}

/// Whether a code is one of the app's or a recovery code; it is used up then.
async fn shows(caller: &Caller, txn: &Transaction, account: &account::Model, code: &str) -> Result<bool> {
    let keys = caller.app.keys();
    if let Some(hashes) = recovery::hashes(keys, account.id, code)
        && second_factor::set_code_used(txn, account.id, hashes, caller.now()).await?
    {
        return Ok(true);
    }
    let Some(sealed) = &account.two_factor_secret else { return Ok(false) };
    let app = Authenticator::open(keys, account.id, sealed)?;
    match app.step(code, caller.now(), account.two_factor_step) {
        Some(step) => second_factor::set_step(txn, account.id, step).await,
        None => Ok(false),
    }
}

/// Begins to set up an authenticator app, which counts once it is confirmed.
///
/// # Errors
/// [`Error::Refused`] where the password is not right, or there is a second factor already.
pub async fn begin(caller: &Caller, present: SecretString) -> Result<Begun> {
    let account = password::known(caller, present, "password").await?;
    if account.two_factor_since.is_some() {
        let problem = "there is a second factor already: disable it first";
        return Err(Error::Refused(vec![Problem::whole(UserErrorCode::Conflict, problem)]));
    }
    let app = Authenticator::create();
    let txn = caller.app.db().begin().await?;
    if password::same(&txn, &account, "password").await?.two_factor_since.is_some() {
        return Err(Error::Refused(vec![Problem::whole(UserErrorCode::Conflict, "a second factor was confirmed meanwhile")]));
    }
    second_factor::set_secret(&txn, account.id, Some(app.sealed(caller.app.keys(), account.id)), caller.now()).await?;
    caller.commit(txn).await?;
    let issuer = caller.app.config().public_url.host_str().unwrap_or("Alliance").to_owned();
    Ok(Begun { url: app.url(&issuer, &account.email), secret: app.spelled() })
}

/// Puts the authenticator app in force, and returns the recovery codes, which are shown this once.
///
/// # Errors
/// [`Error::Refused`] where the code is not right.
pub async fn confirm(caller: &Caller, code: &SecretString) -> Result<Vec<String>> {
    let own = caller.signed_in()?;
    let (txn, now, keys) = (caller.app.db().begin().await?, caller.now(), caller.app.keys());
    let account = store::lock(&txn, own.account).await?.ok_or(Error::Unauthenticated(SIGN_IN))?;
    let begun = account.two_factor_secret.as_ref().filter(|_| account.two_factor_since.is_none());
    let Some(sealed) = begun else {
        return Err(Error::refused("oneTimePassword", UserErrorCode::Conflict, "there is nothing to confirm: begin first"));
    };
    let step = Authenticator::open(keys, account.id, sealed)?.step(code.expose_secret(), now, None);
    let Some(step) = step else {
        let problem = "this code is not right: is the clock of your device right?";
        return Err(Error::refused("oneTimePassword", UserErrorCode::Incorrect, problem));
    };
    let codes = recovery::create();
    let hashes = codes.iter().filter_map(|code| recovery::hash(keys, account.id, code)).collect();
    second_factor::set_confirmed(&txn, account.id, step, now).await?;
    second_factor::set_codes(&txn, account.id, hashes).await?;
    // Who signed in without it signs in again.
    sessions::set_all_ended(&txn, account.id, Some(own.session), now).await?;
    tell(caller, &txn, &account, true).await?;
    caller.commit(txn).await?;
    Ok(codes)
}

/// Takes the second factor away.
///
/// # Errors
/// [`Error::Refused`] where the password or the code is not right.
pub async fn disable(caller: &Caller, present: SecretString, code: &SecretString) -> Result<account::Model> {
    let bytes = present.expose_secret().len();
    let known = password::known(caller, present, "password").await?;
    if bytes < SHORTEST {
        let problem = "alone this password is too short: change it first to one of 15 characters or more";
        return Err(Error::refused("password", UserErrorCode::Weak, problem));
    }
    let txn = caller.app.db().begin().await?;
    let account = password::same(&txn, &known, "password").await?;
    if account.two_factor_since.is_none() {
        return Err(Error::Refused(vec![Problem::whole(UserErrorCode::Conflict, "there is no second factor")]));
    }
    pass(caller, &txn, &account, Some(code)).await?;
    take_away(caller, &txn, &account).await?;
    caller.commit(txn).await?;
    Ok(account::Model { two_factor_secret: None, two_factor_since: None, two_factor_step: None, ..account })
}

/// Takes a second factor away, whoever asks for it.
pub(super) async fn take_away(caller: &Caller, txn: &Transaction, account: &account::Model) -> Result<()> {
    second_factor::set_secret(txn, account.id, None, caller.now()).await?;
    second_factor::set_codes(txn, account.id, Vec::new()).await?;
    tell(caller, txn, account, false).await
}

async fn tell(caller: &Caller, txn: &Transaction, account: &account::Model, enabled: bool) -> Result<()> {
    let action = if enabled { "twoFactorConfirm" } else { "twoFactorDisable" };
    caller.record(txn, Deed::of_account(action, "TwoFactorChanged", account.id.0)).await?;
    mailing::notify(txn, caller.now(), account.id, Notice::SecondFactor { enabled }).await
}
