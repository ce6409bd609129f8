//! Updates by e-mail: who may see and change who gets them, as a decision and as SQL.

use alliance_entity::{account, email_subscription};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, Condition};

use crate::policy::{Action, Readable};
use crate::viewer::Viewer;

/// People see and change what goes to their own address, and admins see all of it. Editors know how many there are.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let is_own = |owner| viewer.account().is_some_and(|own| Some(own.account) == owner);
    match action {
        Action::ReadEmailSubscription(of) => is_own(of.owner) || viewer.administers().covers(of.alliance),
        Action::EditEmailSubscription(of) => is_own(of.owner),
        Action::CountEmailSubscriptions(alliance) | Action::TestMailing(alliance) => viewer.edits().covers(alliance),
        _ => false,
    }
}

/// What goes to one's own address, and to everybody of the alliances that one administers. An account's address is its own: whoever has
/// the account has confirmed it.
#[must_use]
pub fn readable_subscriptions(viewer: &Viewer) -> Readable<email_subscription::Entity> {
    let own = viewer.account().map(|own| {
        let mut address = Query::select();
        address.column(account::Column::EmailKey).from(account::Entity).and_where(account::Column::Id.eq(own.account));
        Expr::col((email_subscription::Entity, email_subscription::Column::EmailKey)).in_subquery(address)
    });
    Readable::only(viewer.administers().or(ALLIANCE, nobody().add_option(own)))
}

/// Those of the alliances that one edits, which are counted and not seen one by one.
#[must_use]
pub fn countable_subscriptions(viewer: &Viewer) -> Readable<email_subscription::Entity> {
    Readable::only(viewer.edits().or(ALLIANCE, nobody()))
}

const ALLIANCE: (email_subscription::Entity, email_subscription::Column) =
    (email_subscription::Entity, email_subscription::Column::AllianceId);

fn nobody() -> Condition {
    Condition::any().add(Expr::val(1).eq(0))
}
