//! Every SQL statement about what was asked for and has yet to be confirmed.

use alliance_entity::id::{AllianceId, SubscriptionRequestId};
use alliance_entity::subscription_request;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;

/// Writes down what was asked for.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: subscription_request::Model) -> Result<()> {
    subscription_request::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// What was asked for and can still be confirmed.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_live(
    db: &impl ConnectionTrait,
    id: SubscriptionRequestId,
    now: DateTime<Utc>,
) -> Result<Option<subscription_request::Model>> {
    Ok(live(now).filter(subscription_request::Column::Id.eq(id)).one(db).await?)
}

/// The same, held against others who would confirm it.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_live(
    txn: &Transaction,
    id: SubscriptionRequestId,
    now: DateTime<Utc>,
) -> Result<Option<subscription_request::Model>> {
    Ok(live(now).filter(subscription_request::Column::Id.eq(id)).lock_exclusive().one(txn).await?)
}

fn live(now: DateTime<Utc>) -> sea_orm::Select<subscription_request::Entity> {
    subscription_request::Entity::find()
        .filter(subscription_request::Column::UsedAt.is_null())
        .filter(subscription_request::Column::ExpiresAt.gt(now))
}

/// It is confirmed.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_used(txn: &Transaction, id: SubscriptionRequestId, now: DateTime<Utc>) -> Result<()> {
    let used = subscription_request::Entity::update_many().col_expr(subscription_request::Column::UsedAt, Expr::val(now));
    used.filter(subscription_request::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// How many an alliance has that wait to be confirmed.
///
/// # Errors
/// Where the database does not answer.
pub async fn count(app: &App, alliance: AllianceId) -> Result<u64> {
    let waiting = live(app.clock().now()).filter(subscription_request::Column::AllianceId.eq(alliance));
    Ok(waiting.count(app.db().read()).await?)
}
