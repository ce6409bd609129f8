//! The answers to an event, or of an account, page by page.

use alliance_entity::event_rsvp;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Iterable};

use crate::app::App;
use crate::events::RsvpFilter;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::attendance::readable_rsvps;
use crate::viewer::Viewer;

/// Whose answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Those to an event.
    Event,
    /// Those of an account.
    Account,
}

/// The answers to an event in the order in which they came, or those of an account.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rsvps {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: RsvpFilter,
}

impl Listed for Rsvps {
    type Row = event_rsvp::Model;

    fn order(&self) -> Order {
        let key = Expr::col((event_rsvp::Entity, event_rsvp::Column::CreatedAt));
        Order { name: "rsvps.created.asc", key, like: Key::Time(0), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((event_rsvp::Entity, event_rsvp::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let RsvpFilter { states } = &self.filter;
        let mut select = Query::select();
        select.from(event_rsvp::Entity).cond_where(readable_rsvps(viewer).condition());
        select.and_where_option(states.as_ref().map(|states| event_rsvp::Column::State.is_in(states.iter().copied())));
        let of = match self.scope {
            Scope::Event => event_rsvp::Column::EventId,
            Scope::Account => event_rsvp::Column::AccountId,
        };
        select.and_where_option(parent.map(|id| Expr::col((event_rsvp::Entity, of)).eq(id)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(event_rsvp::Column::iter().map(|column| (event_rsvp::Entity, column)));
    }
}
