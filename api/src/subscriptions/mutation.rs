//! emailSubscriptionRequest, emailSubscriptionConfirm, emailSubscriptionEdit, emailSubscriptionCancel, emailSubscriptionErase,
//! emailSubscriptionTest.

use alliance_entity::email_subscription::EmailFrequency;
use alliance_entity::id::{AllianceId, EmailSubscriptionId, PostId};
use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Secret, Text};
use crate::subscriptions::Which;
use crate::subscriptions::actions::edit::Edit;
use crate::subscriptions::actions::request::Request;
use crate::subscriptions::actions::{cancel, confirm, edit, erase, request, test};
use crate::subscriptions::object::EmailSubscription;

/// Who asks for which updates.
#[derive(Debug, InputObject)]
pub struct EmailSubscriptionRequestInput {
    /// The id of the alliance.
    pub alliance: IdOf<AllianceId>,
    /// The e-mail address, to which a link is sent.
    pub email: Text,
    /// What its reader wants to be called: up to 100 characters.
    pub name: Option<Text>,
    /// What to be told about, at most 100 things: the ids of the alliance itself, for all that it publishes, of campaigns and of institutions
    /// of it. The alliance where nothing is named.
    #[graphql(default)]
    pub topics: Vec<ID>,
    /// How often.
    #[graphql(default_with = "EmailFrequency::Immediate")]
    pub frequency: EmailFrequency,
    /// The version of `Alliance.emailSubscriptionWording` that you have shown: where there is another by now, nothing is written. The one of
    /// this moment where it is left out.
    pub wording_version: Option<i32>,
}

/// What is confirmed.
#[derive(Debug, InputObject)]
pub struct EmailSubscriptionConfirmInput {
    /// The token of the link in the mail.
    pub token: Secret,
    /// Another name than the one that was given when it was asked for.
    pub name: Option<Text>,
}

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct EmailSubscriptionEditInput {
    /// The token of the links in each mail; without it, `id`.
    pub token: Option<Secret>,
    /// The id of a subscription of your account's address; without it, `token`.
    pub id: Option<IdOf<EmailSubscriptionId>>,
    /// What their reader wants to be called; `null` for nothing.
    pub name: MaybeUndefined<Text>,
    /// All that there is to be told about, as in `emailSubscriptionRequest`.
    pub topics: MaybeUndefined<Vec<ID>>,
    /// How often.
    pub frequency: MaybeUndefined<EmailFrequency>,
}

/// What is to end.
#[derive(Debug, InputObject)]
pub struct EmailSubscriptionCancelInput {
    /// The token of the links in each mail; without it, `id`.
    pub token: Option<Secret>,
    /// The id of a subscription of your account's address; without it, `token`.
    pub id: Option<IdOf<EmailSubscriptionId>>,
}

/// Which address is to be erased.
#[derive(Debug, InputObject)]
pub struct EmailSubscriptionEraseInput {
    /// The token of the links in each mail.
    pub token: Secret,
}

/// Which post's mail is to be tested.
#[derive(Debug, InputObject)]
pub struct EmailSubscriptionTestInput {
    /// The post's id.
    pub post: IdOf<PostId>,
}

payload! {
    /// What came of asking for updates.
    EmailSubscriptionRequestPayload {
        /// Whether a link is sent; the same for every address.
        accepted: bool,
    }
}

payload! {
    /// What came of confirming.
    EmailSubscriptionConfirmPayload {
        /// The subscription.
        subscription: EmailSubscription,
    }
}

payload! {
    /// What came of changing it.
    EmailSubscriptionEditPayload {
        /// The subscription, as it is now.
        subscription: EmailSubscription,
    }
}

payload! {
    /// What came of ending it.
    EmailSubscriptionCancelPayload {
        /// The subscription, which has ended.
        subscription: EmailSubscription,
    }
}

payload! {
    /// What came of erasing.
    EmailSubscriptionErasePayload {
        /// Whether it is done.
        erased: bool,
    }
}

payload! {
    /// What came of asking for a test mail.
    EmailSubscriptionTestPayload {
        /// Whether it is sent.
        accepted: bool,
    }
}

