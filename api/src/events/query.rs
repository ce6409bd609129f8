//! event, events; and the events of what has some.

use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::context::Ask;
use crate::error::Result;
use crate::events::object::{Event, EventConnection};
use crate::events::store::{self, Events};
use crate::events::{EventFilter, EventOrder, LATEST_FIRST, Scope};
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
