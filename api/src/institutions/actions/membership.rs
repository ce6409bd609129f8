//! The days of an institution's membership: it joins on one and leaves on another, both of which may still come.

use alliance_entity::id::InstitutionId;
use alliance_entity::institution;
use chrono::NaiveDate;
use serde_json::json;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::Problems;
use crate::editing::store::Content;
use crate::editing::{self, Act};
use crate::error::{Error, Result};
use crate::institutions::actions::Change;
use crate::institutions::is_member;
use crate::institutions::store::change as store;
use crate::policy::Action;

const JOINED: Act = Act { action: "institutionJoin", event: "InstitutionJoined" };
const LEFT: Act = Act { action: "institutionLeave", event: "InstitutionLeft" };

/// Which institution, and when.
#[derive(Debug)]
pub struct Day {
    /// Which institution.
    pub id: InstitutionId,
    /// The version that was read.
    pub version: i32,
    /// The day; else today.
    pub on: Option<NaiveDate>,
}

/// Lets an institution be a member from a day on. One that had left comes back.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it was changed since.
pub async fn join(caller: &Caller, input: Day) -> Result<()> {
    let Day { id, version, on } = input;
    let change = Change::begin(caller, id.0, version, Action::JoinInstitution).await?;
    let joined_on = Some(on.unwrap_or(caller.app.clock().today()));
    let row = change.write(institution::Model { joined_on, left_on: None, ..change.row.clone() }).await?;
    store::set_findable(&change.txn, &row).await?;
    change.keep(JOINED, json!({ "version": row.version, "on": joined_on })).await
}

/// Lets an institution be a member as a part of another act, which whoever does it has been found to be allowed. One that is a member on
/// that day stays as it is.
///
/// # Errors
/// [`Error::NotFound`] where it is gone.
pub async fn admit(caller: &Caller, txn: &Transaction, id: InstitutionId, on: Option<NaiveDate>) -> Result<institution::Model> {
    let was = store::lock(txn, id).await?.ok_or(Error::NotFound("institution"))?;
    let on = on.unwrap_or(caller.app.clock().today());
    if is_member(&was, on) {
        return Ok(was);
    }
    let read = was.version;
    let row = institution::Entity::next(institution::Model { joined_on: Some(on), left_on: None, ..was }, caller.now());
    editing::store::set::<institution::Entity>(txn, row.clone(), read).await?;
    store::set_findable(txn, &row).await?;
    editing::record_new::<institution::Entity>(caller, txn, JOINED, &row).await?;
    Ok(row)
}

/// Lets an institution be no member from a day on.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it never joined, or later.
pub async fn leave(caller: &Caller, input: Day) -> Result<()> {
    let Day { id, version, on } = input;
    let change = Change::begin(caller, id.0, version, Action::LeaveInstitution).await?;
    editing::stands(change.row.joined_on.is_some(), "this institution has not joined")?;
    let left_on = Some(on.unwrap_or(caller.app.clock().today()));
    let mut problems = Problems::default();
    problems.unless(change.row.joined_on <= left_on, "on", "an institution leaves on the day that it joined at the earliest");
    problems.end()?;
    let row = change.write(institution::Model { left_on, ..change.row.clone() }).await?;
    change.keep(LEFT, json!({ "version": row.version, "on": left_on })).await
}
