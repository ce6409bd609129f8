//! event, events; and the events of what has some.

use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::app::App;
use crate::context::Ask;
use crate::error::Result;
use crate::events::object::{Event, EventConnection};
use crate::events::rsvps;
use crate::events::rsvps::object::RsvpConnection;
use crate::events::rsvps::store::list::Rsvps;
use crate::events::store::{self, Events};
use crate::events::{EventFilter, EventOrder, LATEST_FIRST, RsvpFilter, Scope, calendar};
use crate::lookup::Lookup;
use crate::page::Arguments;
use crate::page::connection::{Asked, object};
use crate::scalar::Text;

/// The root fields.
#[derive(Debug, Default)]
pub struct EventQuery;

object! {
    EventQuery (self, ctx, page) {
        /// One public event, by `id`, or by `slug` with `alliance`; null where there is none.
        async fn event(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The event's id.")] id: Option<ID>,
            #[graphql(desc = "The event's slug, with `alliance`.")] slug: Option<Text>,
            #[graphql(desc = "The slug of its alliance.")] alliance: Option<Text>,
        ) -> Result<Option<Event>> {
            let lookup = Lookup::new(id, slug, alliance)?;
            Ok(store::find(ctx.app(), ctx.viewer(), &lookup).await?.map(Event::from))
        }
    }
    lists {
        /// The public events of all alliances, the latest first where nothing else is asked for.
        fn events(
            #[graphql(desc = "Which events.")] filter: Option<EventFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<EventOrder>
        ) -> EventConnection {
            of(Scope::All, None, filter, order_by, page)
        }
    }
}

/// The events of anything that has some.
pub(crate) fn of(
    scope: Scope,
    parent: Option<Uuid>,
    filter: Option<EventFilter>,
    order: Option<EventOrder>,
    page: Arguments,
) -> Result<EventConnection> {
    Ok(EventConnection(Asked::new(
        Events { scope, filter: filter.unwrap_or_default(), order: order.unwrap_or(LATEST_FIRST) },
        parent,
        page,
    )?))
}

/// A page of answers, to whoever gave them.
pub(crate) type OwnRsvps = RsvpConnection;

/// What an account has answered to events.
pub(crate) fn rsvps_of(account: Uuid, filter: Option<RsvpFilter>, page: Arguments) -> Result<OwnRsvps> {
    let rsvps = Rsvps { scope: rsvps::store::list::Scope::Account, filter: filter.unwrap_or_default() };
    Ok(RsvpConnection(Asked::new(rsvps, Some(account), page)?))
}

/// Where the calendar of an alliance is found.
pub(crate) fn calendar_of(app: &App, alliance: &str) -> String {
    calendar::address(app, alliance)
}
