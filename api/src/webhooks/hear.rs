//! What happened, written down as deliveries: each event once for each webhook that wants it, together with how far was read.

use std::collections::BTreeSet;
use std::time::Duration;

use alliance_entity::id::{AllianceId, WebhookDeliveryId, WebhookId};
use alliance_entity::webhook;
use alliance_entity::webhook_delivery::{self, WebhookDeliveryState};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::App;
use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::id;
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::outbox::reader;
use crate::outbox::tail::{MISSED, Sequenced};
use crate::outbox::topic::Topic;
use crate::viewer::Carries;
use crate::webhooks::happening::told;
use crate::webhooks::store::{deliveries, rights, telling};
use crate::webhooks::{SUBJECT, WebhookEvent, read};

/// As whom the events are read.
const READER: &str = "webhooks";
/// The job that sends what happened once more.
pub const REPLAY: &str = "webhooks.replay";

/// Somebody who is told of things.
struct Listener {
    webhook: webhook::Model,
    events: Vec<WebhookEvent>,
    carries: Carries,
}

/// Writes down who is to be told of what happened since this was asked last, on whichever node. Says whether something had happened.
///
/// # Errors
/// Where the database does not answer.
pub async fn hear(app: &App) -> Result<bool> {
    let Some(reading) = reader::next(app.db(), READER).await? else { return Ok(false) };
    let (txn, events) = (reading.txn, reading.events);
    if events.iter().any(|event| event.kind == MISSED) {
        tracing::error!("events were deleted before webhooks were told of them: their sites have to be read anew");
    }
    let alliances: BTreeSet<AllianceId> = events.iter().filter_map(|event| event.alliance).collect();
    let webhooks = telling::enabled(&txn, alliances).await?;
    let rows = deliveries(app, &txn, webhooks, &events).await?;
    if !rows.is_empty() {
        deliveries::insert(&txn, rows).await?;
        txn.ring_after();
    }
    Caller::system(app).commit(txn).await?;
    Ok(true)
}

/// What webhooks are told of some events, ready to be written.
async fn deliveries(
    app: &App,
    txn: &Transaction,
    webhooks: Vec<webhook::Model>,
    events: &[Sequenced],
) -> Result<Vec<webhook_delivery::Model>> {
    let mut listeners = Vec::new();
    for webhook in webhooks {
        let (events, carries) = (read(&webhook.events), rights::carries(txn, &webhook).await?);
        listeners.push(Listener { webhook, events, carries });
    }
    if listeners.is_empty() {
        return Ok(Vec::new());
    }
    let around = telling::around(txn, events).await?;
    let (now, time) = (app.clock().now(), deliveries::time(txn, app).await?);
    let mut rows = Vec::new();
    for event in events {
        for Listener { webhook, events, carries } in &listeners {
            let told = told(event, (webhook.partner_id, carries), &around);
            if let Some((kind, tags)) = told.filter(|(kind, _)| *kind == WebhookEvent::Resync || events.contains(kind)) {
                rows.push(delivery(webhook.id, (event, kind), tags.join(" "), (now, time)));
            }
        }
    }
    Ok(rows)
}

fn delivery(
    webhook_id: WebhookId,
    (event, kind): (&Sequenced, WebhookEvent),
    cache_tags: String,
    (now, time): (DateTime<Utc>, i64),
) -> webhook_delivery::Model {
    let (subject_type, subject_id) = match kind {
        WebhookEvent::Resync => (SUBJECT, webhook_id.0),
        _ => (event.subject_type.as_str(), event.subject_id),
    };
    webhook_delivery::Model {
        id: id::new::<WebhookDeliveryId>(now),
        webhook_id,
        position: Some(event.position),
        event: kind.word().to_owned(),
        subject_type: subject_type.to_owned(),
        subject_id,
        state: WebhookDeliveryState::Waiting,
        cache_tags,
        attempts: 0,
        attempts_before: 0,
        due: time,
        lease: None,
        happened_at: event.recorded_at,
        created_at: now,
        ended_at: None,
    }
}

#[derive(Deserialize)]
struct ReplayJob {
    webhook: Uuid,
    after: i64,
    until: i64,
    asked_at: DateTime<Utc>,
}

/// Lets all that happened behind a position be sent to a webhook once more.
///
/// # Errors
/// Where the database does not answer.
pub async fn replay(txn: &Transaction, now: DateTime<Utc>, webhook: WebhookId, (after, until): (i64, i64)) -> Result<()> {
    let payload = json!({ "webhook": webhook.0, "after": after, "until": until, "asked_at": now });
    jobs::enqueue(txn, now, NewJob { kind: REPLAY, payload, unique: None, after: Duration::ZERO }).await
}

/// Writes down what happened once more, a part at a time. Whoever is killed in between lets another do it anew: what has been sent since it
/// was asked for is left alone.
///
/// # Errors
/// Where the database does not answer.
pub async fn work_replay(app: &App, payload: Value) -> Result<(), Problem> {
    let ReplayJob { webhook, mut after, until, asked_at } =
        serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    loop {
        let txn = app.db().begin().await?;
        let Some(row) = telling::find(&txn, WebhookId(webhook)).await? else { return Ok(()) };
        let events = Topic::Alliance(row.alliance_id).between(app.db(), after, until).await?;
        let Some(last) = events.last() else { return Ok(()) };
        after = last.position;
        let events: Vec<Sequenced> = events.iter().map(|event| (**event).clone()).collect();
        let rows = deliveries(app, &txn, vec![row], &events).await?;
        if !rows.is_empty() {
            deliveries::again(&txn, &rows, asked_at).await?;
            deliveries::insert(&txn, rows).await?;
            txn.ring_after();
        }
        Caller::system(app).commit(txn).await?;
    }
}
