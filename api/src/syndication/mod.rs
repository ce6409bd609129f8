//! What partners are told: every change of the posts that they may carry, in order, each with the whole item as it is now.

pub mod changes;
pub mod cursor;
pub mod object;
pub mod query;
pub mod signature;
pub mod store;

use std::collections::BTreeSet;

use uuid::Uuid;

use crate::outbox::tail::Sequenced;
use crate::posts::moved::Moved;
use crate::syndication::object::SyndicationChangeKind;
use crate::viewer::Carries;

/// What an event is to somebody who carries posts; nothing where they were never told of the post, and are not now.
#[must_use]
pub fn change(event: &Sequenced, carries: &Carries) -> Option<SyndicationChangeKind> {
    let Moved { before, after } = Moved::of(&event.data)?;
    Some(match (is_carried(&before, carries), is_carried(&after, carries)) {
        (false, false) => return None,
        (false, true) => SyndicationChangeKind::Published,
        (true, true) if event.kind == "PostCorrected" => SyndicationChangeKind::Corrected,
        (true, true) => SyndicationChangeKind::Edited,
        (true, false) if event.kind == "PostDeleted" => SyndicationChangeKind::Deleted,
        (true, false) => SyndicationChangeKind::Withdrawn,
    })
}

/// Whether what is public in these places may be carried.
fn is_carried(places: &BTreeSet<Uuid>, carries: &Carries) -> bool {
    match carries {
        Carries::Nothing => false,
        Carries::All(alliance) => places.contains(&alliance.0),
        Carries::Campaigns(alliance, campaigns) => {
            places.contains(&alliance.0) && campaigns.iter().any(|campaign| places.contains(&campaign.0))
        }
    }
}
