//! What can be done with enquiries.

pub mod advance;
pub mod annotate;
pub mod assign;
pub mod delete;
pub mod expire;
pub mod submit;

use alliance_entity::enquiry;
use alliance_entity::enquiry_step::{self, EnquiryStepKind};

use crate::caller::Caller;
use crate::editing::given::Wrong;
use crate::error::problem::UserErrorCode;
use crate::id;
use crate::text::line;

type Change<'a> = crate::editing::Change<'a, enquiry::Entity>;

/// How many characters a note may have.
const NOTE: usize = 5_000;

/// A step of an enquiry, as it stands from then on.
fn step(caller: &Caller, row: &enquiry::Model, kind: EnquiryStepKind, text: Option<String>) -> enquiry_step::Model {
    enquiry_step::Model {
        id: id::new(caller.now()),
        enquiry_id: row.id,
        kind,
        state: row.state,
        organiser_id: row.organiser_id,
        text,
        created_by: caller.account(),
        created_at: caller.now(),
    }
}

/// A note in plain text, which may be empty.
fn note(text: &str) -> Result<String, Wrong> {
    line::paragraphs(text, NOTE).map_err(|problem| (crate::editing::given::invalid_or_long(text, NOTE), problem))
}

/// A text that must be there.
fn wanted(text: String, problem: &str) -> Result<String, Wrong> {
    if text.is_empty() { Err((UserErrorCode::Required, problem.to_owned())) } else { Ok(text) }
}
