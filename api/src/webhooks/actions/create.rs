//! Making a webhook.

use alliance_entity::id::{AllianceId, PartnerId};
use alliance_entity::webhook;

use crate::caller::Caller;
use crate::database::transaction::Transaction;
use crate::editing::given::{self, Problems};
use crate::editing::{self, Act, store as content};
use crate::error::problem::UserErrorCode;
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::webhooks::{WebhookEvent, actions, secret, store, written};
use crate::{alliances, id};

const DONE: Act = Act { action: "webhookCreate", event: "WebhookCreated" };

/// What is said of the webhook.
#[derive(Debug)]
pub struct Create {
    /// Whose events it is told of.
    pub alliance: AllianceId,
    /// With whose rights.
    pub partner: Option<PartnerId>,
    /// Where to.
    pub url: String,
    /// What it is for.
    pub description: Option<String>,
    /// What it is told of.
    pub events: Vec<WebhookEvent>,
    /// What shapes the messages.
    pub query: Option<String>,
}

/// Makes a webhook; returns it with its secret, which is not shown again.
///
/// # Errors
/// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Refused`] with what is wrong.
pub async fn create(caller: &Caller, input: Create) -> Result<(webhook::Model, String)> {
    let Create { alliance, partner, url, description, events, query } = input;
    caller.viewer.must(Action::CreateWebhook(alliance))?;
    let (app, now, mut problems) = (&caller.app, caller.now(), Problems::default());
    let url = actions::address(app, &url).unwrap_or_else(|(code, problem)| {
        problems.add("url", code, problem);
        String::new()
    });
    let id = id::new(now);
    let (shown, sealed) = secret::create(app.keys(), id);
    let row = webhook::Model {
        id,
        alliance_id: alliance,
        partner_id: partner,
        url,
        description: problems.new_text("description", description, given::one_line),
        events: written(&actions::events(&mut problems, events)),
        query: query.filter(|query| !query.trim().is_empty()),
        secret: sealed,
        former_secret: None,
        former_secret_until: None,
        disabled_at: None,
        disabled_reason: None,
        failures: 0,
        failing_since: None,
        open_until: None,
        version: 1,
        created_by: caller.account(),
        created_at: now,
        updated_at: now,
    };
    actions::query(app, &row, &mut problems).await?;
    problems.end()?;
    let txn = app.db().begin().await?;
    has_room(caller, &txn, &row).await?;
    content::insert::<webhook::Entity>(&txn, &row).await?;
    editing::record_new::<webhook::Entity>(caller, &txn, DONE, &row).await?;
    caller.commit(txn).await?;
    Ok((row, shown))
}

/// Holds the alliance: its partner is its own, and it has room for one more.
async fn has_room(caller: &Caller, txn: &Transaction, row: &webhook::Model) -> Result<()> {
    alliances::store::hold_alone(txn, row.alliance_id).await?;
    if let Some(partner) = row.partner_id
        && !store::has_partner(txn, row.alliance_id, partner).await?
    {
        return Err(Error::refused("partner", UserErrorCode::NotFound, "this alliance has no such partner"));
    }
    let most = caller.app.config().limits.webhooks;
    if store::count(txn, row.alliance_id).await? >= most {
        let problem = format!("this alliance has {most} webhooks: delete one of them first");
        return Err(Error::refused("alliance", UserErrorCode::TooLong, problem));
    }
    Ok(())
}
