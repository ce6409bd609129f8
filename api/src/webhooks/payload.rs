//! What a message says: always what its receiver may see at the moment of this try, never what it might have seen before.

use alliance_entity::id::CampaignId;
use alliance_entity::{alliance, webhook, webhook_delivery};
use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use crate::app::{App, Question};
use crate::error::{Error, Result};
use crate::following::cursor::Cursor;
use crate::viewer::{Carries, Viewer};
use crate::webhooks::happening::id;
use crate::webhooks::store::rights;
use crate::webhooks::store::subjects::{self, Standing};
use crate::webhooks::{SUBJECT, TEST};

/// What asks for the address of a post, as everybody may.
const ADDRESS: &str = "query($id: ID!) { post(id: $id) { url } }";

/// What becomes of writing a message.
pub enum Written {
    /// It is written.
    Message(Vec<u8>),
    /// The webhook's query is not answered any more: why.
    Unanswered(String),
}

/// Writes the message of a delivery.
///
/// # Errors
/// Where the database does not answer.
pub async fn write(app: &App, webhook: &webhook::Model, delivery: &webhook_delivery::Model) -> Result<Written> {
    let alliance = rights::alliance(app, webhook).await?;
    let (viewer, carries) = rights::viewer(app, webhook).await?;
    let (standing, version) = match delivery.subject_type.as_str() {
        SUBJECT => (Standing::Shown, None),
        "CAMPAIGN" if !carries.has(CampaignId(delivery.subject_id)) => (Standing::Withdrawn, None),
        "POST" => subjects::standing(app, &carries, delivery).await?,
        _ if matches!(carries, Carries::Nothing) => (Standing::Withdrawn, None),
        _ => subjects::standing(app, &carries, delivery).await?,
    };
    let mut message = json!({
        "type": delivery.event,
        "timestamp": delivery.happened_at.to_rfc3339_opts(SecondsFormat::AutoSi, true),
        "cacheTags": delivery.cache_tags.split_whitespace().collect::<Vec<_>>(),
    });
    let subject = subject(app, &alliance, delivery, (standing, version)).await?;
    match &webhook.query {
        None => message["data"] = subject,
        Some(query) => {
            message["subject"] = subject;
            message["data"] = Value::Null;
            let is_asked = standing == Standing::Shown && delivery.subject_type != SUBJECT;
            if is_asked && let Err(problem) = answer(app, viewer, (query, delivery), &mut message).await? {
                return Ok(Written::Unanswered(problem));
            }
        }
    }
    serde_json::to_vec(&message).map(Written::Message).map_err(Error::internal)
}

/// What is said of the subject: of what cannot be seen its ids alone.
async fn subject(
    app: &App,
    alliance: &alliance::Model,
    delivery: &webhook_delivery::Model,
    (standing, version): (Standing, Option<i32>),
) -> Result<Value> {
    let kind = &delivery.subject_type;
    let mut said = json!({
        "id": id(kind, delivery.subject_id),
        "kind": kind,
        "alliance": { "id": alliance.id.to_string(), "slug": alliance.slug },
        "state": standing.word(),
    });
    if let Some(position) = delivery.position {
        said["cursor"] = Cursor::bare(position).written(app.keys()).into();
    }
    if let Some(version) = version {
        said["version"] = version.into();
    }
    if kind == "POST" && standing == Standing::Shown {
        said["url"] = address(app, delivery).await?;
    }
    Ok(said)
}

async fn address(app: &App, delivery: &webhook_delivery::Model) -> Result<Value> {
    let question = Question { document: ADDRESS.to_owned(), variables: variables(delivery) };
    let mut answer = answers(app)?.answer(app, Viewer::Anonymous, question).await?;
    Ok(answer["data"]["post"]["url"].take())
}

/// Runs the webhook's query with its rights, and puts what it is answered in the message.
async fn answer(
    app: &App,
    viewer: Viewer,
    (query, delivery): (&str, &webhook_delivery::Model),
    message: &mut Value,
) -> Result<Result<(), String>> {
    let question = Question { document: query.to_owned(), variables: variables(delivery) };
    match answers(app)?.answer(app, viewer, question).await {
        Ok(mut answer) => {
            message["data"] = answer["data"].take();
            if let Some(errors) = answer.get_mut("errors") {
                message["errors"] = errors.take();
            }
            Ok(Ok(()))
        }
        Err(Error::Invalid { problem, .. }) => Ok(Err(problem)),
        Err(error) => Err(error),
    }
}

fn answers(app: &App) -> Result<&std::sync::Arc<dyn crate::app::Answers>> {
    app.answers().ok_or_else(|| Error::internal("nothing answers queries here"))
}

/// The variables that a webhook's query may use.
fn variables(delivery: &webhook_delivery::Model) -> Map<String, Value> {
    question(&id(&delivery.subject_type, delivery.subject_id), &delivery.event)
}

/// The same for a subject with this id.
pub(super) fn question(id: &str, event: &str) -> Map<String, Value> {
    [("id".to_owned(), id.into()), ("event".to_owned(), event.into())].into_iter().collect()
}

/// The variables by which a query is tried before it is kept.
pub(super) fn tried(webhook: &webhook::Model) -> Map<String, Value> {
    question(&webhook.alliance_id.to_string(), TEST)
}
