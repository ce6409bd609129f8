//! Every SQL statement about accounts; roles, sessions, links and second factors have files of their own.

pub mod links;
pub mod list;
pub mod roles;
pub mod second_factor;
pub mod sessions;

use std::collections::HashMap;

use alliance_entity::id::AccountId;
use alliance_entity::suppression::{self, SuppressionReason};
use alliance_entity::{account, post, reaction};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
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
    Ok(account::Entity::find_by_id(id).lock_exclusive().one(txn).await?)
}

/// Makes an account.
///
/// # Errors
/// [`Error::Refused`] where another account has the address.
pub async fn insert(txn: &Transaction, row: account::Model) -> Result<()> {
    let inserted = account::Entity::insert(row.into_active_model()).exec_without_returning(txn).await;
    inserted.map(|_| ()).map_err(taken)
}

/// Writes what is not to stay as it is: the columns that are set, of the account that was read.
///
/// # Errors
/// [`Error::Refused`] where another account has the address.
pub async fn set(txn: &Transaction, row: account::Model, change: impl FnOnce(&mut account::ActiveModel), now: DateTime<Utc>) -> Result<account::Model> {
    let version = row.version;
    let mut active = row.into_active_model();
    change(&mut active);
    active.version = sea_orm::ActiveValue::Set(version + 1);
    active.updated_at = sea_orm::ActiveValue::Set(now);
    active.update(txn).await.map_err(taken)
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
    use sea_orm::QueryOrder;
    Ok(account::Entity::find().order_by_asc(account::Column::Id).all(db).await?)
}

/// Erases an account with all that hangs on it, and keeps its address from being written to. What it wrote for an alliance stays
/// the alliance's, without a word about who wrote it.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, row: &account::Model, suppressed: String, now: DateTime<Utc>) -> Result<()> {
    links::delete_of(txn, row.id, &row.email_key).await?;
    let owned = post::Entity::update_many().col_expr(post::Column::OwnerId, Expr::val(None::<AccountId>));
    owned.filter(post::Column::OwnerId.eq(row.id)).exec(txn).await?;
    let gone = reaction::Entity::delete_many().filter(reaction::Column::AccountId.eq(row.id));
    gone.exec(txn).await?;
    account::Entity::delete_by_id(row.id).exec(txn).await?;
    let suppression = suppression::Model { hash: suppressed, reason: SuppressionReason::Erased, created_at: now };
    let insert = suppression::Entity::insert(suppression.into_active_model());
    let insert = insert.on_conflict(OnConflict::column(suppression::Column::Hash).do_nothing().to_owned());
    insert.exec_without_returning(txn).await?;
    Ok(())
}
