//! Every SQL statement about second factors.

use alliance_entity::id::AccountId;
use alliance_entity::{account, account_recovery_code};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, UpdateMany};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;

/// Writes a secret down that is not in force yet, or takes the second factor away.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_secret(txn: &Transaction, id: AccountId, secret: Option<Vec<u8>>, now: DateTime<Utc>) -> Result<()> {
    set(txn, id, now, |update| {
        update
            .col_expr(account::Column::TwoFactorSecret, Expr::val(secret))
            .col_expr(account::Column::TwoFactorSince, Expr::val(None::<DateTime<Utc>>))
            .col_expr(account::Column::TwoFactorStep, Expr::val(None::<i64>))
    })
    .await
}

/// Puts the secret in force.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_confirmed(txn: &Transaction, id: AccountId, step: i64, now: DateTime<Utc>) -> Result<()> {
    set(txn, id, now, |update| {
        update.col_expr(account::Column::TwoFactorSince, Expr::val(now)).col_expr(account::Column::TwoFactorStep, Expr::val(step))
    })
    .await
}

async fn set(
    txn: &Transaction,
    id: AccountId,
    now: DateTime<Utc>,
    change: impl FnOnce(UpdateMany<account::Entity>) -> UpdateMany<account::Entity>,
) -> Result<()> {
    let update = account::Entity::update_many()
        .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
        .col_expr(account::Column::UpdatedAt, Expr::val(now));
    change(update).filter(account::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// Uses a time step up; says whether none as late had been used.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_step(txn: &Transaction, id: AccountId, step: i64) -> Result<bool> {
    let earlier = Condition::any().add(account::Column::TwoFactorStep.is_null()).add(account::Column::TwoFactorStep.lt(step));
    let used = account::Entity::update_many().col_expr(account::Column::TwoFactorStep, Expr::val(step));
    Ok(used.filter(account::Column::Id.eq(id)).filter(earlier).exec(txn).await?.rows_affected > 0)
}

/// Uses a recovery code up; says whether it was one that had not been used.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_code_used(txn: &Transaction, id: AccountId, hashes: Vec<String>, now: DateTime<Utc>) -> Result<bool> {
    let used = account_recovery_code::Entity::update_many()
        .col_expr(account_recovery_code::Column::UsedAt, Expr::val(now))
        .filter(account_recovery_code::Column::AccountId.eq(id))
        .filter(account_recovery_code::Column::Hash.is_in(hashes))
        .filter(account_recovery_code::Column::UsedAt.is_null());
    Ok(used.exec(txn).await?.rows_affected > 0)
}

/// Replaces the recovery codes of an account.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_codes(txn: &Transaction, id: AccountId, hashes: Vec<String>) -> Result<()> {
    account_recovery_code::Entity::delete_many().filter(account_recovery_code::Column::AccountId.eq(id)).exec(txn).await?;
    if hashes.is_empty() {
        return Ok(());
    }
    let rows =
        hashes.into_iter().map(|hash| account_recovery_code::Model { account_id: id, hash, used_at: None }.into_active_model());
    account_recovery_code::Entity::insert_many(rows).exec_without_returning(txn).await?;
    Ok(())
}

/// How many recovery codes an account has left.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_codes(app: &App, id: AccountId) -> Result<u64> {
    let left = account_recovery_code::Entity::find()
        .filter(account_recovery_code::Column::AccountId.eq(id))
        .filter(account_recovery_code::Column::UsedAt.is_null());
    Ok(left.count(app.db().read()).await?)
}
