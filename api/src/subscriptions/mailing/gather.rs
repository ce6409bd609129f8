//! Who is told of a post: those who had confirmed by the time that it was first published. They are written down a few at a time, once
//! each, and whoever is killed in between lets another go on from there.

use std::time::Duration;

use alliance_entity::email_subscription::EmailFrequency;
use alliance_entity::id::PostId;
use alliance_entity::post;
use alliance_entity::post_mailing;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::alliances;
use crate::app::App;
use crate::caller::Caller;
use crate::error::{Error, Result};
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::outbox::reader;
use crate::posts;
use crate::subscriptions::mailing::digest;
use crate::subscriptions::store::mailings::{self, BATCH, Due};
use crate::subscriptions::store::topics;

/// The job that writes down who is told of a post.
pub const GATHER: &str = "subscriptions.gather";
/// As whom the events are read.
const READER: &str = "subscriptions";
/// By how much the time of an event may differ from that in the post: two clocks may have given them.
const SKEW: TimeDelta = TimeDelta::hours(1);

/// Hears what was published since this was asked last, on whichever node, and lets those be told of it who want to. Says whether
/// something had happened.
///
/// # Errors
/// Where the database does not answer.
pub async fn hear(app: &App) -> Result<bool> {
    let Some(reading) = reader::next(app.db(), READER).await? else { return Ok(false) };
    let now = app.clock().now();
    for event in reading.events.iter().filter(|event| event.kind == "PostPublished") {
        let payload = json!({ "post": event.subject_id, "at": event.recorded_at });
        let unique = Some(event.subject_id.to_string());
        jobs::enqueue(&reading.txn, now, NewJob { kind: GATHER, payload, unique, after: Duration::ZERO }).await?;
    }
    Caller::system(app).commit(reading.txn).await?;
    Ok(true)
}

#[derive(Deserialize)]
struct GatherJob {
    post: Uuid,
    at: DateTime<Utc>,
}

/// Writes down who is told of a post, where it was published for the first time.
///
/// # Errors
/// Where the database does not answer.
pub async fn work(app: &App, payload: Value) -> Result<(), Problem> {
    let GatherJob { post, at } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let Some(post) = posts::store::change::find(app.db().read(), PostId(post)).await? else { return Ok(()) };
    let Some(first) = post.first_published_at.filter(|first| (at - *first).abs() < SKEW) else { return Ok(()) };
    let Some(mailing) = mailings::begin(app, &post, first).await? else { return Ok(()) };
    if mailing.gathered_at.is_none() {
        while !gather(app, &post).await? {}
    }
    Ok(())
}

/// Writes down the next of them; says whether those were the last.
async fn gather(app: &App, post: &post::Model) -> Result<bool> {
    let txn = app.db().begin().await?;
    let Some(mailing) = mailings::lock(&txn, post.id).await?.filter(|mailing| mailing.gathered_at.is_none()) else {
        return Ok(true);
    };
    let topics = topics::of_post(&txn, post.id, post.alliance_id).await?;
    let told = mailings::audience(&txn, &mailing, &topics).await?;
    let time = mailings::time(&txn, app).await?;
    let zone = alliances::store::time_zone_of(&txn, post.alliance_id).await?;
    let moment = DateTime::from_timestamp_millis(time).ok_or_else(|| Error::internal("the database's clock shows no time"))?;
    let now = app.clock().now();
    for frequency in [EmailFrequency::Immediate, EmailFrequency::Daily, EmailFrequency::Weekly] {
        let wanting: Vec<_> = told.iter().filter(|one| one.frequency == frequency).map(|one| one.id).collect();
        let digest = digest::next(frequency, moment, &zone, app.config().limits.digest_hour);
        let due = Due { at: digest.map_or(time, |at| at.timestamp_millis()), is_digest: digest.is_some() };
        mailings::insert_mails(&txn, &mailing, due, &wanting, now).await?;
    }
    let is_last = (told.len() as u64) < BATCH;
    let row = post_mailing::Model {
        reached: told.last().map(|one| one.id).or(mailing.reached),
        gathered_at: is_last.then_some(now),
        audience: mailing.audience + i32::try_from(told.len()).map_err(Error::internal)?,
        ..mailing
    };
    mailings::set(&txn, row).await?;
    txn.ring_after();
    Caller::system(app).commit(txn).await?;
    Ok(is_last)
}
