//! Sends what is due: many at once, few to each receiver, so that one who hangs delays nobody else. All nodes share the work.

use std::collections::BTreeSet;
use std::time::Duration;

use alliance_entity::id::WebhookId;
use alliance_entity::{webhook, webhook_attempt, webhook_delivery};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::app::App;
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::jobs::runner::Order;
use crate::outgoing::Answered;
use crate::webhooks::health::{self, Went};
use crate::webhooks::payload::{self, Written};
use crate::webhooks::store::attempts::{self, Then};
use crate::webhooks::store::deliveries;
use crate::webhooks::{SUBJECT, mailing, message_id, secret};

/// How much longer than a message may take it is held: its content is read first, and what came of it is written down.
const BESIDE: Duration = Duration::from_secs(30);
/// Who was not woken looks after this.
const POLL: Duration = Duration::from_secs(1);
/// How many characters are kept of an answer.
const TOLD: usize = 1_000;

/// A try, and what came of it.
struct Tried {
    delivery: webhook_delivery::Model,
    /// Where it went.
    url: String,
    /// What is noted of it.
    attempt: webhook_attempt::Model,
    /// What it says of its receiver; nothing where it says nothing.
    went: Option<Went>,
}

/// What is being sent by this node.
type Going = JoinSet<Tried>;

/// Sends until told to finish, and ends with what has begun.
pub async fn run(app: App, order: watch::Receiver<Order>) {
    let mut bell = app.db().bell().listen();
    let (mut going, mut failing) = (Going::new(), false);
    loop {
        bell.mark_unchanged();
        let works = *order.borrow() == Order::Work;
        let begun = if works { begin(&app, &mut going).await } else { Ok(0) };
        if let Err(error) = &begun
            && !failing
        {
            tracing::warn!(error = %error, "webhooks cannot be sent to; trying again");
        }
        failing = begun.is_err();
        if !works && going.is_empty() {
            return;
        }
        let mut order = order.clone();
        let ended = tokio::select! {
            Some(ended) = going.join_next() => Some(ended),
            _ = bell.changed(), if works && !failing => None,
            () = sleep(POLL) => None,
            _ = order.wait_for(|order| *order != Order::Work), if works => None,
        };
        if let Some(ended) = ended {
            keep(&app, &mut going, ended.ok()).await;
        }
    }
}

/// Sends all that is due now and allowed. Returns how many tries that were.
///
/// # Errors
/// Where the database does not answer.
pub async fn work(app: &App) -> Result<usize> {
    let (mut going, mut tried) = (Going::new(), 0);
    loop {
        tried += begin(app, &mut going).await?;
        let Some(ended) = going.join_next().await else { return Ok(tried) };
        keep(app, &mut going, ended.ok()).await;
    }
}

/// Takes as much of what is due as there is room for, and begins to send it.
async fn begin(app: &App, going: &mut Going) -> Result<usize> {
    let most = usize::try_from(app.config().limits.deliveries_at_once).unwrap_or(usize::MAX);
    let room = most.saturating_sub(going.len());
    let look = deliveries::look(app.db()).await?;
    if look.is_overdue {
        let lost = attempts::release_overdue(app.db(), app.clock().now()).await?;
        tracing::warn!(lost, "nobody told what came of some messages to webhooks; they are sent again");
    }
    if room == 0 || !(look.is_due || look.is_overdue) {
        return Ok(0);
    }
    let claimed = deliveries::claim(app.db(), room, app.outgoing().patience() + BESIDE).await?;
    let begun = claimed.len();
    for (webhook, delivery) in claimed {
        let app = app.clone();
        going.spawn(async move { try_once(&app, &webhook, delivery).await });
    }
    Ok(begun)
}

/// Sends a message once.
async fn try_once(app: &App, webhook: &webhook::Model, delivery: webhook_delivery::Model) -> Tried {
    let (began_at, began, url) = (app.clock().now(), Instant::now(), webhook.url.clone());
    let mut attempt = webhook_attempt::Model {
        delivery_id: delivery.id,
        number: delivery.attempts,
        began_at,
        took_millis: 0,
        status: None,
        problem: None,
        answer: None,
    };
    let body = match payload::write(app, webhook, &delivery).await {
        Ok(Written::Message(body)) => body,
        Ok(Written::Unanswered(problem)) => {
            attempt.problem = Some(format!("the query is not answered: {problem}"));
            return Tried { delivery, url, attempt, went: None };
        }
        Err(error) => {
            tracing::warn!(error = %error.logged(), "a message to a webhook cannot be written; trying again");
            attempt.problem = Some("it could not be written here: the log says why".to_owned());
            return Tried { delivery, url, attempt, went: None };
        }
    };
    let sent = match message(app, webhook, &delivery, &body) {
        Ok((to, headers)) => app.outgoing().post(&to, &headers, body).await,
        Err(error) => {
            attempt.problem = Some(error.logged().to_string());
            return Tried { delivery, url, attempt, went: None };
        }
    };
    attempt.took_millis = i32::try_from(began.elapsed().as_millis()).unwrap_or(i32::MAX);
    let went = match sent {
        Ok(answered) => judge(app, &mut attempt, answered),
        Err(failure) => {
            attempt.problem = Some(failure.to_string());
            Went::Badly(None)
        }
    };
    Tried { delivery, url, attempt, went: Some(went) }
}

