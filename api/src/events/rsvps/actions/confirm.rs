//! Confirming by the link of a mail that one comes.

use alliance_entity::event;
use alliance_entity::event_rsvp::{self, RsvpState};
use chrono::{DateTime, Utc};
use secrecy::SecretString;

use crate::accounts;
use crate::app::App;
use crate::caller::Caller;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::rsvps::actions::{Party, deed, settle};
use crate::events::rsvps::mailing::{self, What};
use crate::events::rsvps::places::{Places, check_ahead, check_size};
use crate::events::rsvps::store;
use crate::events::rsvps::token::{self, Purpose};

/// Uses a link: the party comes, or waits. Whoever has answered before changes that answer by it.
///
/// # Errors
/// [`Error::Refused`] for a link that is not valid, or not any more, and where nobody can come any more.
pub async fn confirm(caller: &Caller, token: &SecretString) -> Result<(event::Model, event_rsvp::Model)> {
    let id = token::read(&caller.app, Purpose::Confirm, token).ok_or_else(expired)?;
    let txn = caller.app.db().begin().await?;
    let asked = store::find(&txn, id).await?.filter(|row| is_live(row, caller.now())).ok_or_else(expired)?;
    let email_key = asked.email_key.clone().ok_or_else(expired)?;
    let account = accounts::store::hold_by_address(&txn, &email_key).await?;
    let event = store::lock_event(&txn, asked.event_id).await?.ok_or_else(expired)?;
    check_ahead(&event, caller.now())?;
    // Somebody else may have used it meanwhile.
    let asked = store::find(&txn, id).await?.filter(|row| is_live(row, caller.now())).ok_or_else(expired)?;
    check_size(&event, asked.guests)?;
    let before = store::find_of(&txn, event.id, account.as_ref().map(|account| account.id), &email_key).await?;
    let party = Party {
        name: asked.name.clone().unwrap_or_default(),
        guests: asked.guests,
        account: account.as_ref(),
        email: asked.email.clone().map(|email| (email, email_key)),
    };
    if before.is_some() {
        store::delete(&txn, std::slice::from_ref(&asked)).await?;
    }
    let mut places = Places::of(&txn, &event, caller.now()).await?;
    let row = settle(caller, &mut places, &event, (before.or(Some(asked)), party)).await?;
    mailing::tell(&txn, caller.now(), &[row.id], What::Settled).await?;
    caller.record(&txn, deed("eventRsvpConfirm", "RsvpSettled", &event, &row)).await?;
    caller.commit(txn).await?;
    Ok((event, row))
}

/// Looks at a link and changes nothing; nothing for one that is not valid, or not any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn open(app: &App, token: &SecretString) -> Result<Option<(event::Model, event_rsvp::Model)>> {
    let Some(id) = token::read(app, Purpose::Confirm, token) else { return Ok(None) };
    let row = store::find(app.db().read(), id).await?.filter(|row| is_live(row, app.clock().now()));
    let Some(row) = row else { return Ok(None) };
    Ok(store::find_event(app.db().read(), row.event_id).await?.map(|event| (event, row)))
}

fn is_live(row: &event_rsvp::Model, now: DateTime<Utc>) -> bool {
    row.state == RsvpState::Pending && row.expires_at.is_some_and(|end| now < end)
}

/// A link that cannot be used.
pub(super) fn expired() -> Error {
    let problem = "this link is not valid, or not any more: each works once and for a while";
    Error::refused("token", UserErrorCode::Expired, problem)
}
