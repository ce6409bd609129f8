//! Every SQL statement about accounts; what hangs on them has files of its own.

pub mod links;
pub mod list;
pub mod roles;
pub mod second_factor;
pub mod sessions;
pub mod written;

use std::collections::HashMap;

use alliance_entity::account;
use alliance_entity::id::AccountId;
use alliance_entity::suppression::{self, SuppressionReason};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result, SIGN_IN};
use crate::loader::Load;
use crate::policy::accounts::readable_accounts;
use crate::viewer::Viewer;

impl Load for AccountId {
    type Value = account::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = account::Entity::find().filter(account::Column::Id.is_in(keys)).filter(readable_accounts(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|account| (account.id, account)).collect())
    }
}

/// The account with this address, by the address's key.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_by_address(db: &impl ConnectionTrait, email_key: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::EmailKey.eq(email_key)).one(db).await?)
}

/// The account with this id, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<account::Model>> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

/// The account with this id, held against others who would change it until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: AccountId) -> Result<Option<account::Model>> {
    // SQLite makes one change at a time as it is.
    // Rows that only refer to it may be written meanwhile: two who wait for each other would both fail.
    Ok(account::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(txn).await?)
}

/// The account with this id, held against those who would erase it until the transaction ends.
///
/// # Errors
/// [`Error::Unauthenticated`] where it is gone.
pub async fn hold(txn: &Transaction, id: AccountId) -> Result<account::Model> {
    let held = account::Entity::find_by_id(id).lock(LockType::KeyShare).one(txn).await?;
    held.ok_or(Error::Unauthenticated(SIGN_IN))
}

/// The same by its address, where it can sign in.
///
/// # Errors
/// Where the database does not answer.
pub async fn hold_by_address(txn: &Transaction, email_key: &str) -> Result<Option<account::Model>> {
    let of_address =
        account::Entity::find().filter(account::Column::EmailKey.eq(email_key)).filter(account::Column::DisabledAt.is_null());
    Ok(of_address.lock(LockType::KeyShare).one(txn).await?)
}

/// Waits until nobody who names an account has yet to commit, and holds it against those who would.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_alone(txn: &Transaction, id: AccountId) -> Result<()> {
    account::Entity::find_by_id(id).lock_exclusive().one(txn).await?;
    Ok(())
}

/// Whether there is an operator or an admin.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_run(db: &impl ConnectionTrait) -> Result<bool> {
    Ok(count_operators(db).await? > 0 || roles::is_any_admin(db).await?)
}

/// Makes an account. Its address may be written to again: whoever had themselves erased has come back.
///
/// # Errors
/// [`Error::Refused`] where another account has the address.
pub async fn insert(txn: &Transaction, row: account::Model, app: &App) -> Result<()> {
    let hashes = app.keys().digests(SUPPRESSION, &row.email_key);
    suppression::Entity::delete_many().filter(suppression::Column::Hash.is_in(hashes)).exec(txn).await?;
    let inserted = account::Entity::insert(row.into_active_model()).exec_without_returning(txn).await;
    inserted.map(|_| ()).map_err(taken)
}

/// Gives an account another name; says whether it was still the version that was read.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_name(
    txn: &Transaction,
    id: AccountId,
    version: i32,
    (name, is_public): (&str, bool),
    now: DateTime<Utc>,
) -> Result<bool> {
    let set = changed(now)
        .col_expr(account::Column::Name, Expr::val(name))
        .col_expr(account::Column::NameIsPublic, Expr::val(is_public));
    let set = set.filter(account::Column::Id.eq(id)).filter(account::Column::Version.eq(version)).exec(txn).await?;
    Ok(set.rows_affected > 0)
}

/// Gives an account another address.
///
/// # Errors
/// [`Error::Refused`] where another account has it.
pub async fn set_email(txn: &Transaction, id: AccountId, (email, email_key): (&str, &str), now: DateTime<Utc>) -> Result<()> {
    let set =
        changed(now).col_expr(account::Column::Email, Expr::val(email)).col_expr(account::Column::EmailKey, Expr::val(email_key));
    set.filter(account::Column::Id.eq(id)).exec(txn).await.map(drop).map_err(taken)
}

