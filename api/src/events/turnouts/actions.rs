//! Keeping count of those whom institutions bring.

use alliance_entity::id::{EventId, InstitutionId};
use alliance_entity::{event, event_turnout, institution};
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{Problems, or_none};
use crate::editing::store::are_known;
use crate::editing::{self, Act, Change};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::turnouts::store;
use crate::policy::Action;

const DONE: Act = Act { action: "eventTurnoutSet", event: "EventTurnoutSet" };
/// How many people an institution may bring.
const MOST: i32 = 1_000_000;

/// Whom an institution brings.
#[derive(Debug)]
pub struct Turnout {
    /// To which event.
    pub event: EventId,
    /// The version of the event that was read.
    pub version: i32,
    /// Which institution.
    pub institution: InstitutionId,
    /// How many it pledged.
    pub pledged: MaybeUndefined<i32>,
    /// How many it brought.
    pub actual: MaybeUndefined<i32>,
}

/// Notes how many people an institution pledged and brought. What is left out stays; where both are empty, the institution is taken off the
/// list.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] with what is wrong, where the event was changed since it was read, and where
/// the institutions would have brought more people than came.
pub async fn set(caller: &Caller, input: Turnout) -> Result<()> {
    let Turnout { event, version, institution, pledged, actual } = input;
    let change = Change::<event::Entity>::begin(caller, event.0, version, Action::SetTurnout).await?;
    let (txn, now) = (&change.txn, change.now());
    if !are_known::<institution::Entity>(txn, &caller.viewer, change.row.alliance_id, &[institution.0]).await? {
        let problem = "there is no such institution in this alliance";
        return Err(Error::refused("institution", UserErrorCode::NotFound, problem));
    }
    let was = store::find(txn, event, institution).await?;
    let (was_pledged, was_actual) = was.map_or((None, None), |was| (was.pledged, was.actual));
    let (pledged, actual) = (or_none(pledged, was_pledged), or_none(actual, was_actual));
    let mut problems = Problems::default();
    for (field, number) in [("pledged", pledged), ("actual", actual)] {
        let is_number = number.is_none_or(|number| (0..=MOST).contains(&number));
        problems.unless(is_number, field, "this is a number of people: 0 to 1,000,000");
    }
    problems.end()?;
    editing::stands(actual.is_none() || change.row.starts_at <= now, "how many came is known once the event has begun")?;
    store::put(txn, event_turnout::Model { event_id: event, institution_id: institution, pledged, actual, updated_at: now })
        .await?;
    check_attendance(txn, &change.row).await?;
    let row = change.write(change.row.clone()).await?;
    change.keep(DONE, json!({ "version": row.version, "institution": institution.to_string() })).await
}

/// Those whom institutions brought are among those who came.
///
/// # Errors
/// [`Error::Refused`] where they are more.
pub async fn check_attendance(txn: &Transaction, event: &event::Model) -> Result<()> {
    let Some(attendance) = event.attendance else { return Ok(()) };
    let brought = store::brought(txn, event.id).await?;
    if brought <= i64::from(attendance) {
        return Ok(());
    }
    let problem = format!("the institutions brought {brought} people, and {attendance} came: correct the one or the other first");
    Err(Error::refused("attendance", UserErrorCode::Invalid, problem))
}
