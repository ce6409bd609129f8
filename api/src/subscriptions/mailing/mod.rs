//! The mails about updates. A job holds ids alone.

pub mod digest;
pub mod gather;
pub mod letter;
pub mod send;

use std::time::Duration;

use alliance_entity::id::{AccountId, PostId, SubscriptionRequestId};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts;
use crate::accounts::mailing::deliver;
use crate::alliances;
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::posts;
use crate::subscriptions::store;

/// The job that asks whoever reads an address's mail whether they want updates.
pub const REQUEST: &str = "subscriptions.request";
/// The job that sends a test mail.
pub const TEST: &str = "subscriptions.test";

/// Lets it be asked once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn send_request(txn: &Transaction, now: DateTime<Utc>, request: SubscriptionRequestId) -> Result<()> {
    let payload = json!({ "request": request.0 });
    jobs::enqueue(txn, now, NewJob { kind: REQUEST, payload, unique: None, after: Duration::ZERO }).await
}

/// Lets a test mail be sent once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn send_test(txn: &Transaction, now: DateTime<Utc>, post: PostId, account: AccountId) -> Result<()> {
    let id = crate::id::new::<SubscriptionRequestId>(now).0;
    let payload = json!({ "id": id, "post": post.0, "account": account.0 });
    jobs::enqueue(txn, now, NewJob { kind: TEST, payload, unique: None, after: Duration::ZERO }).await
}

#[derive(Deserialize)]
struct RequestJob {
    request: Uuid,
}

/// Asks whoever reads an address's mail whether they want updates, unless they were erased or have told by now.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_request(app: &App, payload: Value) -> Result<(), Problem> {
    let RequestJob { request } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let (db, id) = (app.db().read(), SubscriptionRequestId(request));
    let Some(request) = store::requests::find_live(db, id, app.clock().now()).await? else { return Ok(()) };
    if accounts::store::is_suppressed(app, &request.email_key).await? {
        return Ok(());
    }
    let Some(alliance) = alliances::store::find_by_id(db, request.alliance_id).await? else { return Ok(()) };
    let mail = letter::request(app, &alliance, &request)?;
    deliver(app, mail, &request.email, request.id.0).await
}

#[derive(Deserialize)]
struct TestJob {
    id: Uuid,
    post: Uuid,
    account: Uuid,
}

/// Sends the mail of a post as it is being written to somebody who works on it.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_test(app: &App, payload: Value) -> Result<(), Problem> {
    let TestJob { id, post, account } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let db = app.db().read();
    let (post, reader) =
        (posts::store::change::find(db, PostId(post)).await?, accounts::store::find(db, AccountId(account)).await?);
    let (Some(post), Some(reader)) = (post, reader.filter(|reader| reader.disabled_at.is_none())) else { return Ok(()) };
    let latest = post.draft_revision_id.or(post.live_revision_id);
    let revision = match latest {
        Some(id) => posts::store::change::revision(db, id).await?,
        None => None,
    };
    let alliance = alliances::store::find_by_id(db, post.alliance_id).await?;
    let (Some(revision), Some(alliance)) = (revision, alliance) else { return Ok(()) };
    let mail = letter::test(app, &alliance, &post, (&revision.title, &revision.excerpt))?;
    deliver(app, mail, &reader.email, id).await
}
