//! Deleting an event.

use alliance_entity::event;
use alliance_entity::id::EventId;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::uses::Going;
use crate::editing::{self, Act, uses};
use crate::error::Result;
use crate::events::actions::Change;
use crate::events::rsvps::{self, is_ahead};
use crate::events::store::change as store;
use crate::policy::Action;
use crate::viewer::Viewer;

const DONE: Act = Act { action: "eventDelete", event: "EventDeleted" };
const THEN: &str = "Posts stay, and name it no more; the reactions and the answers of those who came go with it.";

/// Which event goes.
#[derive(Debug)]
pub struct Delete {
    /// Which event.
    pub id: EventId,
    /// The version that was read.
    pub version: i32,
    /// Its slug, where others refer to it.
    pub confirm: Option<String>,
}

/// Deletes an event, and returns it as it was. Posts about it stay.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where others refer to it and it was
/// not named, and while people mean to come.
pub async fn delete(caller: &Caller, input: Delete) -> Result<event::Model> {
    let Delete { id, version, confirm } = input;
    let change = Change::begin(caller, id.0, version, Action::DeleteEvent).await?;
    store::lock_posts(&change.txn, id).await?;
    change.hold_alone().await?;
    let row = change.row.clone();
    let problem = "people mean to come: call it off first, so that they are told";
    let comes = is_ahead(&row, change.now()) && !rsvps::store::settled(&change.txn, id).await?.is_empty();
    editing::stands(!comes, problem)?;
    let lost = store::uses(&change.txn, id).await?;
    uses::confirm(&lost, Going { word: "event", name: &row.slug, then: THEN }, confirm.as_deref())?;
    store::leave_posts(&change.txn, id).await?;
    let campaigns = store::campaigns_of(&change.txn, id).await?;
    change.delete().await?;
    // Whoever was told of it is told that it is gone, and nobody else.
    let was_public = Viewer::Anonymous.may(Action::ReadEvent(row.alliance_id, row.status));
    change
        .keep_telling(DONE, json!({ "lost": uses::told(&lost) }), json!({ "wasPublic": was_public, "campaigns": campaigns }))
        .await?;
    Ok(row)
}
