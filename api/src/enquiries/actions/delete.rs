//! Deleting an enquiry.

use alliance_entity::enquiry;
use alliance_entity::id::EnquiryId;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::enquiries::actions::Change;
use crate::enquiries::mailing;
use crate::error::Result;
use crate::idempotency;
use crate::policy::Action;

pub(super) const DONE: Act = Act { action: "enquiryDelete", event: "EnquiryDeleted" };

/// Deletes an enquiry with all that was noted about it, and returns it as it was. An institution that has joined stays.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it was changed since.
pub async fn delete(caller: &Caller, id: EnquiryId, version: i32) -> Result<enquiry::Model> {
    let change = Change::begin_deleting(caller, id.0, version, Action::DeleteEnquiry).await?;
    let row = change.row.clone();
    change.delete().await?;
    // The mails that tell of it go with it, where they are kept here.
    mailing::forget(&caller.app, &[row.id]).await?;
    // What this answers, too, holds what its writer said.
    idempotency::forget_answers(&change.txn, None).await?;
    change.keep(DONE, json!({})).await?;
    Ok(row)
}
