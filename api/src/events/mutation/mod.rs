//! eventCreate, eventEdit, eventPublish, eventReschedule, eventCancel, eventDelete.

pub mod input;

use async_graphql::{Context, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::events::actions::cancel::{self, Cancel};
use crate::events::actions::create;
use crate::events::actions::delete::{self, Delete};
use crate::events::actions::edit;
use crate::events::actions::publish;
use crate::events::actions::reschedule::{self, Reschedule};
use crate::events::mutation::input::{
    EventCancelInput, EventCreateInput, EventDeleteInput, EventEditInput, EventPublishInput, EventRescheduleInput,
};
use crate::events::object::Event;
use crate::policy::staff::staff_only;

payload! {
    /// What came of writing an event.
    EventCreatePayload {
        /// The event: a draft.
        event: Event,
    }
}

payload! {
    /// What came of editing an event.
    EventEditPayload {
        /// The event, as it is now; on a conflict as another has left it.
        event: Event,
    }
}

payload! {
    /// What came of announcing an event.
    EventPublishPayload {
        /// The event, as it is now; on a conflict as another has left it.
        event: Event,
    }
}

payload! {
    /// What came of moving an event.
    EventReschedulePayload {
        /// The event, as it is now; on a conflict as another has left it.
        event: Event,
    }
}

payload! {
    /// What came of calling an event off.
    EventCancelPayload {
        /// The event, as it is now; on a conflict as another has left it.
        event: Event,
    }
}

payload! {
    /// What came of deleting an event.
    EventDeletePayload {
        /// The event, as it was; on a conflict as another has left it.
        event: Event,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct EventMutation;

#[Object]
impl EventMutation {
    /// Writes an event as a draft, which staff alone see. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn event_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it says.")] input: EventCreateInput,
    ) -> Result<EventCreatePayload> {
        let done = create::create(&ctx.caller(), input.into()).await;
        EventCreatePayload::of(done, |payload, row| payload.event = Some(row.into()))
    }

    /// Changes what an event says. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn event_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: EventEditInput,
    ) -> Result<EventEditPayload> {
        let id = input.id.0;
        let done = edit::edit(&ctx.caller(), input.into()).await;
        let (event, user_errors) = ctx.changed(id, done).await?;
        Ok(EventEditPayload { event: event.map(Event::from), user_errors })
    }

    /// Announces an event, or lets one take place after all that was called off. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn event_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event.")] input: EventPublishInput,
    ) -> Result<EventPublishPayload> {
        let done = publish::publish(&ctx.caller(), input.id.0, input.version).await;
        let (event, user_errors) = ctx.changed(input.id.0, done).await?;
        Ok(EventPublishPayload { event: event.map(Event::from), user_errors })
    }

    /// Moves an event that was announced, and tells everybody from when and why. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn event_reschedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event, to when, and why.")] input: EventRescheduleInput,
    ) -> Result<EventReschedulePayload> {
        let EventRescheduleInput { id, version, starts_at, ends_at, reason } = input;
        let (starts_at, ends_at) = (starts_at.0, ends_at.map_value(|at| at.0));
        let moved = Reschedule { id: id.0, version, starts_at, ends_at, reason: reason.0 };
        let done = reschedule::reschedule(&ctx.caller(), moved).await;
        let (event, user_errors) = ctx.changed(id.0, done).await?;
        Ok(EventReschedulePayload { event: event.map(Event::from), user_errors })
    }

    /// Calls an event off: it stays public, and tells everybody that it will not take place and why. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn event_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event, and why.")] input: EventCancelInput,
    ) -> Result<EventCancelPayload> {
        let EventCancelInput { id, version, reason } = input;
        let done = cancel::cancel(&ctx.caller(), Cancel { id: id.0, version, reason: reason.0 }).await;
        let (event, user_errors) = ctx.changed(id.0, done).await?;
        Ok(EventCancelPayload { event: event.map(Event::from), user_errors })
    }

    /// Deletes an event, and the reactions to it. Posts about it stay, and name it no more. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn event_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which event.")] input: EventDeleteInput,
    ) -> Result<EventDeletePayload> {
        let EventDeleteInput { id, version, confirm } = input;
        let gone = Delete { id: id.0, version, confirm: confirm.map(|text| text.0) };
        let (event, user_errors) = ctx.deleted(id.0, delete::delete(&ctx.caller(), gone).await).await?;
        Ok(EventDeletePayload { event: event.map(Event::from), user_errors })
    }
}
