//! Webhooks and what was sent to them, as clients see it.

use alliance_entity::webhook::{self, WebhookDisabledReason};
use alliance_entity::webhook_delivery::{self, WebhookDeliveryState};
use alliance_entity::{alliance, webhook_attempt};
use async_graphql::{Context, ID, Object, SimpleObject};

use crate::alliances::object::Alliance;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::page::Arguments;
use crate::page::connection::{Asked, connection};
use crate::partners::object::Partner;
use crate::policy::staff::staff_only;
use crate::scalar::DateTime;
use crate::webhooks::store::attempts::AttemptsOf;
use crate::webhooks::store::list::{Deliveries, Webhooks};
use crate::webhooks::{WebhookDeliveryFilter, WebhookEvent, happening, message_id, read};

connection!(WebhookConnection, WebhookEdge, Webhooks => Webhook, "webhook", "webhooks");
connection!(WebhookDeliveryConnection, WebhookDeliveryEdge, Deliveries => WebhookDelivery, "delivery", "deliveries");

/// A webhook's row.
#[derive(Debug, Clone)]
pub struct Webhook(pub webhook::Model);

impl From<webhook::Model> for Webhook {
    fn from(row: webhook::Model) -> Self {
        Self(row)
    }
}

/// A delivery's row.
#[derive(Debug, Clone)]
pub struct WebhookDelivery(pub webhook_delivery::Model);

impl From<webhook_delivery::Model> for WebhookDelivery {
    fn from(row: webhook_delivery::Model) -> Self {
        Self(row)
    }
}

fn moment(millis: i64) -> Option<DateTime> {
    chrono::DateTime::from_timestamp_millis(millis).map(DateTime)
}

/// An address of another site that is told what happens, as Standard Webhooks has it. Its secret is shown when it is made, and never again.
#[Object(directive = staff_only::apply())]
impl Webhook {
    /// The webhook's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The alliance whose events it is told of.
    async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
        let alliance: Option<alliance::Model> = ctx.load(self.0.alliance_id).await?;
        alliance.map(Alliance::from).ok_or_else(|| Error::internal("a webhook's alliance is missing"))
    }

    /// The partner with whose rights it is told; null where it is told what the public may see.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Option<Partner>> {
        let Some(id) = self.0.partner_id else { return Ok(None) };
        Ok(ctx.load(id).await?.map(Partner))
    }

    /// Where messages are posted to.
    async fn url(&self) -> &str {
        &self.0.url
    }

    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// What it is told of.
    async fn events(&self) -> Vec<WebhookEvent> {
        read(&self.0.events)
    }

    /// The GraphQL query whose answer is the `data` of its messages; null where they hold the ids and the state of their subject alone.
    async fn query(&self) -> Option<&str> {
        self.0.query.as_deref()
    }

    /// Whether anything is sent to it.
    async fn is_enabled(&self) -> bool {
        self.0.disabled_at.is_none()
    }

    /// Since when nothing is sent to it; null where it is.
    async fn disabled_at(&self) -> Option<DateTime> {
        self.0.disabled_at.map(DateTime)
    }

    /// Why nothing is sent to it; null where it is.
    async fn disabled_reason(&self) -> Option<WebhookDisabledReason> {
        self.0.disabled_reason
    }

    /// How often it has failed since it took a message last.
    async fn failures(&self) -> i32 {
        self.0.failures
    }

    /// Since when it has failed without taking a message; null where it has not. After five days it is turned off.
    async fn failing_since(&self) -> Option<DateTime> {
        self.0.failing_since.map(DateTime)
    }

    /// Until when it is left alone, since it failed five times in a row or asked for it; null where it is not.
    async fn paused_until(&self) -> Option<DateTime> {
        self.0.open_until.and_then(moment)
    }

    /// Until when the secret from before the last rotation signs beside the new one; null where it does not.
    async fn former_secret_until(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.0.former_secret_until.filter(|until| *until > ctx.app().clock().now()).map(DateTime)
    }

    /// Counts its changes: give the one that you read with each change.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it was changed last.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// What was sent to it, or is to be, the newest first.
    #[allow(clippy::unused_async, reason = "every field of an object is asked for in this way")]
    async fn deliveries(
        &self,
        #[graphql(desc = "How many items from the start of the list: 0 to 100; 20 where neither `first` nor `last` is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only items behind this cursor.")] after: Option<String>,
        #[graphql(desc = "How many items from the end of the list: 0 to 100.")] last: Option<i32>,
        #[graphql(desc = "Only items before this cursor.")] before: Option<String>,
        #[graphql(desc = "How many items to skip, for page numbers: 0 to 10,000; with `first` alone.")] offset: Option<i32>,
    ) -> Result<WebhookDeliveryConnection> {
        let page = Arguments { first, after, last, before, offset };
        let of = Deliveries { filter: WebhookDeliveryFilter::default() };
        Ok(WebhookDeliveryConnection(Asked::new(of, Some(self.0.id.0), page)?))
    }
}

