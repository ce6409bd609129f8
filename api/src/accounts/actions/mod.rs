//! What can be done with accounts: one act, or a pair of acts that belong together, a file.

pub mod confirm;
pub mod disable;
pub mod edit;
pub mod invite;
pub mod open;
pub mod password;
pub mod refresh;
pub mod register;
pub mod roles;
pub mod second_factor;
pub mod setup;
pub mod sign_in;
pub mod sign_out;

use alliance_entity::account;
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AllianceId};
use secrecy::SecretString;

use crate::accounts::password::flaw;
use crate::accounts::store::{self, roles as role_store};
use crate::app::App;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::mail::address::Email;
use crate::policy::{Action, Subject};
use crate::text::name;

/// An address that somebody typed.
fn email(field: &str, text: &str) -> Result<Email, Problem> {
    Email::parse(text).map_err(|problem| Problem::of(field, UserErrorCode::Invalid, problem))
}

/// A name that somebody typed.
fn named(field: &str, text: &str) -> Result<String, Problem> {
    name::parse(text).map_err(|problem| Problem::of(field, UserErrorCode::Invalid, problem))
}

/// All problems at once where there are some.
fn both<A, B>(one: Result<A, Problem>, other: Result<B, Problem>) -> Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(Error::Refused(one.err().into_iter().chain(other.err()).collect())),
    }
}

/// What is stored of a new password, where it will do for somebody of this name and address.
async fn hashed(app: &App, field: &str, password: SecretString, about: &[&str], second_factor: bool) -> Result<String> {
    if let Some(flaw) = flaw(app.passwords(), &password, about, second_factor).await? {
        return Err(Error::refused(field, flaw.code, flaw.reason));
    }
    app.passwords().hash(password).await
}

/// An account that the viewer may see, held until the transaction ends, with the alliances that it has a role in.
pub(crate) async fn subject(caller: &Caller, txn: &Transaction, id: AccountId) -> Result<(account::Model, Vec<AllianceId>)> {
    let account = store::lock(txn, id).await?;
    let mut alliances: Vec<AllianceId> = role_store::of(txn, id).await?.into_iter().map(|role| role.alliance_id).collect();
    alliances.dedup();
    match account {
        Some(account) if caller.viewer.may(Action::ReadAccount(rule(&account, &alliances))) => Ok((account, alliances)),
        _ => {
            caller.signed_in()?;
            Err(Error::NotFound("account"))
        }
    }
}

/// The same for who is to be taken away. The operators are held first: two who disable each other at once would each hold one of them
/// and wait for the other.
pub(crate) async fn leaving(caller: &Caller, txn: &Transaction, id: AccountId) -> Result<(account::Model, Vec<AllianceId>)> {
    store::lock_operators(txn).await?;
    subject(caller, txn, id).await
}

/// Records what was done to an account in each alliance that it has a role in, whose admins see it.
pub(crate) async fn record_in_each(caller: &Caller, txn: &Transaction, deed: Deed, alliances: &[AllianceId]) -> Result<()> {
    if alliances.is_empty() {
        return caller.record(txn, deed).await;
    }
    for alliance in alliances {
        caller.record(txn, Deed { alliance: Some(*alliance), ..deed.clone() }).await?;
    }
    Ok(())
}

/// What the policy asks of an account.
fn rule<'a>(account: &account::Model, alliances: &'a [AllianceId]) -> Subject<'a> {
    Subject { account: account.id, is_operator: account.is_operator, alliances }
}

/// Refuses to take away the last admin of an alliance, or the installation's last operator.
pub(crate) async fn keeps_an_admin(txn: &Transaction, account: &account::Model) -> Result<()> {
    if account.is_operator && account.disabled_at.is_none() && store::count_operators(txn).await? <= 1 {
        let problem = "this is the last operator of the installation: make another one first";
        return Err(Error::Refused(vec![Problem::whole(UserErrorCode::LastAdmin, problem)]));
    }
    let roles = role_store::of(txn, account.id).await?;
    for role in roles.iter().filter(|role| role.role == Role::Admin) {
        another_admin(txn, role.alliance_id, account.id).await?;
    }
    Ok(())
}

/// Refuses where an account is the last admin of an alliance.
async fn another_admin(txn: &Transaction, alliance: AllianceId, beside: AccountId) -> Result<()> {
    role_store::lock(txn, alliance).await?;
    match role_store::count_other_admins(txn, alliance, beside).await? {
        0 => {
            let problem = "this is the last admin of the alliance: make another account an admin first";
            Err(Error::Refused(vec![Problem::whole(UserErrorCode::LastAdmin, problem)]))
        }
        _ => Ok(()),
    }
}
