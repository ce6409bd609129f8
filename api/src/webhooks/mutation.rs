//! webhookCreate, webhookEdit, webhookDelete, webhookSecretRotate, webhookTest, webhookRedeliver, webhookReplay.

use alliance_entity::id::{AllianceId, PartnerId, PostId, WebhookDeliveryId, WebhookId};
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::{DateTime, IdOf, Text};
use crate::webhooks::WebhookEvent;
use crate::webhooks::actions::create::{self, Create};
use crate::webhooks::actions::edit::{self, Edit};
use crate::webhooks::actions::replay::{self, From};
use crate::webhooks::actions::{delete, rotate, test};
use crate::webhooks::object::{Webhook, WebhookDelivery};

/// What is said of a new webhook.
#[derive(Debug, InputObject)]
pub struct WebhookCreateInput {
    /// The id of the alliance whose events it is told of.
    pub alliance: IdOf<AllianceId>,
    /// The id of the partner with whose rights it is told. Left out, it is told what the public may see and carry.
    pub partner: Option<IdOf<PartnerId>>,
    /// Where messages are posted to: an https address on the public internet, of up to 500 characters, without a name or a password in it.
    pub url: Text,
    /// What it is for: one line of up to 200 characters.
    pub description: Option<Text>,
    /// What it is told of.
    pub events: Vec<WebhookEvent>,
    /// A GraphQL query whose answer is the `data` of its messages. `$id: ID!` is the id of what a message is about, `$event: String` what
    /// happened, such as `post.published`. It is asked anew for each try with the rights of the webhook, and is not asked of what it may not see.
    pub query: Option<Text>,
}

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct WebhookEditInput {
    /// The webhook's id.
    pub id: IdOf<WebhookId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// Where messages are posted to.
    pub url: Option<Text>,
    /// What it is for; `null` where that is not said.
    pub description: MaybeUndefined<Text>,
    /// All that it is told of from then on.
    pub events: Option<Vec<WebhookEvent>>,
    /// The query whose answer is the `data` of its messages; `null` for the ids and the state alone.
    pub query: MaybeUndefined<Text>,
    /// Whether anything is sent to it. Turned on, it begins without failures, and with what waited for it; what happened while it was off
    /// is sent by `webhookReplay`.
    pub is_enabled: Option<bool>,
}

/// Which webhook, as it was read.
#[derive(Debug, InputObject)]
pub struct WebhookDeleteInput {
    /// The webhook's id.
    pub id: IdOf<WebhookId>,
    /// The version that you read: where it has moved on, nothing is deleted.
    pub version: i32,
}

/// Which webhook gets another secret.
#[derive(Debug, InputObject)]
pub struct WebhookSecretRotateInput {
    /// The webhook's id.
    pub id: IdOf<WebhookId>,
    /// The version that you read: where it has moved on, nothing is changed.
    pub version: i32,
}

/// What is sent to see whether it arrives.
#[derive(Debug, InputObject)]
pub struct WebhookTestInput {
    /// The webhook's id.
    pub id: IdOf<WebhookId>,
    /// The id of a post that the webhook is told of: the message says what one about it would say. Left out, it is about the webhook itself.
    pub post: Option<IdOf<PostId>>,
}

/// What is sent once more.
#[derive(Debug, InputObject)]
pub struct WebhookRedeliverInput {
    /// The delivery's id.
    pub id: IdOf<WebhookDeliveryId>,
}

/// From where on all is sent once more: give either `after` or `since`.
#[derive(Debug, InputObject)]
pub struct WebhookReplayInput {
    /// The webhook's id.
    pub id: IdOf<WebhookId>,
    /// The `cursor` of the last message that arrived: what happened behind it is sent.
    pub after: Option<Text>,
    /// What happened at this time or later is sent. It is known for seven days.
    pub since: Option<DateTime>,
}

payload! {
    /// What came of making a webhook.
    WebhookCreatePayload {
        /// The webhook.
        webhook: Webhook,
        /// What its messages are signed with, shown this once: `whsec_` and a key in base64, as the libraries of Standard Webhooks want it.
        secret: String,
    }
}

payload! {
    /// What came of editing a webhook.
    WebhookEditPayload {
        /// The webhook, as it is now; on a conflict as another has left it.
        webhook: Webhook,
    }
}

payload! {
    /// What came of deleting a webhook.
    WebhookDeletePayload {
        /// The webhook, as it was; on a conflict as another has left it.
        webhook: Webhook,
    }
}

