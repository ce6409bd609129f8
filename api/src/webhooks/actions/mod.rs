//! What can be done with webhooks.

pub mod create;
pub mod delete;
pub mod edit;
pub mod replay;
pub mod rotate;
pub mod test;

use alliance_entity::webhook;
use url::Url;

use crate::app::{App, Question};
use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::editing::given::{Problems, Wrong};
use crate::editing::store as content;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::error::problem::UserErrorCode;
use crate::policy::Action;
use crate::webhooks::store::{attempts, rights};
use crate::webhooks::{SUBJECT, WebhookEvent, payload};

type Change<'a> = crate::editing::Change<'a, webhook::Entity>;

const LONGEST: usize = 500;
const TURNED_OFF: &str = "nothing is sent to this webhook: turn it on first";

/// Reads an address: as far as that can be seen without connecting, it is one that messages may go to.
fn address(app: &App, text: &str) -> Result<String, Wrong> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err((UserErrorCode::TooLong, format!("it has at most {LONGEST} characters")));
    }
    let written = || (UserErrorCode::Invalid, "an address is written as `https://www.example.org/hooks`".to_owned());
    let url = Url::parse(text).map_err(|_| written())?;
    app.outgoing().rules().check(&url).map_err(|refusal| (UserErrorCode::Invalid, refusal.to_string()))?;
    Ok(url.into())
}

/// What a webhook is told of, each once and in order.
fn events(problems: &mut Problems, mut events: Vec<WebhookEvent>) -> Vec<WebhookEvent> {
    events.sort_unstable();
    events.dedup();
    if events.is_empty() {
        problems.add("events", UserErrorCode::Required, "say what it is told of");
    }
    if events.contains(&WebhookEvent::Test) {
        problems.add("events", UserErrorCode::Invalid, "what `webhookTest` sends comes without being asked for");
    }
    events
}

/// Tries whether a query can be answered with a webhook's rights.
async fn query(app: &App, row: &webhook::Model, problems: &mut Problems) -> Result<()> {
    let (Some(query), Some(answers)) = (&row.query, app.answers()) else { return Ok(()) };
    let (viewer, _) = rights::viewer(app, row).await?;
    let question = Question { document: query.clone(), variables: payload::tried(row) };
    if let Err(problem) = answers.check(&viewer, question).await {
        problems.add("query", UserErrorCode::Invalid, problem);
    }
    Ok(())
}

/// Holds a webhook that something is to be sent to now; whoever asks for that says that it works again.
async fn begin(caller: &Caller, txn: &Transaction, id: alliance_entity::id::WebhookId) -> Result<webhook::Model> {
    let found = content::lock::<webhook::Entity>(txn, &caller.viewer, id.0).await?;
    let mut row = found.ok_or_else(|| caller.unseen("webhook"))?;
    caller.viewer.must(Action::SendWebhook(row.alliance_id))?;
    editing::stands(row.disabled_at.is_none(), TURNED_OFF)?;
    if row.open_until.take().is_some() {
        attempts::set_health(txn, &row).await?;
    }
    Ok(row)
}

/// Records what was done, and keeps it: senders look at once.
async fn keep(caller: &Caller, txn: Transaction, act: Act, row: &webhook::Model) -> Result<()> {
    let deed = Deed {
        action: act.action,
        event: act.event,
        subject_type: SUBJECT,
        subject_id: row.id.0,
        alliance: Some(row.alliance_id),
        details: serde_json::json!({}),
    };
    caller.record(&txn, deed).await?;
    txn.ring_after();
    caller.commit(txn).await
}
