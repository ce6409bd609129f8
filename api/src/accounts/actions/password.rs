//! Passwords: changing one's own, and setting a new one by a link where it was forgotten.

use alliance_entity::account;
use alliance_entity::account_link::{self, LinkPurpose};
use chrono::TimeDelta;
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::actions::confirm::expired;
use crate::accounts::actions::{email, hashed, register};
use crate::accounts::mailing::{self, Notice};
use crate::accounts::store::{self, links, sessions};
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result, SIGN_IN};
use crate::keys;
use crate::rates::{self, Rate};

const VALID: TimeDelta = TimeDelta::minutes(30);

/// Sets another password for the account that asks, and ends its other sessions.
///
/// # Errors
/// [`Error::Refused`] where the present password is not right, or the new one is weak.
pub async fn change(caller: &Caller, present: SecretString, new: SecretString) -> Result<account::Model> {
    let own = caller.signed_in()?;
    let account = known(caller, present, "currentPassword").await?;
    let has_second_factor = account.two_factor_since.is_some();
    let about = [account.email.as_str(), account.name.as_str()];
    let hash = hashed(&caller.app, "newPassword", new, &about, has_second_factor).await?;
    let (txn, now) = (caller.app.db().begin().await?, caller.now());
    same(&txn, &account, "currentPassword").await?;
    store::set_password(&txn, account.id, &hash, now).await?;
    sessions::set_all_ended(&txn, account.id, Some(own.session), now).await?;
    links::delete_pending(&txn, &account).await?;
    mailing::notify(&txn, now, account.id, Notice::Password).await?;
    caller.record(&txn, Deed::of_account("passwordChange", "PasswordChanged", account.id.0)).await?;
    caller.commit(txn).await?;
    Ok(account)
}

/// Holds an account whose password has been checked, unless it was changed since or may not sign in any more.
pub(super) async fn same(txn: &Transaction, known: &account::Model, field: &str) -> Result<account::Model> {
    let held = store::lock(txn, known.id).await?;
    let held = held.filter(|held| held.password_hash == known.password_hash && held.disabled_at.is_none());
    held.ok_or_else(|| Error::refused(field, UserErrorCode::Conflict, "the password was changed meanwhile"))
}

/// The account that asks, where it gives its password once more.
pub(crate) async fn known(caller: &Caller, password: SecretString, field: &str) -> Result<account::Model> {
    let own = caller.signed_in()?;
    let app = &caller.app;
    let account = store::find(app.db().read(), own.account).await?.ok_or(Error::Unauthenticated(SIGN_IN))?;
    // Its own count: nobody else can spend it.
    rates::take(app, &Rate::password(&app.config().limits), &account.id.to_string()).await?;
    match app.passwords().verify(password, account.password_hash.as_deref()).await?.right {
        true => Ok(account),
        false => Err(Error::refused(field, UserErrorCode::Incorrect, "this is not your password")),
    }
}

/// Asks for a link that sets a new password. The answer is the same whether the address has an account.
///
/// # Errors
/// [`Error::Refused`] for what is no address; [`Error::RateLimited`].
pub async fn request_reset(caller: &Caller, address: &str) -> Result<()> {
    let email = email("email", address).map_err(|problem| Error::Refused(vec![problem]))?;
    let app = &caller.app;
    rates::take(app, &Rate::sign_in_address(&app.config().limits), &caller.address()).await?;
    // Counted for itself: nobody can keep somebody from a new password by asking for other mails to them.
    for rate in Rate::reset_mail(&app.config().limits) {
        rates::take(app, &rate, &email.key()).await?;
    }
    register::send(caller, register::link(LinkPurpose::PasswordReset, &email, VALID, caller.now())).await
}

/// Sets a new password by a link, and ends all sessions. A second factor stays.
///
/// # Errors
/// [`Error::Refused`] for a link that is not valid, or not any more, and for a weak password.
pub async fn reset(caller: &Caller, token: SecretString, new: SecretString) -> Result<account::Model> {
    let (app, now) = (&caller.app, caller.now());
    let hash = keys::hash(token.expose_secret());
    let link = links::find_live(app.db().read(), &hash, now).await?.filter(is_reset).ok_or_else(expired)?;
    let account = store::find_by_address(app.db().read(), &link.email_key).await?.ok_or_else(expired)?;
    let about = [account.email.as_str(), account.name.as_str()];
    let password_hash = hashed(app, "newPassword", new, &about, account.two_factor_since.is_some()).await?;
    let txn = app.db().begin().await?;
    let link = links::lock_live(&txn, &hash, now).await?.ok_or_else(expired)?;
    links::set_used(&txn, &link, now).await?;
    store::set_password(&txn, account.id, &password_hash, now).await?;
    sessions::set_all_ended(&txn, account.id, None, now).await?;
    links::delete_pending(&txn, &account).await?;
    mailing::notify(&txn, now, account.id, Notice::Password).await?;
    let caller = caller.known_as(account.id);
    caller.record(&txn, Deed::of_account("passwordReset", "PasswordChanged", account.id.0)).await?;
    caller.commit(txn).await?;
    Ok(account)
}

fn is_reset(link: &account_link::Model) -> bool {
    link.purpose == LinkPurpose::PasswordReset
}
