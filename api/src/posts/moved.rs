//! Where a change found a post and where it left it, for those who carry it: an event tells it, so that nobody has to guess later what was
//! public at that moment.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

/// The places in which a post was to be carried before a change and after it: its alliance, its campaigns, its institutions. None where
/// it was not public, or under an embargo.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Before the change.
    pub before: BTreeSet<Uuid>,
    /// After it.
    pub after: BTreeSet<Uuid>,
}

impl Moved {
    /// As an event tells it.
    #[must_use]
    pub fn told(&self) -> Value {
        json!(self)
    }

    /// What an event tells; nothing where it tells of no move.
    #[must_use]
    pub fn of(event: &Value) -> Option<Self> {
        serde_json::from_value(event.clone()).ok()
    }
}
