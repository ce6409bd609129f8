//! Every SQL statement about subscriptions; requests, lists and mails have files of their own.

pub mod list;
pub mod mailings;
pub mod mails;
pub mod requests;
pub mod topics;

use alliance_entity::email_subscription::{self, EmailSubscriptionState};
use alliance_entity::id::{AllianceId, EmailSubscriptionId};
use alliance_entity::subscription_mail::SubscriptionMailState;
use alliance_entity::{account, account_link, email_subscription_topic, subscription_mail};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};

use crate::accounts::store::written;
use crate::database::transaction::Transaction;
use crate::error::Result;

/// A subscription, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: EmailSubscriptionId) -> Result<Option<email_subscription::Model>> {
    Ok(email_subscription::Entity::find_by_id(id).one(db).await?)
}

/// A subscription, held against others who would change it until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: EmailSubscriptionId) -> Result<Option<email_subscription::Model>> {
    Ok(email_subscription::Entity::find_by_id(id).lock_exclusive().one(txn).await?)
}

/// What goes to an address from an alliance.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_by_address(
    db: &impl ConnectionTrait,
    alliance: AllianceId,
    email_key: &str,
) -> Result<Option<email_subscription::Model>> {
    Ok(by_address(alliance, email_key).one(db).await?)
}

/// The same, held until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_by_address(
    txn: &Transaction,
    alliance: AllianceId,
    email_key: &str,
) -> Result<Option<email_subscription::Model>> {
    Ok(by_address(alliance, email_key).lock_exclusive().one(txn).await?)
}

fn by_address(alliance: AllianceId, email_key: &str) -> sea_orm::Select<email_subscription::Entity> {
    email_subscription::Entity::find()
        .filter(email_subscription::Column::AllianceId.eq(alliance))
        .filter(email_subscription::Column::EmailKey.eq(email_key))
}

/// Adds a subscription; says whether there was none of this address yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: email_subscription::Model) -> Result<bool> {
    let mut known = OnConflict::columns([email_subscription::Column::AllianceId, email_subscription::Column::EmailKey]);
    let insert = email_subscription::Entity::insert(row.into_active_model()).on_conflict(known.do_nothing().to_owned());
    Ok(insert.exec_without_returning(txn).await? > 0)
}

/// Writes a subscription that was held as it is from now on.
///
/// # Errors
/// Where the database does not answer.
pub async fn set(txn: &Transaction, row: email_subscription::Model) -> Result<()> {
    email_subscription::Entity::update(row.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// The account whose address it is.
///
/// # Errors
/// Where the database does not answer.
pub async fn owner(db: &impl ConnectionTrait, email_key: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::find().filter(account::Column::EmailKey.eq(email_key)).one(db).await?)
}

/// What waits for a subscription is not sent.
///
/// # Errors
/// Where the database does not answer.
pub async fn suppress_waiting(txn: &Transaction, ids: &[EmailSubscriptionId]) -> Result<()> {
    let waiting = subscription_mail::Entity::update_many()
        .col_expr(subscription_mail::Column::State, Expr::val(SubscriptionMailState::Suppressed))
        .filter(subscription_mail::Column::SubscriptionId.is_in(ids.iter().copied()))
        .filter(subscription_mail::Column::State.eq(SubscriptionMailState::Waiting));
    waiting.exec(txn).await?;
    Ok(())
}

/// Everything that goes to an address, held until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_all_of(txn: &Transaction, email_key: &str) -> Result<Vec<email_subscription::Model>> {
    let all = email_subscription::Entity::find().filter(email_subscription::Column::EmailKey.eq(email_key));
    Ok(all.order_by_asc(email_subscription::Column::Id).lock_exclusive().all(txn).await?)
}

/// An address takes no mail: nothing goes there any more, from no alliance. Those that this ended.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_bounced(txn: &Transaction, email_key: &str, now: DateTime<Utc>) -> Result<Vec<email_subscription::Model>> {
    let mut ended = Vec::new();
    for row in lock_all_of(txn, email_key).await? {
        if row.state == EmailSubscriptionState::Confirmed {
            let state = EmailSubscriptionState::Bounced;
            let row = email_subscription::Model { state, ended_at: Some(now), updated_at: now, ..row };
            set(txn, row.clone()).await?;
            suppress_waiting(txn, &[row.id]).await?;
            ended.push(row);
        }
    }
    Ok(ended)
}

/// Deletes all that is kept of an address: what goes there and what was asked for; where it is no account's, the links that it was sent, too.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_address(txn: &Transaction, email_key: &str, has_account: bool) -> Result<()> {
    lock_all_of(txn, email_key).await?;
    written::delete_subscriptions(txn, &[email_key.to_owned()]).await?;
    if !has_account {
        account_link::Entity::delete_many().filter(account_link::Column::EmailKey.eq(email_key)).exec(txn).await?;
    }
    Ok(())
}

/// What a subscription is about.
///
/// # Errors
/// Where the database does not answer.
pub async fn topics_of(db: &impl ConnectionTrait, id: EmailSubscriptionId) -> Result<Vec<email_subscription_topic::Model>> {
    let of = email_subscription_topic::Entity::find().filter(email_subscription_topic::Column::SubscriptionId.eq(id));
    Ok(of.order_by_asc(email_subscription_topic::Column::TopicId).all(db).await?)
}
