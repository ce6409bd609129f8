//! The mails about enquiries: to whoever wrote one, without a word of theirs; and to the organisers, with all of it. A job holds ids alone.

use std::time::Duration;

use alliance_entity::enquiry::{self, EnquiryState};
use alliance_entity::id::{AccountId, EnquiryId};
use alliance_entity::institution::InstitutionKind;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::mailing::{alliance_name, deliver};
use crate::accounts::store::{find as find_account, is_suppressed};
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::enquiries::store;
use crate::error::Result;
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::mail::render;

/// The job that acknowledges an enquiry.
pub const ACKNOWLEDGE: &str = "enquiries.acknowledge";
/// The job that tells an organiser of an enquiry.
pub const TELL: &str = "enquiries.tell";

/// Lets whoever wrote be told that it has come.
///
/// # Errors
/// Where the database does not answer.
pub async fn acknowledge(txn: &Transaction, now: DateTime<Utc>, id: EnquiryId) -> Result<()> {
    let payload = json!({ "enquiry": id.0 });
    jobs::enqueue(txn, now, NewJob { kind: ACKNOWLEDGE, payload, unique: None, after: Duration::ZERO }).await
}

/// Lets the organisers be told of an enquiry; where an alliance has none, its admins.
///
/// # Errors
/// Where the database does not answer.
pub async fn tell_organisers(txn: &Transaction, now: DateTime<Utc>, row: &enquiry::Model) -> Result<()> {
    let all = store::organisers(txn, row.alliance_id).await?;
    let has_organisers = all.iter().any(|one| one.is_organiser);
    for one in all.into_iter().filter(|one| one.is_organiser == has_organisers) {
        tell(txn, now, row, one.id, false).await?;
    }
    Ok(())
}

/// Lets an organiser be told that an enquiry is theirs now.
///
/// # Errors
/// Where the database does not answer.
pub async fn tell_assigned(txn: &Transaction, now: DateTime<Utc>, row: &enquiry::Model, organiser: AccountId) -> Result<()> {
    tell(txn, now, row, organiser, true).await
}

async fn tell(txn: &Transaction, now: DateTime<Utc>, row: &enquiry::Model, whom: AccountId, assigned: bool) -> Result<()> {
    let mail = crate::id::new::<EnquiryId>(now).0;
    let payload = json!({ "id": mail, "enquiry": row.id.0, "account": whom.0, "assigned": assigned });
    jobs::enqueue(txn, now, NewJob { kind: TELL, payload, unique: None, after: Duration::ZERO }).await
}

/// Deletes the mails about enquiries that are kept here. Each names its enquiry, and others to the same address stay.
///
/// # Errors
/// Where the folder cannot be read, or a mail not be deleted.
pub async fn forget(app: &App, ids: &[EnquiryId]) -> Result<()> {
    // What tells organisers names it by its id, and what acknowledges it is known by the same.
    let names = ids.iter().flat_map(|id| [id.to_string(), id.0.to_string()]).collect();
    app.mailer().forget(names).await
}

#[derive(Deserialize)]
struct AcknowledgeJob {
    enquiry: Uuid,
}

#[derive(Deserialize)]
struct TellJob {
    id: Uuid,
    enquiry: Uuid,
    account: Uuid,
    assigned: bool,
}

/// Tells whoever wrote that it has come. Anybody can give anybody's address: nothing of what was typed is in this mail.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_acknowledge(app: &App, payload: Value) -> Result<(), Problem> {
    let AcknowledgeJob { enquiry } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let Some(row) = store::find(app, EnquiryId(enquiry)).await? else { return Ok(()) };
    if is_suppressed(app, &row.email_key).await? {
        return Ok(());
    }
    let alliance = alliance_name(app, Some(row.alliance_id)).await?;
    let values = json!({ "alliance": alliance, "privacy": app.config().address("/privacy") });
    deliver(app, render("enquiry_received", values)?, &row.email, row.id.0).await
}

/// Tells an organiser of an enquiry, where they still work it.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_tell(app: &App, payload: Value) -> Result<(), Problem> {
    let TellJob { id, enquiry, account, assigned } =
        serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let db = app.db().read();
    let (Some(row), Some(reader)) = (store::find(app, EnquiryId(enquiry)).await?, find_account(db, AccountId(account)).await?)
    else {
        return Ok(());
    };
    let works_it = store::organisers(db, row.alliance_id).await?.iter().any(|one| one.id == reader.id);
    let is_theirs = !assigned || row.organiser_id == Some(reader.id);
    if !works_it || !is_theirs || row.state == EnquiryState::Closed {
        return Ok(());
    }
    let values = json!({
        "alliance": alliance_name(app, Some(row.alliance_id)).await?,
        "name": reader.name,
        "assigned": assigned,
        "institution": row.institution_name,
        "kind": kind_in_words(row.institution_kind),
        "contact": row.contact_name,
        "email": row.email,
        "phone": row.phone,
        "message": row.message.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>(),
        "id": row.id.to_string(),
    });
    deliver(app, render("enquiry_told", values)?, &reader.email, id).await
}

fn kind_in_words(kind: InstitutionKind) -> &'static str {
    match kind {
        InstitutionKind::TradeUnion => "a trade union",
        InstitutionKind::FaithGroup => "a faith group",
        InstitutionKind::Charity => "a charity",
        InstitutionKind::School => "a school or college",
        InstitutionKind::University => "a university",
        InstitutionKind::Other => "another organisation",
    }
}
