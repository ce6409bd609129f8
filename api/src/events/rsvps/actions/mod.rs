//! What can be done about coming to an event.

pub mod attend;
pub mod cancel;
pub mod confirm;
pub mod erase;

use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::id::EventId;
use alliance_entity::{account, event};
use serde_json::json;

use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::editing::store::lock;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::rsvps::places::{Places, check_ahead, check_size};
use crate::id;
use crate::loader::Load;

/// An event that people can say to that they come, held until the transaction ends.
async fn hold_open(caller: &Caller, txn: &Transaction, id: EventId, guests: i32) -> Result<event::Model> {
    open(caller, lock::<event::Entity>(txn, &caller.viewer, id.0).await?, guests)
}

/// Whether there is such an event now: nothing is counted where there is none.
async fn look_open(caller: &Caller, id: EventId, guests: i32) -> Result<()> {
    let mut seen = EventId::load(&caller.app, &caller.viewer, vec![id]).await?;
    open(caller, seen.remove(&id), guests).map(drop)
}

fn open(caller: &Caller, found: Option<event::Model>, guests: i32) -> Result<event::Model> {
    let event = found.ok_or_else(|| Error::refused("event", UserErrorCode::NotFound, "there is no such event"))?;
    check_ahead(&event, caller.now())?;
    check_size(&event, guests)?;
    Ok(event)
}

/// Who comes, and with how many.
struct Party<'a> {
    name: String,
    guests: i32,
    /// Whose account it is, where they have one.
    account: Option<&'a account::Model>,
    /// The address, and as it is compared, where they have none.
    email: Option<(String, String)>,
}

/// Lets somebody come or wait, who has answered before or not. Said twice, it is said once.
async fn settle(
    caller: &Caller,
    places: &mut Places<'_>,
    event: &event::Model,
    (before, party): (Option<event_rsvp::Model>, Party<'_>),
) -> Result<event_rsvp::Model> {
    let Party { name, guests, account, email } = party;
    let now = caller.now();
    // Where an account is, its address counts, which may change.
    let (email, email_key) = email.filter(|_| account.is_none()).unzip();
    let new = event_rsvp::Model {
        id: id::new(now),
        event_id: event.id,
        state: RsvpState::Pending,
        guests,
        name: Some(name.clone()),
        email: email.clone(),
        email_key: email_key.clone(),
        account_id: account.map(|account| account.id),
        turn: None,
        expires_at: None,
        created_at: now,
        updated_at: now,
    };
    let Some(row) = before else { return places.admit(new).await };
    let row = event_rsvp::Model { name: Some(name), email, email_key, account_id: new.account_id, ..row };
    match row.state {
        RsvpState::Coming | RsvpState::Waiting => places.resize(row, guests).await,
        RsvpState::Pending | RsvpState::Cancelled => places.admit(event_rsvp::Model { guests, ..row }).await,
    }
}

fn deed(action: &'static str, happened: &'static str, event: &event::Model, rsvp: &event_rsvp::Model) -> Deed {
    Deed {
        action,
        event: happened,
        subject_type: "RSVP",
        subject_id: rsvp.id.0,
        alliance: Some(event.alliance_id),
        details: json!({ "event": event.id.to_string() }),
    }
}
