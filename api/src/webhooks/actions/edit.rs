//! Changing what is said of a webhook, and turning it off and on.

use alliance_entity::id::WebhookId;
use alliance_entity::webhook::{self, WebhookDisabledReason};
use async_graphql::MaybeUndefined;
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::editing::given::{self, Problems, or_none};
use crate::error::Result;
use crate::policy::Action;
use crate::webhooks::actions::{self, Change};
use crate::webhooks::{WebhookEvent, written};

const DONE: Act = Act { action: "webhookEdit", event: "WebhookEdited" };

/// What is to be another.
#[derive(Debug)]
pub struct Edit {
    /// Which webhook.
    pub id: WebhookId,
    /// The version that was read.
    pub version: i32,
    /// Where to.
    pub url: Option<String>,
    /// What it is for.
    pub description: MaybeUndefined<String>,
    /// What it is told of.
    pub events: Option<Vec<WebhookEvent>>,
    /// What shapes the messages.
    pub query: MaybeUndefined<String>,
    /// Whether anything is sent to it.
    pub is_enabled: Option<bool>,
}

/// Changes a webhook.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn edit(caller: &Caller, input: Edit) -> Result<()> {
    let Edit { id, version, url, description, events, query, is_enabled } = input;
    let change = Change::begin(caller, id.0, version, Action::EditWebhook).await?;
    let (mut problems, was) = (Problems::default(), change.row.clone());
    let url = url.map_or(Ok(was.url), |url| actions::address(&caller.app, &url)).unwrap_or_else(|(code, problem)| {
        problems.add("url", code, problem);
        String::new()
    });
    let mut row = webhook::Model {
        url,
        description: problems.maybe_text("description", description, was.description, given::one_line),
        events: events.map_or(was.events, |events| written(&actions::events(&mut problems, events))),
        query: or_none(query, was.query).filter(|query| !query.trim().is_empty()),
        ..change.row.clone()
    };
    match is_enabled {
        Some(true) => {
            (row.disabled_at, row.disabled_reason, row.open_until) = (None, None, None);
            (row.failures, row.failing_since) = (0, None);
        }
        Some(false) if row.disabled_at.is_none() => {
            (row.disabled_at, row.disabled_reason) = (Some(change.now()), Some(WebhookDisabledReason::ByHand));
        }
        _ => {}
    }
    if row.url != change.row.url {
        // How the former address did says nothing of this one.
        (row.failures, row.failing_since, row.open_until) = (0, None, None);
    }
    if row.query != change.row.query {
        actions::query(&caller.app, &row, &mut problems).await?;
    }
    problems.end()?;
    let row = change.write(row).await?;
    change.txn.ring_after();
    change.keep(DONE, json!({ "version": row.version, "enabled": row.disabled_at.is_none() })).await
}
