//! Events: dated gatherings, such as an assembly, a lunch or a vigil.

pub mod actions;
pub mod calendar;
pub mod mutation;
pub mod object;
pub mod query;
pub mod rsvps;
pub mod store;
pub mod turnouts;

use alliance_entity::event::EventStatus;
use alliance_entity::event_rsvp::RsvpState;
use alliance_entity::id::CampaignId;
use async_graphql::{Enum, InputObject};

use crate::page::OrderDirection;
use crate::scalar::{DateTime, IdOf, Text};

/// Which events to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct EventFilter {
    /// Only those of the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those of this public campaign.
    pub campaign: Option<IdOf<CampaignId>>,
    /// Only those that stand in one of these ways.
    pub statuses: Option<Vec<EventStatus>>,
    /// Only those that start at this moment or later.
    pub starts_from: Option<DateTime>,
    /// Only those that start before this moment.
    pub starts_before: Option<DateTime>,
}

/// Which answers to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct RsvpFilter {
    /// Only those that stand in one of these ways.
    pub states: Option<Vec<RsvpState>>,
}

/// In what order to list events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct EventOrder {
    /// What to order by.
    pub field: EventOrderField,
    /// In which direction.
    pub direction: OrderDirection,
}

/// What events can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum EventOrderField {
    /// When they start.
    StartsAt,
}

/// The latest first: what a reader expects who asks for nothing else.
pub const LATEST_FIRST: EventOrder = EventOrder { field: EventOrderField::StartsAt, direction: OrderDirection::Desc };

/// Whose events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// A campaign's.
    Campaign,
}
