//! Event, as clients see it.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::reaction::SubjectType;
use async_graphql::{Context, ID, SimpleObject};

use crate::alliances::object::Alliance;
use crate::campaigns;
use crate::campaigns::object::CampaignConnection;
use crate::context::Ask;
use crate::editing::rendered;
use crate::error::{Error, Result};
use crate::events::store::Events;
use crate::lookup::Found;
use crate::page::connection::{connection, object};
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::reactions;
use crate::reactions::object::ReactionConnection;
use crate::reactions::summary::ReactionSummary;
use crate::scalar::DateTime;
use crate::text::rich::RichText;

connection!(EventConnection, EventEdge, Events => Event, "event", "events");

/// An event's row, and the slug that led to it where it has another one now.
#[derive(Debug, Clone)]
pub struct Event(pub event::Model, Option<String>);

impl From<event::Model> for Event {
    fn from(row: event::Model) -> Self {
        Self(row, None)
    }
}

impl From<Found<event::Model>> for Event {
    fn from(Found { row, redirected_from }: Found<event::Model>) -> Self {
        Self(row, redirected_from)
    }
}

/// Where an event takes place.
#[derive(Debug, Clone, SimpleObject)]
pub struct Venue {
    /// The place's name.
    pub name: String,
    /// Its postal address.
    pub address: Option<String>,
}

object! {
    /// A dated gathering of an alliance: an assembly, a lunch, a vigil. Public from its announcement on.
    Event (self, ctx, page) {
        /// The event's id, the same for ever.
        pub async fn id(&self) -> ID {
            self.0.id.to_string().into()
        }

        /// Its name in addresses, unique within its alliance.
        async fn slug(&self) -> &str {
            &self.0.slug
        }

        /// The slug that it was asked for by, where it had that one once: lead your readers to the one it has now. Null in all other cases.
        async fn redirected_from(&self) -> Option<&str> {
            self.1.as_deref()
        }

        /// Counts its changes: give the one that you read with each change; null but to those who edit it.
        #[graphql(directive = staff_only::apply())]
        async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
            ctx.viewer().may(Action::EditEvent(self.0.alliance_id)).then_some(self.0.version)
        }

        /// Its title.
        async fn title(&self) -> &str {
            &self.0.title
        }

        /// What it is, in a sentence or two of plain text.
        async fn summary(&self) -> &str {
            &self.0.summary
        }

        /// The whole of what is said about it.
        async fn body(&self, ctx: &Context<'_>) -> Result<RichText> {
            rendered::text(ctx, self.0.id.0, &self.0.body).await
        }

        /// When it starts.
        async fn starts_at(&self) -> DateTime {
            DateTime(self.0.starts_at)
        }

        /// When it ends; null where that is open.
        async fn ends_at(&self) -> Option<DateTime> {
            self.0.ends_at.map(DateTime)
        }

        /// The time zone of its place, an IANA name such as `Europe/London`.
        async fn time_zone(&self) -> &str {
            &self.0.time_zone
        }

        /// Where it takes place; null where that is not said.
        async fn venue(&self) -> Option<Venue> {
            let name = self.0.venue_name.clone()?;
            Some(Venue { name, address: self.0.venue_address.clone() })
        }

        /// Whether it is to take place (or has), or was called off.
        async fn status(&self) -> EventStatus {
            self.0.status
        }

        /// How many people the place holds.
        async fn capacity(&self) -> Option<i32> {
            self.0.capacity
        }

        /// How many people came; null before it took place.
        async fn attendance(&self) -> Option<i32> {
            self.0.attendance
        }

        /// When it was to start before it was moved; null where it was not.
        async fn rescheduled_from(&self) -> Option<DateTime> {
            self.0.rescheduled_from.map(DateTime)
        }

        /// Why it was moved; null where it was not.
        async fn reschedule_reason(&self) -> Option<&str> {
            self.0.reschedule_reason.as_deref()
        }

        /// Why it was called off; null where it was not.
        async fn cancel_reason(&self) -> Option<&str> {
            self.0.cancel_reason.as_deref()
        }

        /// The alliance that holds it.
        async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
            let missing = || Error::internal("an event's alliance is missing");
            ctx.load(self.0.alliance_id).await?.map(Alliance).ok_or_else(missing)
        }

        /// How many people reacted to it, and how.
        pub async fn reactions(&self, ctx: &Context<'_>) -> Result<ReactionSummary> {
            ReactionSummary::of(ctx, SubjectType::Event, self.0.id.0).await
        }
    }
    lists {
        /// The public campaigns that it belongs to, by title.
        fn campaigns() -> CampaignConnection {
            campaigns::query::of(campaigns::Scope::Event, Some(self.0.id.0), None, None, page)
        }

        /// The comments on it, the newest first.
        fn comments() -> ReactionConnection {
            reactions::query::comments(SubjectType::Event, self.0.id.0, page)
        }
    }
}