/// By one of the two.
fn which(token: Option<Secret>, id: Option<IdOf<EmailSubscriptionId>>) -> Result<Which> {
    match (token, id) {
        (Some(token), None) => Ok(Which::Token(token.0)),
        (None, Some(id)) => Ok(Which::Own(id.0)),
        _ => Err(Error::Refused(vec![Problem::whole(UserErrorCode::Required, "give either `token` or `id`")])),
    }
}

fn texts(ids: Vec<ID>) -> Vec<String> {
    ids.into_iter().map(|id| id.0).collect()
}

/// The root fields.
#[derive(Debug, Default)]
pub struct SubscriptionMutation;

#[Object]
impl SubscriptionMutation {
    /// Asks for updates by e-mail: a link is sent to the address, and updates are sent once `emailSubscriptionConfirm` takes its token, within
    /// 72 hours. The answer is the same for every address.
    async fn email_subscription_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who asks for which updates.")] input: EmailSubscriptionRequestInput,
    ) -> Result<EmailSubscriptionRequestPayload> {
        let EmailSubscriptionRequestInput { alliance, email, name, topics, frequency, wording_version } = input;
        let (name, topics) = (name.map(|name| name.0), texts(topics));
        let asked = Request { alliance: alliance.0, email: email.0, name, topics, frequency, wording_version };
        let done = request::request(&ctx.caller(), asked).await;
        EmailSubscriptionRequestPayload::of(done, |payload, ()| payload.accepted = Some(true))
    }

    /// Takes the token of a mail's link: updates are sent from now on. Whoever gets some already gets these, too. Each token works once.
    async fn email_subscription_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token.")] input: EmailSubscriptionConfirmInput,
    ) -> Result<EmailSubscriptionConfirmPayload> {
        let EmailSubscriptionConfirmInput { token, name } = input;
        let done = confirm::confirm(&ctx.caller(), &token.0, name.as_ref().map(|name| name.0.as_str())).await;
        EmailSubscriptionConfirmPayload::of(done, |payload, row| payload.subscription = Some(row.into()))
    }

    /// Changes what updates are sent and how often: by the token of a mail, or of your own account's address.
    async fn email_subscription_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: EmailSubscriptionEditInput,
    ) -> Result<EmailSubscriptionEditPayload> {
        let EmailSubscriptionEditInput { token, id, name, topics, frequency } = input;
        let (name, topics) = (name.map_value(|name| name.0), topics.map_value(texts));
        let done = match which(token, id) {
            Ok(which) => edit::edit(&ctx.caller(), Edit { which, name, topics, frequency }).await,
            Err(error) => Err(error),
        };
        EmailSubscriptionEditPayload::of(done, |payload, row| payload.subscription = Some(row.into()))
    }

    /// Ends updates: by the token of a mail, or of your own account's address. Where that was done before, it is done.
    async fn email_subscription_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to end.")] input: EmailSubscriptionCancelInput,
    ) -> Result<EmailSubscriptionCancelPayload> {
        let EmailSubscriptionCancelInput { token, id } = input;
        let done = match which(token, id) {
            Ok(which) => cancel::cancel(&ctx.caller(), &which).await,
            Err(error) => Err(error),
        };
        EmailSubscriptionCancelPayload::of(done, |payload, row| payload.subscription = Some(row.into()))
    }

    /// Erases all that this installation keeps of an address that gets updates, by the token of a mail; a hash is left, so that nobody has it
    /// written to again. It cannot be undone. An account that has the address stays: `accountEraseData` erases that.
    async fn email_subscription_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which address.")] input: EmailSubscriptionEraseInput,
    ) -> Result<EmailSubscriptionErasePayload> {
        let done = erase::erase(&ctx.caller(), &input.token.0).await;
        EmailSubscriptionErasePayload::of(done, |payload, ()| payload.erased = Some(true))
    }

    /// Sends the mail of a post, as it is being written, to your own address. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn email_subscription_test(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post's mail.")] input: EmailSubscriptionTestInput,
    ) -> Result<EmailSubscriptionTestPayload> {
        let done = test::test(&ctx.caller(), input.post.0).await;
        EmailSubscriptionTestPayload::of(done, |payload, ()| payload.accepted = Some(true))
    }
}
