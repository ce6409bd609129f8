//! Changing one's own account: its name, and its address.

use alliance_entity::account;
use alliance_entity::account_link::{self, LinkPurpose};
use alliance_entity::id::AccountId;
use chrono::TimeDelta;
use secrecy::SecretString;

use crate::accounts::actions::{email, named, password, register, subject};
use crate::accounts::mailing;
use crate::accounts::store::{self, links};
use crate::caller::{Caller, Deed};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::rates;

const VALID: TimeDelta = TimeDelta::hours(72);

/// What is to be another. What is left out stays.
#[derive(Debug)]
pub struct Edit {
    /// Which account.
    pub id: AccountId,
    /// The version that was read.
    pub version: i32,
    /// Its name.
    pub name: Option<String>,
    /// Whether the name may stand beside what it writes.
    pub name_is_public: Option<bool>,
}

/// Changes an account.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] for what is no name, and where the account was changed since it was
/// read.
pub async fn edit(caller: &Caller, input: Edit) -> Result<account::Model> {
    let Edit { id, version, name, name_is_public } = input;
    let txn = caller.app.db().begin().await?;
    let (account, _) = subject(caller, &txn, id).await?;
    caller.viewer.must(Action::EditAccount(id))?;
    let name = name.map(|name| named("name", &name)).transpose().map_err(|problem| Error::Refused(vec![problem]))?;
    let (name, is_public) = (name.unwrap_or(account.name), name_is_public.unwrap_or(account.name_is_public));
    if !store::set_name(&txn, id, version, (&name, is_public), caller.now()).await? {
        let problem = format!("the account was changed since: it is at version {}", account.version);
        return Err(Error::refused("version", UserErrorCode::Conflict, problem));
    }
    caller.record(&txn, Deed::of_account("accountEdit", "AccountEdited", id.0)).await?;
    caller.commit(txn).await?;
    Ok(account::Model { name, name_is_public: is_public, version: version + 1, updated_at: caller.now(), ..account })
}

/// Asks for a link to another address of one's own, which becomes the account's when it is used.
///
/// # Errors
/// [`Error::Refused`] where the password is not right, or it is no address; [`Error::RateLimited`].
pub async fn change_email(caller: &Caller, address: &str, present: SecretString) -> Result<account::Model> {
    let email = email("email", address).map_err(|problem| Error::Refused(vec![problem]))?;
    let account = password::known(caller, present, "password").await?;
    rates::take_mail(&caller.app, &email).await?;
    let link = register::link(LinkPurpose::EmailChange, &email, VALID, caller.now());
    let (txn, id) = (caller.app.db().begin().await?, link.id);
    password::same(&txn, &account, "password").await?;
    links::insert(&txn, account_link::Model { account_id: Some(account.id), ..link }).await?;
    mailing::send_link(&txn, caller.now(), id).await?;
    caller.record(&txn, Deed::of_account("accountEmailChange", "AccountEmailChangeRequested", account.id.0)).await?;
    caller.commit(txn).await?;
    Ok(account)
}
