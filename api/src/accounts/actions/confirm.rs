//! Confirming: whoever holds the link of a mail makes their account, takes up an invitation, or confirms a new address.

use alliance_entity::account;
use alliance_entity::account_link::{self, LinkPurpose};
use alliance_entity::id::SessionId;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::accounts::access;
use crate::accounts::actions::setup::{self, FIRST};
use crate::accounts::actions::{email, hashed, named};
use crate::accounts::mailing::{self, Notice};
use crate::accounts::store::links::Standing;
use crate::accounts::store::{self, links, roles};
use crate::app::App;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::keys;
use crate::policy::Action;

/// What somebody confirms with.
#[derive(Debug)]
pub struct Confirm {
    /// The token of the link.
    pub token: SecretString,
    /// The password of the account that comes into being.
    pub password: Option<SecretString>,
    /// The address of the installation's first operator, whose link was shown and not sent.
    pub email: Option<String>,
    /// Its name, instead of the one that was given when it was asked for.
    pub name: Option<String>,
}

/// Uses a link of a mail, and returns the account that it is about.
///
/// # Errors
/// [`Error::Refused`] for a link that is not valid, or not any more, and for a missing or weak password.
pub async fn confirm(caller: &Caller, input: Confirm) -> Result<account::Model> {
    let Confirm { token, password, email: address, name } = input;
    let app = &caller.app;
    let hash = keys::hash(token.expose_secret());
    let link = links::find_live(app.db().read(), &hash, caller.now()).await?.ok_or_else(expired)?;
    if link.purpose == LinkPurpose::PasswordReset {
        return Err(Error::refused("token", UserErrorCode::Invalid, "this link sets a new password: give it to `passwordReset`"));
    }
    let link = addressed(link, address.as_deref())?;
    let known = subject(app, &link).await?;
    let password_hash = match (known.is_none() && link.purpose != LinkPurpose::EmailChange, password) {
        (false, _) => None,
        (true, None) => return Err(Error::refused("password", UserErrorCode::Required, "choose a password for the account")),
        (true, Some(password)) => {
            let about = [link.email.as_str(), name.as_deref().or(link.name.as_deref()).unwrap_or_default()];
            Some(hashed(app, "password", password, &about, false).await?)
        }
    };
    let name = name.map(|name| named("name", &name)).transpose().map_err(|problem| Error::Refused(vec![problem]))?;

    let txn = app.db().begin().await?;
    // Somebody else may have used it meanwhile.
    let held = links::lock_live(&txn, &hash, caller.now()).await?.ok_or_else(expired)?;
    if !holds(&held, links::standing(&txn, &held).await?) {
        return Err(expired());
    }
    links::set_used(&txn, &held, caller.now()).await?;
    let (account, caller) = match (known, link.purpose) {
        (Some(account), LinkPurpose::EmailChange) => change_address(caller, &txn, account, &link).await?,
        (None, LinkPurpose::EmailChange) => return Err(expired()),
        (Some(account), _) => {
            let caller = caller.known_as(account.id);
            if link.purpose == LinkPurpose::Setup {
                setup::promote(&caller, &txn, account.id, link.alliance_id).await?;
            }
            (account, caller)
        }
        (None, _) => make(caller, &txn, (password_hash, name), &link).await?,
    };
    grant(&caller, &txn, &account, &link).await?;
    caller.commit(txn).await?;
    Ok(account)
}

/// The link with the address of the installation's first operator, whom nobody knew when it was made.
fn addressed(link: account_link::Model, address: Option<&str>) -> Result<account_link::Model> {
    if link.email != FIRST {
        return Ok(link);
    }
    let Some(address) = address else {
        return Err(Error::refused("email", UserErrorCode::Required, "give the e-mail address that you want to sign in with"));
    };
    let email = email("email", address).map_err(|problem| Error::Refused(vec![problem]))?;
    Ok(account_link::Model { email: email.as_str().to_owned(), email_key: email.key(), ..link })
}

/// A link that cannot be used.
pub(crate) fn expired() -> Error {
    let problem = "this link is not valid, or not any more: each works once and for a while; ask for a new one";
    Error::refused("token", UserErrorCode::Expired, problem)
}