payload! {
    /// What came of giving a webhook another secret.
    WebhookSecretRotatePayload {
        /// The webhook, as it is now.
        webhook: Webhook,
        /// The new secret, shown this once. The one from before signs beside it for 24 hours.
        secret: String,
    }
}

payload! {
    /// What came of sending a test.
    WebhookTestPayload {
        /// The message on its way: ask for it again to see what came of it.
        delivery: WebhookDelivery,
    }
}

payload! {
    /// What came of sending something once more.
    WebhookRedeliverPayload {
        /// The message on its way.
        delivery: WebhookDelivery,
    }
}

payload! {
    /// What came of sending all once more.
    WebhookReplayPayload {
        /// The webhook. Its deliveries come to it within seconds; those that were there are sent once more, under the same `webhook-id`.
        webhook: Webhook,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Makes a webhook: from then on its address is told what happens. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn webhook_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is said of it.")] input: WebhookCreateInput,
    ) -> Result<WebhookCreatePayload> {
        let WebhookCreateInput { alliance, partner, url, description, events, query } = input;
        let new = Create {
            alliance: alliance.0,
            partner: partner.map(|id| id.0),
            url: url.0,
            description: description.map(|text| text.0),
            events,
            query: query.map(|text| text.0),
        };
        let done = create::create(&ctx.caller(), new).await;
        WebhookCreatePayload::of(done, |payload, (row, secret)| {
            payload.webhook = Some(Webhook(row));
            payload.secret = Some(secret);
        })
    }

    /// Changes a webhook, turns it off, or on again after it has failed. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn webhook_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: WebhookEditInput,
    ) -> Result<WebhookEditPayload> {
        let WebhookEditInput { id, version, url, description, events, query, is_enabled } = input;
        let edit = Edit {
            id: id.0,
            version,
            url: url.map(|text| text.0),
            description: description.map_value(|text| text.0),
            events,
            query: query.map_value(|text| text.0),
            is_enabled,
        };
        let (webhook, user_errors) = ctx.changed(id.0, edit::edit(&ctx.caller(), edit).await).await?;
        Ok(WebhookEditPayload { webhook: webhook.map(Webhook), user_errors })
    }

    /// Deletes a webhook, with all that is known of what was sent to it. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn webhook_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: WebhookDeleteInput,
    ) -> Result<WebhookDeletePayload> {
        let done = delete::delete(&ctx.caller(), input.id.0, input.version).await;
        let (webhook, user_errors) = ctx.deleted(input.id.0, done).await?;
        Ok(WebhookDeletePayload { webhook: webhook.map(Webhook), user_errors })
    }

    /// Gives a webhook another secret. For 24 hours messages are signed with both. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn webhook_secret_rotate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which webhook.")] input: WebhookSecretRotateInput,
    ) -> Result<WebhookSecretRotatePayload> {
        let done = rotate::rotate(&ctx.caller(), input.id.0, input.version).await;
        WebhookSecretRotatePayload::of(done, |payload, (row, secret)| {
            payload.webhook = Some(Webhook(row));
            payload.secret = Some(secret);
        })
    }

    /// Sends a message to see whether it arrives. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn webhook_test(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is sent.")] input: WebhookTestInput,
    ) -> Result<WebhookTestPayload> {
        let done = test::test(&ctx.caller(), input.id.0, input.post.map(|id| id.0)).await;
        WebhookTestPayload::of(done, |payload, row| payload.delivery = Some(WebhookDelivery(row)))
    }

    /// Sends a message once more, under the same `webhook-id`. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn webhook_redeliver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is sent once more.")] input: WebhookRedeliverInput,
    ) -> Result<WebhookRedeliverPayload> {
        let done = replay::redeliver(&ctx.caller(), input.id.0).await;
        let (delivery, user_errors) = ctx.changed(input.id.0, done).await?;
        Ok(WebhookRedeliverPayload { delivery: delivery.map(WebhookDelivery), user_errors })
    }

    /// Sends all once more that happened since, each event under the same `webhook-id` as before. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn webhook_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From where on.")] input: WebhookReplayInput,
    ) -> Result<WebhookReplayPayload> {
        let WebhookReplayInput { id, after, since } = input;
        let from = From { after: after.map(|text| text.0), since: since.map(|at| at.0) };
        let (webhook, user_errors) = ctx.changed(id.0, replay::replay(&ctx.caller(), id.0, from).await).await?;
        Ok(WebhookReplayPayload { webhook: webhook.map(Webhook), user_errors })
    }
}