/// Gives an account another password.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_password(txn: &Transaction, id: AccountId, hash: &str, now: DateTime<Utc>) -> Result<()> {
    changed(now).col_expr(account::Column::PasswordHash, Expr::val(hash)).filter(account::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// Lets an account sign in, or not any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_disabled(txn: &Transaction, id: AccountId, since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    changed(now).col_expr(account::Column::DisabledAt, Expr::val(since)).filter(account::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// Makes an account an operator.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_operator(txn: &Transaction, id: AccountId, now: DateTime<Utc>) -> Result<()> {
    changed(now).col_expr(account::Column::IsOperator, Expr::val(true)).filter(account::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

fn changed(now: DateTime<Utc>) -> sea_orm::UpdateMany<account::Entity> {
    account::Entity::update_many()
        .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
        .col_expr(account::Column::UpdatedAt, Expr::val(now))
}

/// Notes that somebody signed in, which is no change of the account.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_signed_in(txn: &Transaction, id: AccountId, now: DateTime<Utc>, password_hash: Option<String>) -> Result<()> {
    let mut update = account::Entity::update_many().col_expr(account::Column::SignedInAt, Expr::val(now));
    if let Some(hash) = password_hash {
        update = update.col_expr(account::Column::PasswordHash, Expr::val(hash));
    }
    update.filter(account::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

fn taken(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(sea_orm::SqlErr::UniqueConstraintViolation(_)) => {
            Error::refused("email", UserErrorCode::Taken, "another account has this address")
        }
        _ => Error::from(error),
    }
}

/// Whether an address must not be written to.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_suppressed(app: &App, email_key: &str) -> Result<bool> {
    let hashes = app.keys().digests(SUPPRESSION, email_key);
    let found = suppression::Entity::find().filter(suppression::Column::Hash.is_in(hashes));
    Ok(found.count(app.db().read()).await? > 0)
}

/// Holds the operators against others who would change them until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_operators(txn: &Transaction) -> Result<()> {
    let operators = account::Entity::find().filter(account::Column::IsOperator.eq(true)).order_by_asc(account::Column::Id);
    operators.lock_exclusive().all(txn).await?;
    Ok(())
}

/// How many operators can sign in.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_operators(db: &impl ConnectionTrait) -> Result<u64> {
    let operators = account::Entity::find()
        .filter(account::Column::IsOperator.eq(true))
        .filter(account::Column::PasswordHash.is_not_null())
        .filter(account::Column::DisabledAt.is_null());
    Ok(operators.count(db).await?)
}

/// Every account, the oldest first: for the operator's command line.
///
/// # Errors
/// Where the database does not answer.
pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<account::Model>> {
    Ok(account::Entity::find().order_by_asc(account::Column::Id).all(db).await?)
}

/// What the keyed hash of an address is for that must not be written to.
const SUPPRESSION: &str = "suppression";

/// Erases an account with all that hangs on it, and keeps its address from being written to. What it wrote for an alliance stays
/// the alliance's, without a word about who wrote it.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, row: &account::Model, app: &App) -> Result<()> {
    links::delete_of(txn, row).await?;
    account::Entity::delete_by_id(row.id).exec(txn).await?;
    suppress(txn, app, &row.email_key).await
}

/// Keeps an address from being written to until its holder makes an account.
///
/// # Errors
/// Where the database does not answer.
pub async fn suppress(txn: &Transaction, app: &App, email_key: &str) -> Result<()> {
    let hash = app.keys().digest(SUPPRESSION, email_key);
    let suppression = suppression::Model { hash, reason: SuppressionReason::Erased, created_at: app.clock().now() };
    let insert = suppression::Entity::insert(suppression.into_active_model());
    let insert = insert.on_conflict(OnConflict::column(suppression::Column::Hash).do_nothing().to_owned());
    insert.exec_without_returning(txn).await?;
    Ok(())
}
