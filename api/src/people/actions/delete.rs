//! Deleting a person.

use alliance_entity::id::PersonId;
use alliance_entity::person;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::uses::Going;
use crate::editing::{Act, uses};
use crate::error::Result;
use crate::people::actions::Change;
use crate::people::store::change as store;
use crate::policy::Action;
use crate::viewer::Viewer;

const DONE: Act = Act { action: "personDelete", event: "PersonDeleted" };
const THEN: &str = "Posts stay, and have no author then.";

/// Which person goes.
#[derive(Debug)]
pub struct Delete {
    /// Which person.
    pub id: PersonId,
    /// The version that was read.
    pub version: i32,
    /// The name, where they wrote posts.
    pub confirm: Option<String>,
}

/// Deletes a person, and returns them as they were. Posts stay, and have no author then.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where others refer to them and they
/// were not named.
pub async fn delete(caller: &Caller, input: Delete) -> Result<person::Model> {
    let Delete { id, version, confirm } = input;
    let change = Change::begin(caller, id.0, version, Action::DeletePerson).await?;
    store::lock_posts(&change.txn, id).await?;
    change.hold_alone().await?;
    let row = change.row.clone();
    let lost = store::uses(&change.txn, id).await?;
    uses::confirm(&lost, Going { word: "person", name: &row.name, then: THEN }, confirm.as_deref())?;
    store::leave_posts(&change.txn, id).await?;
    // Whoever was told of them is told that they are gone, and nobody else.
    let was_public = Viewer::Anonymous.may(Action::ReadPerson(row.alliance_id, store::count_roles(&change.txn, id).await?));
    change.delete().await?;
    change.keep_telling(DONE, json!({ "lost": uses::told(&lost) }), json!({ "wasPublic": was_public })).await?;
    Ok(row)
}
