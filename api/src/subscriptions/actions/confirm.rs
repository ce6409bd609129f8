//! Confirming: whoever reads an address's mail says that they want updates.

use alliance_entity::email_subscription::{self, EmailSubscriptionState};
use alliance_entity::id::SubscriptionRequestId;
use alliance_entity::subscription_request;
use secrecy::SecretString;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::subscriptions::actions::{deed, expired, named};
use crate::subscriptions::store;
use crate::subscriptions::token::{self, Purpose};
use crate::subscriptions::topic::Topic;

/// Confirms what was asked for. Who gets updates already loses none by it.
///
/// # Errors
/// [`Error::Refused`] for a link that is not valid, or not any more, and where all that was asked for is gone.
pub async fn confirm(caller: &Caller, secret: &SecretString, name: Option<&str>) -> Result<email_subscription::Model> {
    let (app, now) = (&caller.app, caller.now());
    let id = token::read(app, Purpose::Request, secret).map(SubscriptionRequestId).ok_or_else(expired)?;
    let name = named(name).map_err(|problem| Error::Refused(vec![problem]))?;
    let txn = app.db().begin().await?;
    let asked = store::requests::lock_live(&txn, id, now).await?.ok_or_else(expired)?;
    let topics = store::topics::known(&txn, asked.alliance_id, &Topic::read(&asked.topics)).await?;
    if topics.is_empty() {
        let problem = "what you asked for is not there any more: sign up anew";
        return Err(Error::refused("token", UserErrorCode::WrongState, problem));
    }
    store::requests::set_used(&txn, id, now).await?;
    let asked = subscription_request::Model { name: name.or_else(|| asked.name.clone()), ..asked };
    let row = put(caller, &txn, &asked, topics).await?;
    caller.record(&txn, deed("emailSubscriptionConfirm", "EmailSubscriptionConfirmed", &row)).await?;
    caller.commit(txn).await?;
    Ok(row)
}

async fn put(
    caller: &Caller,
    txn: &Transaction,
    asked: &subscription_request::Model,
    mut topics: Vec<Topic>,
) -> Result<email_subscription::Model> {
    let now = caller.now();
    let new = email_subscription::Model {
        id: crate::id::new(now),
        alliance_id: asked.alliance_id,
        email: asked.email.clone(),
        email_key: asked.email_key.clone(),
        name: asked.name.clone(),
        state: EmailSubscriptionState::Confirmed,
        frequency: asked.frequency,
        wording: asked.wording.clone(),
        wording_version: asked.wording_version,
        source: asked.source,
        network: asked.network.clone(),
        requested_at: asked.created_at,
        confirmed_at: now,
        ended_at: None,
        updated_at: now,
    };
    if store::insert(txn, new.clone()).await? {
        store::topics::set(txn, new.id, &topics).await?;
        return Ok(new);
    }
    let known = store::lock_by_address(txn, asked.alliance_id, &asked.email_key).await?;
    let known = known.ok_or_else(|| Error::internal("a subscription that is there cannot be found"))?;
    let row = if known.state == EmailSubscriptionState::Confirmed {
        // What they agreed to holds on.
        topics.extend(store::topics_of(txn, known.id).await?.iter().map(store::topics::of_row));
        topics.sort_unstable();
        topics.dedup();
        email_subscription::Model { name: new.name.or(known.name.clone()), frequency: new.frequency, updated_at: now, ..known }
    } else {
        email_subscription::Model { id: known.id, ..new }
    };
    store::set(txn, row.clone()).await?;
    store::topics::set(txn, row.id, &topics).await?;
    Ok(row)
}
