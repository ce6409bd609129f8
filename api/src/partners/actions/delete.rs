//! Deleting a partner.

use alliance_entity::id::PartnerId;
use alliance_entity::partner;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::uses::Going;
use crate::editing::{Act, uses};
use crate::error::Result;
use crate::partners::actions::Change;
use crate::partners::store;
use crate::policy::Action;

const DONE: Act = Act { action: "partnerDelete", event: "PartnerDeleted" };
const THEN: &str = "They read nothing any more.";

/// Which partner goes.
#[derive(Debug)]
pub struct Delete {
    /// Which partner.
    pub id: PartnerId,
    /// The version that was read.
    pub version: i32,
    /// The name, where it has live keys.
    pub confirm: Option<String>,
}

/// Deletes a partner with its keys, and returns it as it was.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it has live keys and was not
/// named.
pub async fn delete(caller: &Caller, input: Delete) -> Result<partner::Model> {
    let Delete { id, version, confirm } = input;
    let change = Change::begin(caller, id.0, version, Action::DeletePartner).await?;
    let row = change.row.clone();
    let lost = store::uses(&change.txn, id, change.now()).await?;
    uses::confirm(&lost, Going { word: "partner", name: &row.name, then: THEN }, confirm.as_deref())?;
    change.delete().await?;
    change.keep(DONE, json!({ "lost": uses::told(&lost) })).await?;
    Ok(row)
}
