//! What the command line does with accounts: it makes admins, and lets somebody in again who has lost their password or their second
//! factor.

use alliance_entity::account_link::{self, LinkPurpose};
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AllianceId};
use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::json;

use crate::accounts::actions::{confirm, email, hashed, named, register, second_factor};
use crate::accounts::mailing;
use crate::accounts::store::{self, links, roles};
use crate::app::App;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::keys;

const VALID: TimeDelta = TimeDelta::hours(24);
const RESET_VALID: TimeDelta = TimeDelta::minutes(30);

/// Who is to be an admin.
#[derive(Debug)]
pub struct NewAdmin {
    /// By which address.
    pub email: String,
    /// By which name; else by what stands before the `@`.
    pub name: Option<String>,
    /// Of which alliance; of all of them as the installation's operator where none is named.
    pub alliance: Option<AllianceId>,
    /// The password; else a link sets it.
    pub password: Option<SecretString>,
}

/// What came of it.
#[derive(Debug)]
pub enum Made {
    /// The account can sign in.
    Account(AccountId),
    /// Whoever opens this address sets the password.
    Link(String),
}

/// Makes an admin, or makes an account that there is one.
///
/// # Errors
/// [`Error::Refused`] for what is no address or no name, and for a weak password.
pub async fn create_admin(app: &App, input: NewAdmin) -> Result<Made> {
    let NewAdmin { email: address, name, alliance, password } = input;
    let refuse = |problem| Error::Refused(vec![problem]);
    let email = email("email", &address).map_err(refuse)?;
    let name = name.map(|name| named("name", &name)).transpose().map_err(refuse)?;
    let (caller, now) = (Caller::command_line(app), app.clock().now());
    if let Some(account) = store::find_by_address(app.db().read(), &email.key()).await? {
        if password.is_some() {
            let problem = "there is an account with this address, whose password stays: leave out `--password-stdin` to make it an admin, or let it be set anew by `admin reset`";
            return Err(Error::refused("email", UserErrorCode::Taken, problem));
        }
        let txn = app.db().begin().await?;
        promote(&caller, &txn, account.id, alliance).await?;
        caller.commit(txn).await?;
        return Ok(Made::Account(account.id));
    }
    let Some(password) = password else {
        let row = account_link::Model {
            name,
            alliance_id: alliance,
            role: alliance.map(|_| Role::Admin),
            ..register::link(LinkPurpose::Setup, &email, VALID, now)
        };
        // A link that was printed before counts no more.
        links::delete_unused(app, &row.email_key, LinkPurpose::Setup).await?;
        return minted(app, row).await.map(Made::Link);
    };
    let name = name.unwrap_or_else(|| email.as_str().split('@').next().unwrap_or_default().to_owned());
    let hash = hashed(app, "password", password, &[email.as_str(), &name], false).await?;
    let row = confirm::new((email.as_str(), &email.key()), name, Some(hash), false, now);
    let (txn, id) = (app.db().begin().await?, row.id);
    store::insert(&txn, row, app).await?;
    caller.record(&txn, Deed::of_account("admin create", "AccountCreated", id.0)).await?;
    promote(&caller, &txn, id, alliance).await?;
    caller.commit(txn).await?;
    Ok(Made::Account(id))
}

/// Makes an account the operator, or an admin.
pub(super) async fn promote(caller: &Caller, txn: &Transaction, id: AccountId, alliance: Option<AllianceId>) -> Result<()> {
    match alliance {
        None => store::set_operator(txn, id, caller.now()).await?,
        Some(alliance) => drop(roles::insert(txn, (id, alliance, Role::Admin), caller.now()).await?),
    }
    let role = if alliance.is_none() { "Operator" } else { mailing::role_in_words(Role::Admin) };
    let deed = Deed { alliance, details: json!({ "role": role }), ..Deed::of_account("admin create", "RoleGranted", id.0) };
    caller.record(txn, deed).await
}

/// An account of the demo.
#[derive(Debug)]
pub struct NewDemo {
    /// Its address.
    pub email: &'static str,
    /// Its name.
    pub name: String,
    /// Its password.
    pub password: SecretString,
    /// Its role; the operator where there is none.
    pub role: Option<(AllianceId, Role)>,
}

/// Makes an account of the demo.
///
/// # Errors
/// Where the database does not answer.
pub async fn create_demo(app: &App, demo: NewDemo) -> Result<()> {
    let NewDemo { email, name, password, role } = demo;
    let hash = app.passwords().hash(password).await?;
    let (caller, txn) = (Caller::command_line(app), app.db().begin().await?);
    let row = confirm::new((email, email), name, Some(hash), role.is_none(), caller.now());
    let id = row.id;
    store::insert(&txn, row, app).await?;
    caller.record(&txn, Deed::of_account("demo", "AccountCreated", id.0)).await?;
    if let Some((alliance, role)) = role {
        roles::insert(&txn, (id, alliance, role), caller.now()).await?;
    }
    caller.commit(txn).await
}

/// A link that makes the installation's first operator, for whoever started it. An earlier one counts no more.
///
/// # Errors
/// Where the database does not answer.
pub async fn first_link(app: &App) -> Result<Option<String>> {
    if store::is_run(app.db().read()).await? {
        return Ok(None);
    }
    let email = email("email", FIRST).map_err(|problem| Error::Refused(vec![problem]))?;
    let row = register::link(LinkPurpose::Setup, &email, VALID, app.clock().now());
    links::delete_unused(app, &email.key(), LinkPurpose::Setup).await?;
    minted(app, row).await.map(Some)
}

/// The address of somebody whose address is not known yet: they give it when they follow the link.
pub(super) const FIRST: &str = "operator@setup.invalid";

/// Lets somebody set a new password who has lost theirs, and takes the second factor away where that is lost, too.
///
/// # Errors
/// [`Error::NotFound`] where no account has the address.
pub async fn reset(app: &App, address: &str, and_second_factor: bool) -> Result<String> {
    let email = email("email", address).map_err(|problem| Error::Refused(vec![problem]))?;
    let account = store::find_by_address(app.db().read(), &email.key()).await?.ok_or(Error::NotFound("account"))?;
    let (caller, txn) = (Caller::command_line(app), app.db().begin().await?);
    if and_second_factor && account.two_factor_since.is_some() {
        second_factor::take_away(&caller, &txn, &account).await?;
    }
    caller.record(&txn, Deed::of_account("admin reset", "PasswordResetRequested", account.id.0)).await?;
    caller.commit(txn).await?;
    minted(app, register::link(LinkPurpose::PasswordReset, &email, RESET_VALID, app.clock().now())).await
}

/// Writes a link down that is shown here and never sent.
async fn minted(app: &App, row: account_link::Model) -> Result<String> {
    let token = mailing::mint(app, row.id);
    let address = mailing::address(app, row.purpose, &token);
    let txn = app.db().begin().await?;
    links::insert(&txn, account_link::Model { token_hash: Some(keys::hash(&token)), ..row }).await?;
    Caller::command_line(app).commit(txn).await?;
    Ok(address)
}
