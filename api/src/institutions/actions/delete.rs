//! Deleting an institution.

use alliance_entity::id::InstitutionId;
use alliance_entity::institution;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::uses::Going;
use crate::editing::{Act, uses};
use crate::error::Result;
use crate::institutions::actions::Change;
use crate::institutions::store::change as store;
use crate::policy::Action;
use crate::viewer::Viewer;

const DONE: Act = Act { action: "institutionDelete", event: "InstitutionDeleted" };
const THEN: &str = "Posts and campaigns stay, and name it no more; its turnouts go with it.";

/// Which institution goes.
#[derive(Debug)]
pub struct Delete {
    /// Which institution.
    pub id: InstitutionId,
    /// The version that was read.
    pub version: i32,
    /// Its slug, where others refer to it.
    pub confirm: Option<String>,
}

/// Deletes an institution, and returns it as it was. Posts and campaigns stay.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where others refer to it and it was
/// not named.
pub async fn delete(caller: &Caller, input: Delete) -> Result<institution::Model> {
    let Delete { id, version, confirm } = input;
    let change = Change::begin_deleting(caller, id.0, version, Action::DeleteInstitution).await?;
    let row = change.row.clone();
    let lost = store::uses(&change.txn, id).await?;
    uses::confirm(&lost, Going { word: "institution", name: &row.slug, then: THEN }, confirm.as_deref())?;
    change.delete().await?;
    // Whoever was told of it is told that it is gone, and nobody else.
    let was_public = Viewer::Anonymous.may(Action::ReadInstitution(row.alliance_id, row.status));
    change.keep_telling(DONE, json!({ "lost": uses::told(&lost) }), json!({ "wasPublic": was_public })).await?;
    Ok(row)
}
