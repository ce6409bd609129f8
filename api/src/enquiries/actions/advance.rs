//! Saying how far an enquiry has come. Once its institution has joined, that is a member.

use alliance_entity::enquiry::{self, EnquiryState};
use alliance_entity::enquiry_step::EnquiryStepKind;
use alliance_entity::id::{EnquiryId, InstitutionId};
use alliance_entity::institution;
use chrono::NaiveDate;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::given::Problems;
use crate::editing::{self, Act};
use crate::enquiries::actions::{Change, note, step};
use crate::enquiries::{next_states, store};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::institutions;
use crate::institutions::actions::create::{self, Create};
use crate::institutions::actions::membership;
use crate::policy::Action;

const DONE: Act = Act { action: "enquiryAdvance", event: "EnquiryAdvanced" };

/// How far it has come.
#[derive(Debug)]
pub struct Advance {
    /// Which enquiry.
    pub id: EnquiryId,
    /// The version that was read.
    pub version: i32,
    /// Where it stands from now on.
    pub state: EnquiryState,
    /// What there is to say about it.
    pub note: Option<String>,
    /// Which institution joins, where it is written down and the enquiry does not name it.
    pub institution: Option<InstitutionId>,
    /// The institution's first day as a member; else today.
    pub joined_on: Option<NaiveDate>,
}

/// Lets an enquiry come further. Where its institution joins, it becomes a member, and is written down first where it is not yet.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where no step leads there.
pub async fn advance(caller: &Caller, input: Advance) -> Result<()> {
    let Advance { id, version, state, note: text, institution, joined_on } = input;
    let change = Change::begin(caller, id.0, version, Action::AdvanceEnquiry).await?;
    let problem = "no step leads there from where this enquiry stands: `nextStates` lists those that do";
    editing::stands(next_states(change.row.state).contains(&state), problem)?;
    let mut problems = Problems::default();
    let text = problems.new_text("note", text, note);
    for (field, is_given) in [("institution", institution.is_some()), ("joinedOn", joined_on.is_some())] {
        problems.unless(!is_given || state == EnquiryState::Joined, field, "this is said where the institution joins");
    }
    problems.end()?;
    let institution_id = match state {
        EnquiryState::Joined => Some(join(caller, &change, institution, joined_on).await?),
        _ => change.row.institution_id,
    };
    let closed_at = (state == EnquiryState::Closed).then(|| caller.now());
    let row = change.write(enquiry::Model { state, institution_id, closed_at, ..change.row.clone() }).await?;
    store::insert_step(&change.txn, &step(caller, &row, EnquiryStepKind::Advanced, text)).await?;
    change.keep(DONE, json!({ "version": row.version, "state": format!("{state:?}").to_uppercase() })).await
}

/// Makes the institution a member: the one that was named, the one that the enquiry names, one of the same name, or a new one.
async fn join(
    caller: &Caller,
    change: &Change<'_>,
    named: Option<InstitutionId>,
    on: Option<NaiveDate>,
) -> Result<InstitutionId> {
    let (txn, row) = (&change.txn, &change.row);
    if let Some(id) = named
        && !editing::store::are_known::<institution::Entity>(txn, &caller.viewer, row.alliance_id, &[id.0]).await?
    {
        return Err(Error::refused("institution", UserErrorCode::NotFound, "there is no such institution in this alliance"));
    }
    let written_down = match named.or(row.institution_id) {
        Some(id) => Some(id),
        None => institutions::store::change::find_called(txn, row.alliance_id, &row.institution_name).await?,
    };
    let id = match written_down {
        Some(id) => id,
        None => {
            let new = Create {
                alliance: row.alliance_id,
                name: row.institution_name.clone(),
                slug: None,
                kind: row.institution_kind,
                description: None,
                website_url: None,
            };
            create::add(caller, txn, new).await?.id
        }
    };
    Ok(membership::admit(caller, txn, id, on).await?.id)
}
