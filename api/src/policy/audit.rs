//! The audit log: who may see an entry, as a decision and as SQL.

use alliance_entity::audit_entry;
use alliance_entity::id::AllianceId;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, Condition};
use uuid::Uuid;

use crate::policy::reach::Reach;
use crate::policy::{Action, Readable};
use crate::viewer::Viewer;

/// The kinds of objects that are content: an alliance's editors see what was done to them.
const CONTENT: [&str; 7] = ["POST", "CAMPAIGN", "INSTITUTION", "EVENT", "PERSON", "REACTION", "MEDIA"];

/// What an entry is to those who ask for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Who did it.
    pub actor: Option<Uuid>,
    /// To what kind of object.
    pub subject_type: &'a str,
    /// In which alliance.
    pub alliance: Option<AllianceId>,
}

/// People see what they did, editors what was done to their alliances' content, admins all that was done in their alliances.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let Action::ReadAuditEntry(entry) = action else { return false };
    let own = own(viewer).is_some_and(|id| entry.actor == Some(id));
    let administers = match viewer.administers() {
        Reach::Everywhere => true,
        reach @ Reach::In(_) => entry.alliance.is_some_and(|alliance| reach.covers(alliance)),
    };
    let edits = entry.alliance.is_some_and(|alliance| viewer.edits().covers(alliance)) && CONTENT.contains(&entry.subject_type);
    own || administers || edits
}

fn own(viewer: &Viewer) -> Option<Uuid> {
    match viewer {
        Viewer::Account(account) => Some(account.account.0),
        Viewer::Partner(partner) => Some(partner.key.0),
        Viewer::Anonymous | Viewer::Visitor(_) => None,
    }
}

/// The same as SQL.
#[must_use]
pub fn readable_entries(viewer: &Viewer) -> Readable<audit_entry::Entity> {
    let alliance = || (audit_entry::Entity, audit_entry::Column::AllianceId);
    let own = own(viewer).map(|id| audit_entry::Column::ActorId.eq(id));
    let mut any = Condition::any().add(Expr::val(1).eq(0)).add_option(own);
    if let Reach::In(alliances) = viewer.edits()
        && !alliances.is_empty()
    {
        let content =
            Condition::all().add(Expr::col(alliance()).is_in(alliances)).add(audit_entry::Column::SubjectType.is_in(CONTENT));
        any = any.add(content);
    }
    Readable::only(viewer.administers().or(alliance(), any))
}
