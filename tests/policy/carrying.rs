//! Partners, and what they may read: the rights.

use alliance::policy::Action;
use alliance_entity::id::PartnerId;

use crate::policy::table::{Row, Words, row};
use crate::viewers::HERE;

/// The rows of the table of rights.
pub(super) fn rows() -> Vec<Row> {
    let any = Words("any");
    vec![
        // A partner's key has the partner's number.
        row(any, "partner", |holder| Action::ReadPartner(HERE, PartnerId(holder.key.0))),
        row(any, "partner", |_| Action::CreatePartner(HERE)),
        row(any, "partner", |_| Action::EditPartner(HERE)),
        row(any, "partner", |_| Action::DeletePartner(HERE)),
        row(any, "feed of changes", |_| Action::ReadSyndicationChanges),
    ]
}
