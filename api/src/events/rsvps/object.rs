//! Rsvp, as clients see it.

use alliance_entity::event_rsvp::{self, RsvpState};
use async_graphql::{Context, ID, Object};

use crate::context::Ask;
use crate::error::Result;
use crate::events::object::Event;
use crate::events::rsvps::store::AddressOf;
use crate::events::rsvps::store::list::Rsvps;
use crate::page::connection::connection;
use crate::scalar::DateTime;

connection!(RsvpConnection, RsvpEdge, Rsvps => Rsvp, "answer", "answers");

/// The row of an answer.
#[derive(Debug, Clone)]
pub struct Rsvp(pub event_rsvp::Model);

impl From<event_rsvp::Model> for Rsvp {
    fn from(row: event_rsvp::Model) -> Self {
        Self(row)
    }
}

/// Somebody's answer to an event: whether they come, and with how many. Seen by whoever gave it with an account, and by the alliance's organisers
/// and admins. A while after the event nothing is left of who it was.
#[Object]
impl Rsvp {
    /// The answer's id, the same for ever.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The event; null where you may not see it.
    async fn event(&self, ctx: &Context<'_>) -> Result<Option<Event>> {
        Ok(ctx.load(self.0.event_id).await?.map(Event::from))
    }

    /// Whether they come, or wait for places.
    async fn state(&self) -> RsvpState {
        self.0.state
    }

    /// The name that was given; null where it is no longer kept.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Where they are written to; null where it is no longer kept.
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        match self.0.account_id {
            Some(account) => ctx.load(AddressOf(account)).await,
            None => Ok(self.0.email.clone()),
        }
    }

    /// How many others come along.
    async fn guests(&self) -> i32 {
        self.0.guests
    }

    /// When it was asked for first.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was changed last.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }
}
