//! Event, as clients see it.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::reaction::SubjectType;
use async_graphql::{Context, ID, SimpleObject};

use crate::alliances::address::{self, Kind};
use crate::alliances::object::Alliance;
use crate::campaigns;
use crate::campaigns::object::CampaignConnection;
use crate::context::Ask;
use crate::editing::rendered;
use crate::error::{Error, Result};
use crate::events::rsvps::object::{Rsvp, RsvpConnection};
use crate::events::rsvps::store::list::{Rsvps, Scope};
use crate::events::rsvps::store::{OwnOf, SumsOf};
use crate::events::store::Events;
use crate::events::turnouts::object::EventTurnoutConnection;
use crate::events::turnouts::store::Turnouts;
use crate::events::{RsvpFilter, calendar, turnouts};
use crate::lookup::Found;
use crate::page::connection::{Asked, connection, object};
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

        /// Its public address.
        async fn url(&self, ctx: &Context<'_>) -> Result<String> {
            let missing = || Error::internal("an event's alliance is missing");
            let alliance = ctx.load(self.0.alliance_id).await?.ok_or_else(missing)?;
            Ok(address::of(ctx.app(), &alliance, Kind::Event, &self.0.slug, self.0.id.0))
        }

        /// The slug that it was asked for by, where it had that one once: lead your readers to the one it has now. Null in all other cases.
        async fn redirected_from(&self) -> Option<&str> {
            self.1.as_deref()
        }

        /// Counts its changes: give the one that you read with each change; null but to those who edit it, or keep count of its turnout.
        #[graphql(directive = staff_only::apply())]
        async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
            let changes = [Action::EditEvent(self.0.alliance_id), Action::SetTurnout(self.0.alliance_id)];
            changes.into_iter().any(|act| ctx.viewer().may(act)).then_some(self.0.version)
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

        /// How many people mean to come, guests among them; null to the public where few parties do, which is fewer than five unless the
        /// installation has set it otherwise: a party is somebody with their guests. Exact to organisers and admins.
        async fn rsvp_count(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
            let (coming, parties) = ctx.load(SumsOf(self.0.id)).await?.map_or((0, 0), |sums| (sums.coming, sums.parties));
            let smallest = i32::try_from(ctx.app().config().limits.smallest_sum).unwrap_or(i32::MAX);
            let is_told = parties >= smallest || ctx.viewer().may(Action::ReadRsvps(self.0.alliance_id));
            Ok(is_told.then_some(coming))
        }

        /// How many people wait for places; null but to organisers and admins.
        #[graphql(directive = staff_only::apply())]
        async fn waiting_count(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
            if !ctx.viewer().may(Action::ReadRsvps(self.0.alliance_id)) {
                return Ok(None);
            }
            Ok(Some(ctx.load(SumsOf(self.0.id)).await?.map_or(0, |sums| sums.waiting)))
        }

        /// Whether there are no places any more: who says that they come waits then. False where it is not said how many people the place holds.
        async fn is_full(&self, ctx: &Context<'_>) -> Result<bool> {
            let Some(capacity) = self.0.capacity else { return Ok(false) };
            Ok(ctx.load(SumsOf(self.0.id)).await?.map_or(0, |sums| sums.coming) >= capacity)
        }

        /// Your own answer, where you gave one with your account.
        async fn viewer_rsvp(&self, ctx: &Context<'_>) -> Result<Option<Rsvp>> {
            Ok(ctx.load(OwnOf(self.0.id)).await?.map(Rsvp))
        }

        /// How many people institutions pledged to bring; null where none did, and but to organisers, editors and admins: pledges are between
        /// them and the alliance.
        #[graphql(directive = staff_only::apply())]
        async fn pledged_turnout(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
            Ok(ctx.load(turnouts::store::SumsOf(self.0.id)).await?.and_then(|sums| sums.pledged))
        }

        /// How many people institutions brought, of those who came; null where that is not known, and but to organisers, editors and admins. The
        /// public is told `attendance`.
        #[graphql(directive = staff_only::apply())]
        async fn actual_turnout(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
            Ok(ctx.load(turnouts::store::SumsOf(self.0.id)).await?.and_then(|sums| sums.actual))
        }

        /// The address of a file that puts it into a calendar, as RFC 5545 has it; null while it is a draft.
        async fn calendar_url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
            let alliance = ctx.load(self.0.alliance_id).await?.filter(|_| self.0.status != EventStatus::Draft);
            Ok(alliance.map(|alliance| calendar::address_of(ctx.app(), &alliance.slug, &self.0.slug)))
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
            ctx.load(self.0.alliance_id).await?.map(Alliance::from).ok_or_else(missing)
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

        /// Who comes, who waits and who does not come any more, in the order in which they answered; null but to organisers and admins.
        #[graphql(directive = staff_only::apply())]
        fn rsvps(#[graphql(desc = "Which answers.")] filter: Option<RsvpFilter>) -> Option<RsvpConnection> {
            let rsvps = Rsvps { scope: Scope::Event, filter: filter.unwrap_or_default() };
            let is_told = ctx.viewer().may(Action::ReadRsvps(self.0.alliance_id));
            is_told.then(|| Asked::new(rsvps, Some(self.0.id.0), page).map(RsvpConnection)).transpose()
        }

        /// Whom each institution brings, by the institutions' names; null but to organisers, editors and admins.
        #[graphql(directive = staff_only::apply())]
        fn turnouts() -> Option<EventTurnoutConnection> {
            let is_told = ctx.viewer().may(Action::ReadTurnouts(self.0.alliance_id));
            is_told.then(|| Asked::new(Turnouts, Some(self.0.id.0), page).map(EventTurnoutConnection)).transpose()
        }

        /// The comments on it, the newest first.
        fn comments() -> ReactionConnection {
            reactions::query::comments(SubjectType::Event, self.0.id.0, page)
        }
    }
}
