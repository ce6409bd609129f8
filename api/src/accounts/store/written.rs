//! Every SQL statement about what an account, or whoever holds an address, wrote: what hangs on it beyond the account itself.

use alliance_entity::id::AccountId;
use alliance_entity::subscription_mail::SubscriptionMailState;
use alliance_entity::{email_subscription, email_subscription_topic, post, reaction, subscription_mail, subscription_request};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::database::transaction::Transaction;
use crate::error::Result;

/// The posts that are an account's, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn posts_of(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<post::Model>> {
    Ok(post::Entity::find().filter(post::Column::OwnerId.eq(id)).order_by_desc(post::Column::Id).all(db).await?)
}

/// An account's reactions, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn reactions_of(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<reaction::Model>> {
    Ok(reaction::Entity::find().filter(reaction::Column::AccountId.eq(id)).order_by_desc(reaction::Column::Id).all(db).await?)
}

/// What goes to addresses by e-mail, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn subscriptions_of(db: &impl ConnectionTrait, addresses: &[String]) -> Result<Vec<email_subscription::Model>> {
    let theirs = email_subscription::Entity::find().filter(email_subscription::Column::EmailKey.is_in(addresses));
    Ok(theirs.order_by_desc(email_subscription::Column::Id).all(db).await?)
}

/// What that is about.
///
/// # Errors
/// Where the database does not answer.
pub async fn topics_of(
    db: &impl ConnectionTrait,
    subscriptions: &[email_subscription::Model],
) -> Result<Vec<email_subscription_topic::Model>> {
    let of = email_subscription_topic::Column::SubscriptionId.is_in(subscriptions.iter().map(|row| row.id));
    Ok(email_subscription_topic::Entity::find().filter(of).all(db).await?)
}

/// What was asked for at addresses and has yet to be confirmed, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn requests_of(db: &impl ConnectionTrait, addresses: &[String]) -> Result<Vec<subscription_request::Model>> {
    let theirs = subscription_request::Entity::find().filter(subscription_request::Column::EmailKey.is_in(addresses));
    Ok(theirs.order_by_desc(subscription_request::Column::Id).all(db).await?)
}

/// Deletes what goes to addresses by e-mail, and what was asked for there. What waits is not sent.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_subscriptions(txn: &Transaction, addresses: &[String]) -> Result<()> {
    // Whoever confirms one at this moment has committed then, and what came of it is seen.
    let address = subscription_request::Column::EmailKey.is_in(addresses);
    subscription_request::Entity::delete_many().filter(address).exec(txn).await?;
    let theirs = subscriptions_of(txn, addresses).await?;
    let waiting = subscription_mail::Entity::update_many()
        .col_expr(subscription_mail::Column::State, Expr::val(SubscriptionMailState::Suppressed))
        .filter(subscription_mail::Column::SubscriptionId.is_in(theirs.iter().map(|row| row.id)))
        .filter(subscription_mail::Column::State.eq(SubscriptionMailState::Waiting));
    waiting.exec(txn).await?;
    let address = email_subscription::Column::EmailKey.is_in(addresses);
    email_subscription::Entity::delete_many().filter(address).exec(txn).await?;
    Ok(())
}
