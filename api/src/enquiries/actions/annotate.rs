//! Writing a note on an enquiry.

use alliance_entity::enquiry_step::{self, EnquiryStepKind};
use alliance_entity::id::EnquiryId;
use alliance_entity::{enquiry, id};
use serde_json::json;

use crate::caller::{Caller, Deed};
use crate::editing::given::Problems;
use crate::editing::store::{Content, lock};
use crate::enquiries::actions::{note, step, wanted};
use crate::enquiries::store;
use crate::error::Result;
use crate::policy::Action;

/// Writes a note for those who work an enquiry. It changes nothing of the enquiry, so that notes never stand in each other's way.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] where it says nothing.
pub async fn annotate(caller: &Caller, id: EnquiryId, text: &str) -> Result<enquiry_step::Model> {
    let txn = caller.app.db().begin().await?;
    let found = lock::<enquiry::Entity>(&txn, &caller.viewer, id.0).await?;
    let row = found.ok_or_else(|| caller.unseen(enquiry::Entity::WORD))?;
    caller.viewer.must(Action::AnnotateEnquiry(row.alliance_id))?;
    let mut problems = Problems::default();
    let text = problems.text("text", text, |text| wanted(note(text)?, "a note says something"));
    problems.end()?;
    let note = step(caller, &row, EnquiryStepKind::Note, Some(text));
    store::insert_step(&txn, &note).await?;
    caller.record(&txn, deed(&row, note.id)).await?;
    caller.commit(txn).await?;
    Ok(note)
}

fn deed(row: &enquiry::Model, note: id::EnquiryStepId) -> Deed {
    Deed {
        action: "enquiryNoteCreate",
        event: "EnquiryNoteCreated",
        subject_type: enquiry::Entity::SUBJECT,
        subject_id: row.id.0,
        alliance: Some(row.alliance_id),
        details: json!({ "note": note.to_string() }),
    }
}
