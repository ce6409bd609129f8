//! Who comes to an event: a party is somebody with their guests. While there are places a party comes, and else it waits for its turn.

pub mod actions;
pub mod mailing;
pub mod mutation;
pub mod object;
pub mod places;
pub mod store;
pub mod token;

use alliance_entity::event::{self, EventStatus};
use chrono::{DateTime, Utc};

/// How many others somebody may bring.
pub const MOST_GUESTS: i32 = 10;

/// Whether an event is announced and has not begun.
#[must_use]
pub fn is_ahead(event: &event::Model, now: DateTime<Utc>) -> bool {
    event.status == EventStatus::Scheduled && event.starts_at > now
}

/// How many people a party is.
#[must_use]
pub fn people(guests: i32) -> i32 {
    guests.saturating_add(1)
}
