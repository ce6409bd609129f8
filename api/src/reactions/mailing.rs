//! The mail by which a visitor confirms comments, which holds none of their words, since they chose where it goes; and the one that tells
//! editors that comments wait for them, of which there is one at most in an hour.

use std::time::Duration;

use alliance_entity::id::{AllianceId, ReactionId, ReactionLinkId};
use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::mailing::{alliance_name, deliver};
use crate::accounts::store::{find as find_account, is_suppressed};
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::keys::link::Link;
use crate::mail::render;
use crate::posts::store::notes;
use crate::reactions::store::{change, links};

/// The job that sends a link.
pub const CONFIRM: &str = "reactions.confirm";
/// The job that tells editors what waits.
pub const WAITING: &str = "reactions.waiting";
/// How long comments are collected before editors are told.
const COLLECTED: Duration = Duration::from_secs(60 * 60);
/// What the link of a comment's mail is for.
const LINK: Link = Link { prefix: "alc_", purpose: "reaction-link" };

/// Lets a link be sent once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn send(txn: &Transaction, now: DateTime<Utc>, link: ReactionLinkId) -> Result<()> {
    let payload = json!({ "link": link.0 });
    jobs::enqueue(txn, now, NewJob { kind: CONFIRM, payload, unique: None, after: Duration::ZERO }).await
}

/// Lets the editors of an alliance be told within the hour that comments wait for them.
///
/// # Errors
/// Where the database does not answer.
pub async fn tell_editors(txn: &Transaction, now: DateTime<Utc>, alliance: AllianceId) -> Result<()> {
    let payload = json!({ "alliance": alliance.0, "id": crate::id::new::<ReactionId>(now).0 });
    let unique = Some(alliance.0.to_string());
    jobs::enqueue(txn, now, NewJob { kind: WAITING, payload, unique, after: COLLECTED }).await
}

/// The link that a token is for; nothing where it is none of ours.
#[must_use]
pub fn read(app: &App, token: &SecretString) -> Option<ReactionLinkId> {
    app.keys().read_link(LINK, token).map(ReactionLinkId)
}

#[derive(Deserialize)]
struct LinkJob {
    link: Uuid,
}

/// Sends a link, unless its comment was taken back or nobody may write to its address.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_confirm(app: &App, payload: Value) -> Result<(), Problem> {
    let LinkJob { link } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let db = app.db().read();
    let Some(link) = links::find(db, ReactionLinkId(link)).await? else { return Ok(()) };
    if link.expires_at <= app.clock().now() || is_suppressed(app, &link.email_key).await? {
        return Ok(());
    }
    let Some(row) = change::find_by_id(db, link.reaction_id).await? else { return Ok(()) };
    let page = app.config().link("reaction/confirm", &app.keys().link(LINK, link.id.0));
    let values = json!({
        "alliance": alliance_name(app, Some(row.alliance_id)).await?,
        "link": page,
        "hours": (link.expires_at - link.created_at).num_hours(),
    });
    deliver(app, render("reaction_confirm", values)?, &link.email, link.id.0).await
}

#[derive(Deserialize)]
struct WaitingJob {
    alliance: Uuid,
    id: Uuid,
}

/// Tells the editors of an alliance how many comments wait for them; nothing where none does any more.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_waiting(app: &App, payload: Value) -> Result<(), Problem> {
    let WaitingJob { alliance, id } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let (db, alliance) = (app.db().read(), AllianceId(alliance));
    let waiting = change::count_held(db, alliance).await?;
    if waiting == 0 {
        return Ok(());
    }
    let name = alliance_name(app, Some(alliance)).await?;
    for editor in notes::editors(db, alliance).await? {
        let Some(account) = find_account(db, editor).await? else { continue };
        let values = json!({ "alliance": name, "name": account.name, "count": waiting });
        // Each try has the same mail for each editor.
        let id = Uuid::from_u128(id.as_u128() ^ editor.0.as_u128().rotate_left(64));
        deliver(app, render("moderation_waits", values)?, &account.email, id).await?;
    }
    Ok(())
}
