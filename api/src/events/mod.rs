//! Events: dated gatherings, such as an assembly, a lunch or a vigil.

pub mod object;
pub mod query;
pub mod store;

use alliance_entity::event::EventStatus;
use async_graphql::InputObject;
use chrono::{DateTime, Utc};

/// Which events to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct EventFilter {
    /// Only those that stand so.
    pub status: Option<EventStatus>,
    /// Only those that start at this time or later.
    pub starts_from: Option<DateTime<Utc>>,
    /// Only those that start before this time.
    pub starts_before: Option<DateTime<Utc>>,
}
