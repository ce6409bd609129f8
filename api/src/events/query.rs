//! event, events; and the events of what has some.

use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::context::Ask;
use crate::error::Result;
use crate::events::EventFilter;
use crate::events::object::{Event, EventConnection};
use crate::events::store::{self, Events, Scope};
use crate::lookup::Lookup;
use crate::page::Arguments;
use crate::page::connection::{Asked, object};

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
            #[graphql(desc = "The event's slug, with `alliance`.")] slug: Option<String>,
            #[graphql(desc = "The slug of its alliance.")] alliance: Option<String>,
        ) -> Result<Option<Event>> {
            let lookup = Lookup::new(id, slug, alliance)?;
            Ok(store::find(ctx.app(), ctx.viewer(), &lookup).await?.map(Event::from))
        }
    }
    lists {
        /// The public events of all alliances, the latest first.
        fn events(#[graphql(desc = "Which events.")] filter: Option<EventFilter>) -> EventConnection {
            let _ = ctx;
            of(Scope::All, None, filter, page)
        }
    }
}

/// The events of anything that has some.
pub(crate) fn of(scope: Scope, parent: Option<Uuid>, filter: Option<EventFilter>, page: Arguments) -> Result<EventConnection> {
    Ok(EventConnection(Asked::new(Events { scope, filter: filter.unwrap_or_default() }, parent, page)?))
}
