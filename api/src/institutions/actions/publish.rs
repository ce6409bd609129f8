//! Making an institution's page public.

use alliance_entity::id::InstitutionId;
use alliance_entity::institution::{self, InstitutionStatus};
use serde_json::json;

use crate::caller::Caller;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::institutions::actions::Change;
use crate::institutions::store::change as store;
use crate::policy::Action;

const DONE: Act = Act { action: "institutionPublish", event: "InstitutionPublished" };

/// Makes an institution's page public.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it is public already.
pub async fn publish(caller: &Caller, id: InstitutionId, version: i32) -> Result<()> {
    let change = Change::begin(caller, id.0, version, Action::PublishInstitution).await?;
    editing::stands(change.row.status == InstitutionStatus::Draft, "this institution's page is public already")?;
    let row = change.write(institution::Model { status: InstitutionStatus::Published, ..change.row.clone() }).await?;
    store::set_findable(&change.txn, &row).await?;
    change.keep(DONE, json!({ "version": row.version })).await
}
