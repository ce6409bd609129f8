//! Moving an event that was announced.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::EventId;
use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::caller::Caller;
use crate::editing::given::{self, Problems, or_none};
use crate::editing::{self, Act};
use crate::error::Result;
use crate::events::actions::{Change, check_end};
use crate::events::rsvps::mailing::{self, What};
use crate::events::rsvps::places::Places;
use crate::events::store::change as store;
use crate::policy::Action;
use crate::scalar::is_in_range;

const DONE: Act = Act { action: "eventReschedule", event: "EventRescheduled" };

/// Which event is moved, and to when.
#[derive(Debug)]
pub struct Reschedule {
    /// Which event.
    pub id: EventId,
    /// The version that was read.
    pub version: i32,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends; else as long after its start as before.
    pub ends_at: MaybeUndefined<DateTime<Utc>>,
    /// Why, for those who meant to come.
    pub reason: String,
}

/// Moves an event, and tells from when and why; those who mean to come by mail.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it is not to take place, or
/// would not move.
pub async fn reschedule(caller: &Caller, input: Reschedule) -> Result<()> {
    let Reschedule { id, version, starts_at, ends_at, reason } = input;
    let change = Change::begin(caller, id.0, version, Action::RescheduleEvent).await?;
    let problem = "only an event that is announced is moved: edit a draft, and publish first what was called off";
    editing::stands(change.row.status == EventStatus::Scheduled, problem)?;
    let (mut problems, was) = (Problems::default(), change.row.clone());
    problems.unless(starts_at != was.starts_at, "startsAt", "this is when it starts already");
    let moved = was.ends_at.and_then(|end| starts_at.checked_add_signed(end - was.starts_at));
    let ends_at = or_none(ends_at, moved);
    let is_known = ends_at.is_none_or(|end| is_in_range(&end));
    problems.unless(is_known, "startsAt", "it would end after the year 9999");
    check_end(&mut problems, starts_at, ends_at);
    let reason = problems.text("reason", &reason, given::reason);
    problems.end()?;
    let rescheduled_from = Some(was.starts_at);
    let row = event::Model { starts_at, ends_at, rescheduled_from, reschedule_reason: Some(reason), ..was };
    let row = change.write(row).await?;
    store::set_start(&change.txn, &row).await?;
    store::set_findable(&change.txn, &row).await?;
    mailing::tell_all(&change.txn, change.now(), &row, What::Moved).await?;
    Places::of(&change.txn, &row, change.now()).await?.promote().await?;
    change.keep(DONE, json!({ "version": row.version, "from": rescheduled_from, "to": starts_at })).await
}
