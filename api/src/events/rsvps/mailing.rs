//! The mails to those who come to an event. A job holds ids alone; the links are made when they are sent.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::id::RsvpId;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::mailing::{alliance_name, deliver};
use crate::accounts::store::{find as find_account, is_suppressed};
use crate::alliances;
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::events::calendar;
use crate::events::rsvps::token::{self, Purpose};
use crate::events::rsvps::{is_ahead, store};
use crate::jobs;
use crate::jobs::problem::Problem;
use crate::mail::{Rendered, render};

/// The job that writes to one of those who come.
pub const KIND: &str = "events.rsvp";

/// What somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum What {
    /// A link says that they come.
    Confirm,
    /// They come, or wait, from now on.
    Settled,
    /// They waited, and come.
    Promoted,
    /// The event has another time.
    Moved,
    /// The event has another place.
    Placed,
    /// The event does not take place.
    CalledOff,
    /// The event takes place after all.
    AfterAll,
}

/// Lets some be told of something once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn tell(txn: &Transaction, now: DateTime<Utc>, ids: &[RsvpId], what: What) -> Result<()> {
    let job = |id: &RsvpId| json!({ "id": crate::id::new::<RsvpId>(now).0, "rsvp": id.0, "what": what });
    jobs::enqueue_many(txn, now, KIND, ids.iter().map(job).collect()).await
}

/// Lets all be told who come to an event that is ahead, or wait for it.
///
/// # Errors
/// Where the database does not answer.
pub async fn tell_all(txn: &Transaction, now: DateTime<Utc>, event: &event::Model, what: What) -> Result<()> {
    if event.starts_at <= now {
        return Ok(());
    }
    tell(txn, now, &store::settled(txn, event.id).await?, what).await
}

#[derive(Deserialize)]
struct Job {
    id: Uuid,
    rsvp: Uuid,
    what: What,
}

/// Tells somebody something, where it is still so.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work(app: &App, payload: Value) -> Result<(), Problem> {
    let Job { id, rsvp, what } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let Some(rsvp) = store::find(app.db().read(), RsvpId(rsvp)).await? else { return Ok(()) };
    let Some(event) = store::find_event(app.db().read(), rsvp.event_id).await? else { return Ok(()) };
    if !is_so(what, &rsvp, &event, app.clock().now()) {
        return Ok(());
    }
    let Some((email, email_key)) = address(app, &rsvp).await? else { return Ok(()) };
    if is_suppressed(app, &email_key).await? {
        return Ok(());
    }
    deliver(app, letter(app, what, &rsvp, &event).await?, &email, id).await
}

fn is_so(what: What, rsvp: &event_rsvp::Model, event: &event::Model, now: DateTime<Utc>) -> bool {
    let is_settled = matches!(rsvp.state, RsvpState::Coming | RsvpState::Waiting);
    match what {
        What::Confirm => rsvp.expires_at.is_some_and(|end| now < end) && is_ahead(event, now),
        What::Promoted => rsvp.state == RsvpState::Coming && is_ahead(event, now),
        What::Settled | What::Moved | What::Placed | What::AfterAll => is_settled && is_ahead(event, now),
        What::CalledOff => is_settled && event.status == EventStatus::Cancelled,
    }
}

/// Where somebody is written to, and that as it is compared.
async fn address(app: &App, rsvp: &event_rsvp::Model) -> Result<Option<(String, String)>> {
    match rsvp.account_id {
        Some(id) => {
            let account = find_account(app.db().read(), id).await?.filter(|account| account.disabled_at.is_none());
            Ok(account.map(|account| (account.email, account.email_key)))
        }
        None => Ok(rsvp.email.clone().zip(rsvp.email_key.clone())),
    }
}

async fn letter(app: &App, what: What, rsvp: &event_rsvp::Model, event: &event::Model) -> Result<Rendered> {
    let alliance = alliance_name(app, Some(event.alliance_id)).await?;
    let slug = alliances::store::slug_of(app, event.alliance_id).await?.unwrap_or_default();
    let (zone, title) = (&event.time_zone, &event.title);
    if what == What::Confirm {
        // Anybody can give anybody's address: nothing of what was typed is in this mail.
        let link = token::address(app, Purpose::Confirm, rsvp.id);
        let values =
            json!({ "alliance": alliance, "title": title, "when": when(event.starts_at, zone), "link": link, "hours": 72 });
        return render("rsvp_confirm", values);
    }
    let values = json!({
        "alliance": alliance,
        "what": what,
        "title": title,
        "when": when(event.starts_at, zone),
        "from": event.rescheduled_from.map(|from| when(from, zone)),
        "place": place(event),
        "reason": if what == What::CalledOff { &event.cancel_reason } else { &event.reschedule_reason },
        "waits": rsvp.state == RsvpState::Waiting,
        "guests": rsvp.guests,
        "calendar": calendar::address_of(app, &slug, &event.slug),
        // There is nothing to give up where nothing takes place.
        "link": (what != What::CalledOff).then(|| token::address(app, Purpose::Cancel, rsvp.id)),
    });
    render("rsvp_told", values)
}

/// A time as the clocks of the event's place show it.
#[must_use]
pub fn when(at: DateTime<Utc>, zone: &str) -> String {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    format!("{} ({zone})", at.with_timezone(&zone).format("%A %-d %B %Y, %H:%M"))
}

fn place(event: &event::Model) -> Option<String> {
    let name = event.venue_name.clone()?;
    Some(match &event.venue_address {
        Some(address) => format!("{name}, {}", address.lines().collect::<Vec<_>>().join(", ")),
        None => name,
    })
}
