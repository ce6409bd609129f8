//! What is known of an institution at an event, as clients see it.

use alliance_entity::event_turnout;
use async_graphql::{Context, Object};

use crate::context::Ask;
use crate::error::Result;
use crate::events::turnouts::store::Turnouts;
use crate::institutions::object::Institution;
use crate::page::connection::connection;
use crate::policy::staff::staff_only;
use crate::scalar::DateTime;

connection!(EventTurnoutConnection, EventTurnoutEdge, Turnouts => EventTurnout, "turnout", "turnouts");

/// The row of an institution at an event.
#[derive(Debug, Clone)]
pub struct EventTurnout(pub event_turnout::Model);

impl From<event_turnout::Model> for EventTurnout {
    fn from(row: event_turnout::Model) -> Self {
        Self(row)
    }
}

/// How many people an institution pledged to bring to an event, and how many it brought. Seen by organisers, editors and admins alone.
#[Object(directive = staff_only::apply())]
impl EventTurnout {
    /// The institution; null where you may not see it.
    async fn institution(&self, ctx: &Context<'_>) -> Result<Option<Institution>> {
        Ok(ctx.load(self.0.institution_id).await?.map(Institution::from))
    }

    /// How many people it pledged to bring; null where it pledged nothing.
    async fn pledged(&self) -> Option<i32> {
        self.0.pledged
    }

    /// How many people it brought; null where that is not known.
    async fn actual(&self) -> Option<i32> {
        self.0.actual
    }

    /// When either was noted last.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
