//! Saying who works an enquiry.

use alliance_entity::enquiry;
use alliance_entity::enquiry_step::EnquiryStepKind;
use alliance_entity::id::{AccountId, EnquiryId};
use serde_json::json;

use crate::caller::Caller;
use crate::editing::{self, Act};
use crate::enquiries::actions::{Change, step};
use crate::enquiries::{mailing, store};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::policy::Action;

const DONE: Act = Act { action: "enquiryAssign", event: "EnquiryAssigned" };

/// Gives an enquiry to an organiser of its alliance, or to nobody any more. Whoever gets it from another is told by mail.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where it is no organiser, or theirs already.
pub async fn assign(caller: &Caller, id: EnquiryId, version: i32, organiser: Option<AccountId>) -> Result<()> {
    let change = Change::begin(caller, id.0, version, Action::AssignEnquiry).await?;
    editing::stands(change.row.organiser_id != organiser, "this is how it is already")?;
    if let Some(organiser) = organiser
        && !store::organisers(&change.txn, change.row.alliance_id).await?.iter().any(|known| known.id == organiser)
    {
        let problem = "this is no account of an organiser of the alliance: `assignable` lists them";
        return Err(Error::refused("organiser", UserErrorCode::NotFound, problem));
    }
    let row = change.write(enquiry::Model { organiser_id: organiser, ..change.row.clone() }).await?;
    store::insert_step(&change.txn, &step(caller, &row, EnquiryStepKind::Assigned, None)).await?;
    if let Some(organiser) = organiser.filter(|organiser| Some(*organiser) != caller.account()) {
        mailing::tell_assigned(&change.txn, caller.now(), &row, organiser).await?;
    }
    change.keep(DONE, json!({ "version": row.version, "organiser": organiser.map(|id| id.to_string()) })).await
}
