//! Deleting an enquiry.

use alliance_entity::enquiry;
use alliance_entity::id::EnquiryId;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::enquiries::actions::Change;
use crate::error::Result;
use crate::policy::Action;

const DONE: Act = Act { action: "enquiryDelete", event: "EnquiryDeleted" };

/// Deletes an enquiry with all that was noted about it, and returns it as it was. An institution that has joined stays.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it was changed since.
pub async fn delete(caller: &Caller, id: EnquiryId, version: i32) -> Result<enquiry::Model> {
    let change = Change::begin_deleting(caller, id.0, version, Action::DeleteEnquiry).await?;
    let row = change.row.clone();
    change.delete().await?;
    // The mails that tell of it go with it, where they are kept here.
    caller.app.mailer().forget(vec![row.email_key.clone()]).await?;
    change.keep(DONE, json!({})).await?;
    Ok(row)
}
