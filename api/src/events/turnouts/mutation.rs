//! eventTurnoutSet.

use alliance_entity::id::{EventId, InstitutionId};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::events::object::Event;
use crate::events::turnouts::actions::{self, Turnout};
use crate::policy::staff::staff_only;
use crate::scalar::IdOf;

/// Whom an institution brings to an event. What is left out stays.
#[derive(Debug, InputObject)]
pub struct EventTurnoutSetInput {
    /// The event's id.
    pub event: IdOf<EventId>,
    /// The version of the event that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// The id of an institution of the same alliance.
    pub institution: IdOf<InstitutionId>,
    /// How many people it pledged to bring; `null` where it pledged nothing.
    pub pledged: MaybeUndefined<i32>,
    /// How many people it brought, once the event has begun; `null` where that is not known. Together the institutions bring no more than
    /// came, where `attendance` says how many that were.
    pub actual: MaybeUndefined<i32>,
}

payload! {
    /// What came of keeping count.
    EventTurnoutSetPayload {
        /// The event, as it is now; on a conflict as another has left it.
        event: Event,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct TurnoutMutation;

#[Object]
impl TurnoutMutation {
    /// Notes how many people an institution pledged to bring to an event, and how many it brought. For organisers, editors and admins.
    #[graphql(directive = staff_only::apply())]
    async fn event_turnout_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which institution at which event, and how many.")] input: EventTurnoutSetInput,
    ) -> Result<EventTurnoutSetPayload> {
        let EventTurnoutSetInput { event, version, institution, pledged, actual } = input;
        let turnout = Turnout { event: event.0, version, institution: institution.0, pledged, actual };
        let (event, user_errors) = ctx.changed(event.0, actions::set(&ctx.caller(), turnout).await).await?;
        Ok(EventTurnoutSetPayload { event: event.map(Event::from), user_errors })
    }
}