/// One event on its way to a webhook. It is tried up to ten times within some three days, and can be sent again after that.
#[Object(directive = staff_only::apply())]
impl WebhookDelivery {
    /// The delivery's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Where it goes.
    async fn webhook(&self, ctx: &Context<'_>) -> Result<Webhook> {
        let webhook = ctx.load(self.0.webhook_id).await?;
        webhook.map(Webhook).ok_or_else(|| Error::internal("a delivery's webhook is missing"))
    }

    /// Its `webhook-id`, the same each time that it is sent: by it the receiver knows what it has had already.
    async fn message_id(&self) -> String {
        message_id(self.0.webhook_id, self.0.position, self.0.id)
    }

    /// What it tells of.
    async fn event(&self) -> WebhookEvent {
        WebhookEvent::called(&self.0.event).unwrap_or(WebhookEvent::Test)
    }

    /// The id of what it is about.
    async fn subject_id(&self) -> ID {
        happening::id(&self.0.subject_type, self.0.subject_id).into()
    }

    /// Where it stands.
    async fn state(&self) -> WebhookDeliveryState {
        self.0.state
    }

    /// What came of each time that it was tried, in order.
    async fn attempts(&self, ctx: &Context<'_>) -> Result<Vec<WebhookAttempt>> {
        let attempts = ctx.load(AttemptsOf(self.0.id)).await?.unwrap_or_default();
        Ok(attempts.into_iter().map(WebhookAttempt::from).collect())
    }

    /// When it is tried next, where nothing is in the way; null where it is not.
    async fn next_attempt_at(&self) -> Option<DateTime> {
        moment(self.0.due).filter(|_| self.0.state == WebhookDeliveryState::Waiting)
    }

    /// When that happened which it tells of.
    async fn happened_at(&self) -> DateTime {
        DateTime(self.0.happened_at)
    }

    /// When it arrived, or was given up; null where it is on its way.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

/// What came of sending something once.
#[derive(Debug, Clone, SimpleObject)]
#[graphql(directive = staff_only::apply())]
pub struct WebhookAttempt {
    /// Which time it was, from 1 on.
    pub number: i32,
    /// When it began.
    pub began_at: DateTime,
    /// How long it took, in milliseconds.
    pub took_milliseconds: i32,
    /// The HTTP status of the answer; null where there was none.
    pub status: Option<i32>,
    /// What went wrong; null where nothing did.
    pub problem: Option<String>,
    /// The first 1,000 characters of the answer; null where it was empty or there was none.
    pub answer: Option<String>,
}

impl From<webhook_attempt::Model> for WebhookAttempt {
    fn from(row: webhook_attempt::Model) -> Self {
        let webhook_attempt::Model { delivery_id: _, number, began_at, took_millis, status, problem, answer } = row;
        Self { number, began_at: DateTime(began_at), took_milliseconds: took_millis, status, problem, answer }
    }
}
