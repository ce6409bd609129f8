//! eventRsvp, eventRsvpConfirm, eventRsvpCancel.

use alliance_entity::event_rsvp::RsvpState;
use alliance_entity::id::EventId;
use async_graphql::{Context, InputObject, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::events::rsvps::actions::attend::{self, Attend};
use crate::events::rsvps::actions::{cancel, confirm};
use crate::events::rsvps::object::Rsvp;
use crate::scalar::{IdOf, Secret, Text};

/// Who comes to an event.
#[derive(Debug, InputObject)]
pub struct EventRsvpInput {
    /// The event's id.
    pub event: IdOf<EventId>,
    /// Your name: one line of up to 100 characters. Signed in and left out, it is your account's.
    pub name: Option<Text>,
    /// Without an account: your e-mail address, to which a link is sent that you confirm by. Signed in, leave it out.
    pub email: Option<Text>,
    /// How many others you bring: 0 to 10.
    #[graphql(default)]
    pub guests: i32,
}

/// Who confirms that they come.
#[derive(Debug, InputObject)]
pub struct EventRsvpConfirmInput {
    /// The token of the link in the mail.
    pub token: Secret,
}

/// Who comes no more: one of the two.
#[derive(Debug, InputObject)]
pub struct EventRsvpCancelInput {
    /// The token of the link in a mail.
    pub token: Option<Secret>,
    /// Signed in: the id of the event that you come to no more.
    pub event: Option<IdOf<EventId>>,
}

payload! {
    /// What came of saying that you come.
    EventRsvpPayload {
        /// Whether it was taken down; the same for every address. Without an account you come once you have followed the link that is sent.
        accepted: bool,
        /// Your answer, where you are signed in: whether you come, or wait. Null to those who are not.
        rsvp: Rsvp,
    }
}

payload! {
    /// What came of confirming.
    EventRsvpConfirmPayload {
        /// Whether you come, or wait for places.
        state: RsvpState,
    }
}

payload! {
    /// What came of cancelling.
    EventRsvpCancelPayload {
        /// That you come no more.
        state: RsvpState,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct RsvpMutation;

#[Object]
impl RsvpMutation {
    /// Says that you come to an event that has not begun. Said again, it changes how many you bring. Where it is full, you wait: places that are
    /// given up go to who waits the longest, and you are told by mail. For everybody; without an account by the link of a mail, which is valid for
    /// 72 hours.
    async fn event_rsvp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To which event, who, and how many.")] input: EventRsvpInput,
    ) -> Result<EventRsvpPayload> {
        let EventRsvpInput { event, name, email, guests } = input;
        let attend = Attend { event: event.0, name: name.map(|text| text.0), email: email.map(|text| text.0), guests };
        let done = attend::attend(&ctx.caller(), attend).await;
        let own = done.as_ref().ok().copied().flatten();
        let mut payload = EventRsvpPayload::of(done, |payload, _| payload.accepted = Some(true))?;
        if let Some(own) = own {
            payload.rsvp = ctx.load(own).await?.map(Rsvp);
        }
        Ok(payload)
    }

    /// Confirms by the link of a mail that you come to an event: places are kept for you from then on, or you wait for them.
    async fn event_rsvp_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The link's token.")] input: EventRsvpConfirmInput,
    ) -> Result<EventRsvpConfirmPayload> {
        let done = confirm::confirm(&ctx.caller(), &input.token.0).await;
        EventRsvpConfirmPayload::of(done, |payload, (_, row)| payload.state = Some(row.state))
    }

    /// Says that you come to an event no more, by the link of a mail or signed in. Your places go to who waits the longest.
    async fn event_rsvp_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who comes no more.")] input: EventRsvpCancelInput,
    ) -> Result<EventRsvpCancelPayload> {
        let done = match (input.token, input.event) {
            (Some(token), None) => cancel::by_link(&ctx.caller(), &token.0).await,
            (None, Some(event)) => cancel::own(&ctx.caller(), event.0).await,
            _ => Err(Error::refused("token", UserErrorCode::Required, "give `token`, or signed in `event`: one of the two")),
        };
        EventRsvpCancelPayload::of(done, |payload, (_, row)| payload.state = Some(row.state))
    }
}
