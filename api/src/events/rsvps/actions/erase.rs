//! Erasing what somebody has answered to events.

use alliance_entity::event_rsvp;
use alliance_entity::id::AccountId;
use chrono::{DateTime, Utc};

use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::events::rsvps::places::Places;
use crate::events::rsvps::store;

/// Erases every answer of an account and of some addresses, by their keys. Places that become free go to those who wait.
///
/// # Errors
/// Where the database does not answer.
pub async fn erase(txn: &Transaction, now: DateTime<Utc>, account: Option<AccountId>, email_keys: &[String]) -> Result<()> {
    let mut all = store::of_person(txn, account, email_keys).await?;
    // Event by event, in an order that all keep to who hold several.
    while let Some(first) = all.first() {
        let id = first.event_id;
        let (of_event, others): (Vec<event_rsvp::Model>, Vec<_>) = all.into_iter().partition(|row| row.event_id == id);
        all = others;
        let Some(event) = store::lock_event(txn, id).await? else { continue };
        // They may have changed until the event was held.
        let ids: Vec<_> = of_event.iter().map(|row| row.id).collect();
        let mut now_there = Vec::new();
        for id in ids {
            now_there.extend(store::find(txn, id).await?);
        }
        Places::of(txn, &event, now).await?.forget(&now_there).await?;
    }
    Ok(())
}

/// The same for an address alone, by its key.
///
/// # Errors
/// Where the database does not answer.
pub async fn erase_address(txn: &Transaction, now: DateTime<Utc>, email_key: &str) -> Result<()> {
    erase(txn, now, None, &[email_key.to_owned()]).await
}
