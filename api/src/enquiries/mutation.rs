//! enquirySubmit, enquiryAssign, enquiryAdvance, enquiryNoteCreate, enquiryDelete.

use alliance_entity::enquiry::EnquiryState;
use alliance_entity::id::{AccountId, AllianceId, EnquiryId, InstitutionId};
use alliance_entity::institution::InstitutionKind;
use async_graphql::{Context, InputObject, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::enquiries::actions::advance::{self, Advance};
use crate::enquiries::actions::submit::{self, Submit};
use crate::enquiries::actions::{annotate, assign, delete};
use crate::enquiries::object::{Enquiry, EnquiryStep};
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::{Date, IdOf, Text};

/// What an institution asks of an alliance.
#[derive(Debug, InputObject)]
pub struct EnquirySubmitInput {
    /// The id of the alliance.
    pub alliance: IdOf<AllianceId>,
    /// What your institution calls itself: one line of up to 100 characters.
    pub institution_name: Text,
    /// What kind of organisation it is.
    pub institution_kind: InstitutionKind,
    /// The institution's id, where it is written down here already.
    pub institution: Option<IdOf<InstitutionId>>,
    /// Your name: one line of up to 100 characters.
    pub contact_name: Text,
    /// Your e-mail address, where an answer goes.
    pub email: Text,
    /// Your telephone number, such as `+44 115 496 0000`: up to 40 characters.
    pub phone: Option<Text>,
    /// What you would talk about, in plain text: up to 5,000 characters.
    pub message: Text,
}

/// Who is to work an enquiry.
#[derive(Debug, InputObject)]
pub struct EnquiryAssignInput {
    /// The enquiry's id.
    pub id: IdOf<EnquiryId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// The id of the account of one of those in `assignable`; `null` where nobody works it any more.
    pub organiser: Option<IdOf<AccountId>>,
}

/// How far an enquiry has come.
#[derive(Debug, InputObject)]
pub struct EnquiryAdvanceInput {
    /// The enquiry's id.
    pub id: IdOf<EnquiryId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Where it stands from now on: one of `nextStates`.
    pub state: EnquiryState,
    /// What there is to say about it, in plain text: up to 5,000 characters.
    pub note: Option<Text>,
    /// Where the institution joins, and is written down here, though the enquiry does not name it: its id.
    pub institution: Option<IdOf<InstitutionId>>,
    /// Where the institution joins: its first day as a member. Left out, it is today in UTC.
    pub joined_on: Option<Date>,
}

/// A note for those who work an enquiry.
#[derive(Debug, InputObject)]
pub struct EnquiryNoteCreateInput {
    /// The enquiry's id.
    pub id: IdOf<EnquiryId>,
    /// What it says, in plain text: up to 5,000 characters.
    pub text: Text,
}

/// Which enquiry is deleted.
#[derive(Debug, InputObject)]
pub struct EnquiryDeleteInput {
    /// The enquiry's id.
    pub id: IdOf<EnquiryId>,
    /// The version that you read: where it has moved on, nothing is deleted.
    pub version: i32,
}

payload! {
    /// What came of asking.
    EnquirySubmitPayload {
        /// Whether it was taken down; the same for every address.
        accepted: bool,
        /// The enquiry, where you are signed in: you see here how far it has come. Null to those who are not.
        enquiry: Enquiry,
    }
}

payload! {
    /// What came of giving an enquiry to somebody.
    EnquiryAssignPayload {
        /// The enquiry, as it is now; on a conflict as another has left it.
        enquiry: Enquiry,
    }
}

payload! {
    /// What came of advancing an enquiry.
    EnquiryAdvancePayload {
        /// The enquiry, as it is now; on a conflict as another has left it.
        enquiry: Enquiry,
    }
}

payload! {
    /// What came of writing a note.
    EnquiryNoteCreatePayload {
        /// The note.
        step: EnquiryStep,
    }
}

payload! {
    /// What came of deleting an enquiry.
    EnquiryDeletePayload {
        /// The enquiry, as it was; on a conflict as another has left it.
        enquiry: Enquiry,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct EnquiryMutation;

#[Object]
impl EnquiryMutation {
    /// Asks an alliance to sit down with one of its organisers. They are told by mail, and so are you that it has come. For everybody; with an
    /// account you see how far it has come.
    async fn enquiry_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you ask.")] input: EnquirySubmitInput,
    ) -> Result<EnquirySubmitPayload> {
        let caller = ctx.caller();
        let done = submit::submit(&caller, input.into()).await;
        let id = done.as_ref().ok().copied().filter(|_| caller.account().is_some());
        let mut payload = EnquirySubmitPayload::of(done, |payload, _| payload.accepted = Some(true))?;
        if let Some(id) = id {
            payload.enquiry = ctx.load(id).await?.map(Enquiry);
        }
        Ok(payload)
    }

    /// Gives an enquiry to an organiser of its alliance, who is told by mail. For organisers and admins.
    #[graphql(directive = staff_only::apply())]
    async fn enquiry_assign(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enquiry, and to whom.")] input: EnquiryAssignInput,
    ) -> Result<EnquiryAssignPayload> {
        let EnquiryAssignInput { id, version, organiser } = input;
        let done = assign::assign(&ctx.caller(), id.0, version, organiser.map(|account| account.0)).await;
        let (enquiry, user_errors) = ctx.changed(id.0, done).await?;
        Ok(EnquiryAssignPayload { enquiry: enquiry.map(Enquiry), user_errors })
    }

    /// Says how far an enquiry has come. Where its institution joins, it becomes a member from that day on; one that is not written down is, as a
    /// draft that editors publish. For organisers and admins.
    #[graphql(directive = staff_only::apply())]
    async fn enquiry_advance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enquiry, and how far.")] input: EnquiryAdvanceInput,
    ) -> Result<EnquiryAdvancePayload> {
        let EnquiryAdvanceInput { id, version, state, note, institution, joined_on } = input;
        let advanced = Advance {
            id: id.0,
            version,
            state,
            note: note.map(|text| text.0),
            institution: institution.map(|id| id.0),
            joined_on: joined_on.map(|day| day.0),
        };
        let done = advance::advance(&ctx.caller(), advanced).await;
        let (enquiry, user_errors) = ctx.changed(id.0, done).await?;
        Ok(EnquiryAdvancePayload { enquiry: enquiry.map(Enquiry), user_errors })
    }

    /// Writes a note on an enquiry, for those who work it. For organisers and admins.
    #[graphql(directive = staff_only::apply())]
    async fn enquiry_note_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enquiry, and what to note.")] input: EnquiryNoteCreateInput,
    ) -> Result<EnquiryNoteCreatePayload> {
        let done = annotate::annotate(&ctx.caller(), input.id.0, &input.text.0).await;
        EnquiryNoteCreatePayload::of(done, |payload, step| payload.step = Some(EnquiryStep(step)))
    }

    /// Deletes an enquiry with all that was noted about it, for good. An institution that has joined stays. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn enquiry_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which enquiry.")] input: EnquiryDeleteInput,
    ) -> Result<EnquiryDeletePayload> {
        let EnquiryDeleteInput { id, version } = input;
        let (enquiry, user_errors) = ctx.deleted(id.0, delete::delete(&ctx.caller(), id.0, version).await).await?;
        Ok(EnquiryDeletePayload { enquiry: enquiry.map(Enquiry), user_errors })
    }
}

impl From<EnquirySubmitInput> for Submit {
    fn from(input: EnquirySubmitInput) -> Self {
        let EnquirySubmitInput { alliance, institution_name, institution_kind, institution, contact_name, email, phone, message } =
            input;
        Self {
            alliance: alliance.0,
            institution_name: institution_name.0,
            institution_kind,
            institution: institution.map(|id| id.0),
            contact_name: contact_name.0,
            email: email.0,
            phone: phone.map(|text| text.0),
            message: message.0,
        }
    }
}
