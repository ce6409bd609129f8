//! Who comes to events, and whom institutions bring: who may say so and who may see it, as a decision and, for reading, as SQL.

use alliance_entity::{event, event_rsvp, event_turnout};
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query};

use crate::policy::reach::Reach;
use crate::policy::{Action, Readable};
use crate::viewer::Viewer;

/// People come, not machines, and each sees their own answer; an alliance's organisers see who comes, and keep count with its editors of
/// those whom institutions bring.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    match action {
        Action::RsvpToEvent => !matches!(viewer, Viewer::Partner(_)),
        Action::ReadRsvp(rsvp) => {
            let own = viewer.account().is_some_and(|own| rsvp.owner == Some(own.account));
            viewer.organises().covers(rsvp.alliance) || own
        }
        Action::ReadRsvps(alliance) => viewer.organises().covers(alliance),
        Action::CancelRsvp(account) => viewer.account().is_some_and(|own| own.account == account),
        Action::ReadTurnouts(alliance) | Action::SetTurnout(alliance) => viewer.counts_turnout().covers(alliance),
        _ => false,
    }
}

/// One's own answers, and those to the events of alliances whose organiser one is.
#[must_use]
pub fn readable_rsvps(viewer: &Viewer) -> Readable<event_rsvp::Entity> {
    let own = viewer.account().map(|own| Expr::col((event_rsvp::Entity, event_rsvp::Column::AccountId)).eq(own.account));
    let of = (event_rsvp::Entity, event_rsvp::Column::EventId);
    Readable::only(Condition::any().add(of_events(&viewer.organises(), of)).add_option(own))
}

/// The turnouts of events of the alliances that one counts for.
#[must_use]
pub fn readable_turnouts(viewer: &Viewer) -> Readable<event_turnout::Entity> {
    let of = (event_turnout::Entity, event_turnout::Column::EventId);
    Readable::only(Condition::any().add(of_events(&viewer.counts_turnout(), of)))
}

/// What is of an event of the alliances that are reached.
fn of_events(reach: &Reach, event: impl IntoColumnRef) -> Expr {
    match reach {
        Reach::Everywhere => Expr::val(1).eq(1),
        Reach::In(alliances) if alliances.is_empty() => Expr::val(1).eq(0),
        Reach::In(alliances) => {
            let mut events = Query::select();
            events
                .column((event::Entity, event::Column::Id))
                .from(event::Entity)
                .and_where(Expr::col((event::Entity, event::Column::AllianceId)).is_in(alliances.iter().copied()));
            Expr::col(event).in_subquery(events)
        }
    }
}
