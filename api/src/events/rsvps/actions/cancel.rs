//! Saying that one comes no more: one's own answer, or by the link of a mail.

use alliance_entity::event;
use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::id::EventId;
use secrecy::SecretString;

use crate::app::App;
use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::rsvps::actions::confirm::expired;
use crate::events::rsvps::actions::deed;
use crate::events::rsvps::places::Places;
use crate::events::rsvps::store;
use crate::events::rsvps::token::{self, Purpose};
use crate::policy::Action;

/// Gives up the places that a link is for.
///
/// # Errors
/// [`Error::Refused`] for a link that is not valid, or was used, and once the event has begun.
pub async fn by_link(caller: &Caller, token: &SecretString) -> Result<(event::Model, event_rsvp::Model)> {
    let id = token::read(&caller.app, Purpose::Cancel, token).ok_or_else(expired)?;
    let txn = caller.app.db().begin().await?;
    let row = store::find(&txn, id).await?.ok_or_else(expired)?;
    let event = store::lock_event(&txn, row.event_id).await?.ok_or_else(expired)?;
    let row = store::find(&txn, id).await?.filter(is_settled).ok_or_else(expired)?;
    end(caller, txn, event, row).await
}

/// Gives up one's own places at an event.
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::Refused`] where one does not come, and once the event has begun.
pub async fn own(caller: &Caller, event: EventId) -> Result<(event::Model, event_rsvp::Model)> {
    let account = caller.signed_in()?.account;
    caller.viewer.must(Action::CancelRsvp(account))?;
    let nothing = || Error::refused("event", UserErrorCode::NotFound, "you have not said that you come to this event");
    let txn = caller.app.db().begin().await?;
    let event = store::lock_event(&txn, event).await?.ok_or_else(nothing)?;
    let row = store::find_own(&txn, event.id, account).await?.filter(is_settled).ok_or_else(nothing)?;
    end(caller, txn, event, row).await
}

async fn end(
    caller: &Caller,
    txn: Transaction,
    event: event::Model,
    row: event_rsvp::Model,
) -> Result<(event::Model, event_rsvp::Model)> {
    editing::stands(event.starts_at > caller.now(), "this event has begun")?;
    let row = Places::of(&txn, &event, caller.now()).await?.release(row).await?;
    caller.record(&txn, deed("eventRsvpCancel", "RsvpCancelled", &event, &row)).await?;
    caller.commit(txn).await?;
    Ok((event, row))
}

/// Looks at a link and changes nothing; nothing for one that is not valid, or not any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn open(app: &App, token: &SecretString) -> Result<Option<(event::Model, event_rsvp::Model)>> {
    let Some(id) = token::read(app, Purpose::Cancel, token) else { return Ok(None) };
    let Some(row) = store::find(app.db().read(), id).await?.filter(is_settled) else { return Ok(None) };
    Ok(store::find_event(app.db().read(), row.event_id).await?.map(|event| (event, row)))
}

fn is_settled(row: &event_rsvp::Model) -> bool {
    matches!(row.state, RsvpState::Coming | RsvpState::Waiting)
}
