//! Enquiries: who may write, read, work and delete them, as a decision and, for reading, as SQL.

use alliance_entity::enquiry;
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait};

use crate::policy::{Action, Readable};
use crate::viewer::Viewer;

/// People write, not machines; an alliance's organisers work what was written, and its admins delete it. Whoever wrote with an account
/// sees what became of it.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let organises = |alliance| viewer.organises().covers(alliance);
    match action {
        Action::SubmitEnquiry => !matches!(viewer, Viewer::Partner(_)),
        Action::ReadEnquiry(enquiry) => {
            let own = viewer.account().is_some_and(|own| enquiry.owner == Some(own.account));
            organises(enquiry.alliance) || own
        }
        Action::ReadWholeEnquiry(alliance)
        | Action::AssignEnquiry(alliance)
        | Action::AdvanceEnquiry(alliance)
        | Action::AnnotateEnquiry(alliance) => organises(alliance),
        Action::DeleteEnquiry(alliance) => viewer.administers().covers(alliance),
        _ => false,
    }
}

/// One's own, and those of alliances whose organiser one is.
#[must_use]
pub fn readable_enquiries(viewer: &Viewer) -> Readable<enquiry::Entity> {
    let own = viewer.account().map(|own| Expr::col((enquiry::Entity, enquiry::Column::AccountId)).eq(own.account));
    let own = Condition::any().add(Expr::val(1).eq(0)).add_option(own);
    Readable::only(viewer.organises().or((enquiry::Entity, enquiry::Column::AllianceId), own))
}

/// Those of alliances whose organiser one is: what is known of them beside what was written.
#[must_use]
pub fn wholly_readable_enquiries(viewer: &Viewer) -> Readable<enquiry::Entity> {
    let none = Condition::all().add(Expr::val(1).eq(0));
    Readable::only(viewer.organises().or((enquiry::Entity, enquiry::Column::AllianceId), none))
}
