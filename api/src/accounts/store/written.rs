//! Every SQL statement about what an account, or whoever holds an address, wrote: what hangs on it beyond the account itself.

use std::collections::BTreeMap;

use alliance_entity::id::{AccountId, AllianceId};
use alliance_entity::reaction::{ReactionState, SubjectType};
use alliance_entity::subscription_mail::SubscriptionMailState;
use alliance_entity::{email_subscription, email_subscription_topic, post, reaction, reaction_counter, reaction_link};
use alliance_entity::{subscription_mail, subscription_request};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveEnum, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::Result;

/// Under what purpose the addresses by which comments are confirmed are hashed.
pub const ADDRESS: &str = "comment-address";

/// Somebody, by all that their reactions are known by.
#[derive(Debug, Default)]
pub struct Somebody {
    /// Their account.
    pub account: Option<AccountId>,
    /// Their addresses, as they are compared.
    pub addresses: Vec<String>,
    /// The hashes of these, as comments keep them.
    pub hashes: Vec<String>,
}

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

/// Deletes the reactions of somebody, counts them no more, and returns what they were to: those whose sums are others now.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_reactions(txn: &Transaction, of: &Somebody) -> Result<Vec<((SubjectType, Uuid), AllianceId)>> {
    let Somebody { account, addresses, hashes } = of;
    let theirs = || {
        let mut any = Condition::any().add(reaction::Column::AddressHash.is_in(hashes.clone()));
        if let Some(account) = account {
            any = any.add(reaction::Column::AccountId.eq(*account));
        }
        Condition::all().add(any)
    };
    let found: Select<reaction::Entity> = reaction::Entity::find().filter(theirs()).order_by_asc(reaction::Column::Id);
    let rows = found.lock_exclusive().all(txn).await?;
    let mut counted: BTreeMap<(Uuid, String), (i64, &reaction::Model)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.state == ReactionState::Counted) {
        counted.entry((row.subject_id, row.kind.to_value())).or_insert((0, row)).0 += 1;
    }
    let ids = rows.iter().map(|row| row.id);
    reaction::Entity::delete_many().filter(reaction::Column::Id.is_in(ids)).exec(txn).await?;
    reaction_link::Entity::delete_many().filter(reaction_link::Column::EmailKey.is_in(addresses.clone())).exec(txn).await?;
    let mut subjects = BTreeMap::new();
    for (many, row) in counted.into_values() {
        let fewer = Expr::col(reaction_counter::Column::Total).sub(many);
        reaction_counter::Entity::update_many()
            .col_expr(reaction_counter::Column::Total, fewer)
            .filter(reaction_counter::Column::SubjectId.eq(row.subject_id))
            .filter(reaction_counter::Column::Kind.eq(row.kind))
            .exec(txn)
            .await?;
        subjects.insert(row.subject_id, ((row.subject_type, row.subject_id), row.alliance_id));
    }
    Ok(subjects.into_values().collect())
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
