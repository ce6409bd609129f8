//! Calling an event off.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::EventId;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::given::{self, Problems};
use crate::editing::{self, Act};
use crate::error::Result;
use crate::events::actions::Change;
use crate::events::rsvps::mailing::{self, What};
use crate::events::store::change as store;
use crate::policy::Action;

const DONE: Act = Act { action: "eventCancel", event: "EventCancelled" };

/// Which event is called off, and why.
#[derive(Debug)]
pub struct Cancel {
    /// Which event.
    pub id: EventId,
    /// The version that was read.
    pub version: i32,
    /// Why, for those who meant to come.
    pub reason: String,
}

/// Calls an event off: it stays public, and says so. Those who meant to come are told by mail.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it is not announced.
pub async fn cancel(caller: &Caller, input: Cancel) -> Result<()> {
    let Cancel { id, version, reason } = input;
    let change = Change::begin(caller, id.0, version, Action::CancelEvent).await?;
    editing::stands(change.row.status == EventStatus::Scheduled, "only an event that is announced is called off")?;
    let mut problems = Problems::default();
    let cancel_reason = Some(problems.text("reason", &reason, given::reason));
    problems.end()?;
    let row = change.write(event::Model { status: EventStatus::Cancelled, cancel_reason, ..change.row.clone() }).await?;
    store::set_findable(&change.txn, &row).await?;
    mailing::tell_all(&change.txn, change.now(), &row, What::CalledOff).await?;
    change.keep(DONE, json!({ "version": row.version })).await
}
