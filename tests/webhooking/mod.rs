//! What other sites are told of what happens: that it arrives, what it says, and what becomes of it where they fail.

mod addresses;
mod again;
mod around;
mod arriving;
mod failing;
mod killed;
mod rights;

use alliance_entity::account_role::Role;
use alliance_entity::campaign::CampaignStatus;
use alliance_entity::id::CampaignId;
use alliance_tests::app::TestApp;
use alliance_tests::receiver::Receiver;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use uuid::Uuid;

use crate::guests::{self, Guest, unhurried};
use crate::rows::{self, put};
use crate::viewers::{HERE, THERE};

pub(super) const CAMPAIGN: CampaignId = CampaignId(Uuid::from_u128(0xca));
pub(super) const OTHER: CampaignId = CampaignId(Uuid::from_u128(0xcb));
/// All that a webhook can ask for about posts.
pub(crate) const OF_POSTS: [&str; 5] = ["POST_PUBLISHED", "POST_EDITED", "POST_CORRECTED", "POST_WITHDRAWN", "POST_DELETED"];
const STATE: &str = "post { id version status }";

/// An alliance whose webhooks may lead to this machine, its admin and its editor.
pub(super) struct Desk {
    pub(super) app: TestApp,
    pub(super) ada: Guest,
    pub(super) ines: Guest,
}

/// One on each database.
pub(super) async fn both() -> Vec<Desk> {
    let allowed = |flags: &mut _| {
        unhurried(flags);
        flags.outgoing_allowed = Some("127.0.0.0/8, hooks.example".to_owned());
        flags.limits.outgoing_seconds = Some("1".to_owned());
    };
    let mut desks = Vec::new();
    for app in TestApp::both_set(allowed).await {
        put!(&app, rows::alliance(HERE, "here"), rows::alliance(THERE, "there"));
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Editor), "ines@example.org").await;
        put!(
            &app,
            rows::campaign(CAMPAIGN, HERE, "clean-air", CampaignStatus::Active),
            rows::campaign(OTHER, HERE, "warm-homes", CampaignStatus::Active),
        );
        app.work().await;
        drop(app.mails());
        desks.push(Desk { app, ada, ines });
    }
    desks
}

impl Desk {
    /// Makes a webhook that leads to a site, and returns it with its secret.
    pub(super) async fn webhook(&self, to: &Receiver, events: &[&str], more: Value) -> (Value, String) {
        let mut input = json!({ "alliance": HERE.to_string(), "url": to.url, "events": events });
        if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
            input.extend(more);
        }
        let mut made = self.ada.does(&self.app, "webhookCreate", input, "webhook { id version } secret").await;
        let secret = made["secret"].as_str().expect("a secret").to_owned();
        (made["webhook"].take(), secret)
    }

    /// Writes a post and publishes it.
    pub(super) async fn published(&self, title: &str, more: Value) -> Value {
        let mut input = json!({ "alliance": HERE.to_string(), "title": title, "body": format!("{title}, at length.") });
        if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
            input.extend(more);
        }
        let post = self.ines.does(&self.app, "postCreate", input, STATE).await["post"].take();
        self.act("postPublish", &post, json!({})).await
    }

    /// Does something to a post as it was read last.
    pub(super) async fn act(&self, field: &str, post: &Value, more: Value) -> Value {
        let mut input = json!({ "id": post["id"], "version": post["version"] });
        if let (Value::Object(input), Value::Object(more)) = (&mut input, more) {
            input.extend(more);
        }
        self.ines.does(&self.app, field, input, STATE).await["post"].take()
    }

    /// What was sent to a webhook, the latest first.
    pub(super) async fn deliveries(&self, webhook: &Value) -> Vec<Value> {
        let id = webhook["id"].as_str().expect("an id");
        let query = format!(
            "{{ webhookDeliveries(first: 100, filter: {{ webhook: \"{id}\" }}) {{ totalCount nodes {{ id event messageId state subjectId \
             attempts {{ number status problem answer }} }} }} }}"
        );
        let mut answer = self.ada.ask(&self.app, &query).await;
        assert!(answer.get("errors").is_none(), "{}: {answer}", self.app.name);
        let list = answer["data"]["webhookDeliveries"]["nodes"].take();
        list.as_array().expect("a list").clone()
    }

    /// How a webhook fares.
    pub(super) async fn state(&self, webhook: &Value) -> Value {
        let id = webhook["id"].as_str().expect("an id");
        let query = format!(
            "{{ node(id: \"{id}\") {{ ... on Webhook {{ id version isEnabled disabledReason failures failingSince pausedUntil \
             deliveries {{ totalCount }} }} }} }}"
        );
        let mut answer = self.ada.ask(&self.app, &query).await;
        assert!(answer.get("errors").is_none(), "{}: {answer}", self.app.name);
        answer["data"]["node"].take()
    }
}

/// Whether somebody else's library signs a message as it was signed. To verify it would ask the clock, and the tests' stands still.
pub(super) fn is_believed(received: &alliance_tests::receiver::Received, secret: &str) -> bool {
    let at = received.header("webhook-timestamp").parse().expect("a number of seconds");
    let signed = Webhook::new(secret).expect("a secret").sign(received.id(), at, &received.body).expect("it is text");
    received.header("webhook-signature").split(' ').any(|signature| signature == signed)
}
