//! Announcing an event, or letting one take place after all.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::EventId;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::events::actions::Change;
use crate::events::rsvps::mailing::{self, What};
use crate::events::rsvps::places::Places;
use crate::events::store::change as store;
use crate::policy::Action;

const DONE: Act = Act { action: "eventPublish", event: "EventPublished" };

/// Announces an event, or lets one take place that was called off.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it is announced already.
pub async fn publish(caller: &Caller, id: EventId, version: i32) -> Result<()> {
    let change = Change::begin(caller, id.0, version, Action::PublishEvent).await?;
    editing::stands(change.row.status != EventStatus::Scheduled, "this event is announced already")?;
    let from = change.row.status;
    let row = event::Model { status: EventStatus::Scheduled, cancel_reason: None, ..change.row.clone() };
    let row = change.write(row).await?;
    store::set_findable(&change.txn, &row).await?;
    if from == EventStatus::Cancelled {
        mailing::tell_all(&change.txn, change.now(), &row, What::AfterAll).await?;
        Places::of(&change.txn, &row, change.now()).await?.promote().await?;
    }
    change.keep(DONE, json!({ "version": row.version, "afterAll": from == EventStatus::Cancelled })).await
}