/// Where a message goes, and its headers: signed anew for each try.
fn message(
    app: &App,
    webhook: &webhook::Model,
    delivery: &webhook_delivery::Model,
    body: &[u8],
) -> Result<(Url, [(&'static str, String); 4])> {
    let url = Url::parse(&webhook.url).map_err(Error::internal)?;
    let (id, now) = (message_id(webhook.id, delivery.position, delivery.id), app.clock().now());
    let signature = secret::sign(app.keys(), webhook, (&id, now), body)?;
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", id),
        ("webhook-timestamp", now.timestamp().to_string()),
        ("webhook-signature", signature),
    ];
    Ok((url, headers))
}

fn judge(app: &App, attempt: &mut webhook_attempt::Model, answered: Answered) -> Went {
    let Answered { status, retry_after, body } = answered;
    let text: String = String::from_utf8_lossy(&body).chars().filter(|letter| *letter != '\0').take(TOLD).collect();
    (attempt.status, attempt.answer) = (Some(status.into()), Some(text).filter(|text| !text.is_empty()));
    match status {
        200..=299 => return Went::Well,
        300..=399 => attempt.problem = Some("it leads elsewhere, which is not followed: give the address itself".to_owned()),
        410 => {
            attempt.problem = Some("it is gone for good".to_owned());
            return Went::Gone;
        }
        _ => attempt.problem = Some("it did not take it".to_owned()),
    }
    let wish = retry_after.filter(|_| matches!(status, 429 | 503));
    Went::Badly(wish.and_then(|wish| health::wish(&wish, app.clock().now())))
}

/// Writes down what came of one try, and of others that have ended by now. Where that fails they are sent again once their time is over.
async fn keep(app: &App, going: &mut Going, first: Option<Tried>) {
    let mut ended: Vec<Tried> = first.into_iter().collect();
    while let Some(more) = going.try_join_next() {
        ended.extend(more.ok());
    }
    if let Err(error) = settle(app, ended).await {
        tracing::warn!(error = %error, "what came of messages to webhooks cannot be written down; they will be sent again");
    }
}

async fn settle(app: &App, ended: Vec<Tried>) -> Result<()> {
    let (txn, caller) = (app.db().begin().await?, Caller::system(app));
    let (now, time) = (caller.now(), deliveries::time(&txn, app).await?);
    let ids: BTreeSet<WebhookId> = ended.iter().map(|tried| tried.delivery.webhook_id).collect();
    let mut webhooks = attempts::lock(&txn, ids.into_iter()).await?;
    let was = webhooks.clone();
    let mut noted = Vec::new();
    for Tried { delivery, url, attempt, went } in ended {
        let then = then(&delivery, went);
        if !attempts::settle(&txn, &delivery, then, now).await? {
            continue;
        }
        count(then);
        noted.push(attempt);
        // What another address did says nothing of this one.
        let asked = webhooks.iter_mut().find(|row| row.id == delivery.webhook_id && row.url == url);
        if let (Some(went), Some(row)) = (went, asked) {
            *row = health::after(row.clone(), went, (now, time));
        }
    }
    attempts::insert(&txn, noted).await?;
    for (row, was) in webhooks.iter().zip(&was).filter(|(row, was)| row != was) {
        attempts::set_health(&txn, row).await?;
        if row.disabled_at != was.disabled_at {
            disabled(&caller, &txn, row).await?;
        }
    }
    caller.commit(txn).await
}

fn then(delivery: &webhook_delivery::Model, went: Option<Went>) -> Then {
    let wait = health::wait(delivery.attempts - delivery.attempts_before);
    match (went, wait) {
        (Some(Went::Well), _) => Then::Delivered,
        (Some(Went::Badly(Some(wish))), Some(wait)) => Then::Again(wait.max(wish)),
        (Some(Went::Badly(None)) | None, Some(wait)) => Then::Again(wait),
        (Some(Went::Badly(_)) | None, None) | (Some(Went::Gone), _) => Then::Failed,
    }
}

fn count(then: Then) {
    let outcome = match then {
        Then::Delivered => "delivered",
        Then::Again(_) => "again",
        Then::Failed => "failed",
    };
    metrics::counter!("alliance_webhook_attempts_total", "outcome" => outcome).increment(1);
}

/// Nothing is sent to it any more: the admins are told once, and can turn it on again.
async fn disabled(caller: &Caller, txn: &Transaction, row: &webhook::Model) -> Result<()> {
    let deed = Deed {
        action: "webhookDisable",
        event: "WebhookDisabled",
        subject_type: SUBJECT,
        subject_id: row.id.0,
        alliance: Some(row.alliance_id),
        details: json!({ "failures": row.failures }),
    };
    caller.record(txn, deed).await?;
    mailing::tell(txn, caller.now(), row).await
}