/// Makes the account that a link stands for.
async fn make(
    caller: &Caller,
    txn: &Transaction,
    (password_hash, name): (Option<String>, Option<String>),
    link: &account_link::Model,
) -> Result<(account::Model, Caller)> {
    let name = name.or_else(|| link.name.clone());
    let name = name.unwrap_or_else(|| link.email.split('@').next().unwrap_or_default().to_owned());
    let is_operator = link.purpose == LinkPurpose::Setup && link.alliance_id.is_none();
    let row = new((&link.email, &link.email_key), name, password_hash, is_operator, caller.now());
    store::insert(txn, row.clone(), &caller.app).await?;
    let caller = caller.known_as(row.id);
    caller.record(txn, Deed::of_account("accountConfirm", "AccountCreated", row.id.0)).await?;
    Ok((row, caller))
}

/// A new account's row.
pub(super) fn new(
    (email, email_key): (&str, &str),
    name: String,
    password_hash: Option<String>,
    is_operator: bool,
    now: DateTime<Utc>,
) -> account::Model {
    account::Model {
        id: crate::id::new(now),
        email: email.to_owned(),
        email_key: email_key.to_owned(),
        name,
        name_is_public: false,
        password_hash,
        is_operator,
        two_factor_secret: None,
        two_factor_since: None,
        two_factor_step: None,
        disabled_at: None,
        signed_in_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Makes the address of a link the account's, and tells the one that it had.
async fn change_address(
    caller: &Caller,
    txn: &Transaction,
    account: account::Model,
    link: &account_link::Model,
) -> Result<(account::Model, Caller)> {
    let (now, caller) = (caller.now(), caller.known_as(account.id));
    // It keeps the old address until that has been told.
    let old = account_link::Model {
        id: crate::id::new(now),
        email: account.email.clone(),
        email_key: account.email_key.clone(),
        token_hash: None,
        used_at: Some(now),
        ..link.clone()
    };
    let notice = Notice::Email { link: old.id.0 };
    links::insert(txn, old).await?;
    links::delete_pending(txn, &account).await?;
    store::set_email(txn, account.id, (&link.email, &link.email_key), now).await?;
    mailing::notify(txn, now, account.id, notice).await?;
    caller.record(txn, Deed::of_account("accountEmailChange", "AccountEdited", account.id.0)).await?;
    let changed = account::Model { email: link.email.clone(), email_key: link.email_key.clone(), ..account };
    Ok((changed, caller))
}

/// Whether a link still does what it says: an invitation holds as long as who sent it may invite, and the link that makes the first
/// operator until there is somebody.
pub(super) fn holds(link: &account_link::Model, standing: Standing) -> bool {
    if link.email == FIRST {
        return !standing.is_run;
    }
    let (LinkPurpose::Invitation, Some(alliance), Some(role)) = (link.purpose, link.alliance_id, link.role) else {
        return true;
    };
    // Of whoever was erased nothing is known any more, their rights neither.
    let Some((inviter, roles)) = standing.inviter.filter(|(inviter, _)| inviter.disabled_at.is_none()) else { return false };
    access::rights(&inviter, SessionId(link.id.0), roles).may(Action::InviteAccount(alliance, role))
}

/// The account that a link is about, where there is one.
pub(super) async fn subject(app: &App, link: &account_link::Model) -> Result<Option<account::Model>> {
    match link.account_id {
        Some(id) => store::find(app.db().read(), id).await,
        None => store::find_by_address(app.db().read(), &link.email_key).await,
    }
}

/// Grants the role that a link holds.
async fn grant(caller: &Caller, txn: &Transaction, account: &account::Model, link: &account_link::Model) -> Result<()> {
    let (Some(alliance), Some(role)) = (link.alliance_id, link.role) else { return Ok(()) };
    if roles::insert(txn, (account.id, alliance, role), caller.now()).await? {
        let deed = Deed::of_account("accountConfirm", "RoleGranted", account.id.0);
        let details = json!({ "role": mailing::role_in_words(role), "by": link.invited_by.map(|by| by.to_string()) });
        caller.record(txn, Deed { alliance: Some(alliance), details, ..deed }).await?;
    }
    Ok(())
}
