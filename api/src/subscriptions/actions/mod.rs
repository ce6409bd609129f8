//! What can be done about updates by e-mail: one act a file.

pub mod cancel;
pub mod confirm;
pub mod edit;
pub mod erase;
pub mod open;
pub mod request;
pub mod test;

use alliance_entity::email_subscription::{self, EmailSubscriptionState};
use alliance_entity::id::EmailSubscriptionId;
use serde_json::json;

use crate::caller::{Caller, Deed};
use crate::database::transaction::Transaction;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::{Action, Owned};
use crate::subscriptions::token::{self, Purpose};
use crate::subscriptions::topic::Topic;
use crate::subscriptions::{SUBJECT, Which, store};
use crate::text::name;

/// How many things somebody can be told about.
const TOPICS: usize = 100;

/// A link that cannot be used.
#[must_use]
pub fn expired() -> Error {
    let problem = "this link is not valid, or not any more; sign up anew to get updates";
    Error::refused("token", UserErrorCode::Expired, problem)
}

/// A subscription that the caller may change, held until the transaction ends.
async fn hold(caller: &Caller, txn: &Transaction, which: &Which) -> Result<email_subscription::Model> {
    match which {
        Which::Token(secret) => {
            let id = token::read(&caller.app, Purpose::Subscription, secret).ok_or_else(expired)?;
            store::lock(txn, EmailSubscriptionId(id)).await?.ok_or_else(expired)
        }
        Which::Own(id) => {
            caller.signed_in()?;
            let found = match store::lock(txn, *id).await? {
                Some(row) => Some((rule(txn, &row).await?, row)),
                None => None,
            };
            let visible = found.filter(|(rule, _)| caller.viewer.may(Action::ReadEmailSubscription(*rule)));
            let (rule, row) = visible.ok_or_else(|| caller.unseen("subscription"))?;
            caller.viewer.must(Action::EditEmailSubscription(rule))?;
            Ok(row)
        }
    }
}

/// What the policy asks of a subscription: it is the account's whose address it is.
async fn rule(txn: &Transaction, row: &email_subscription::Model) -> Result<Owned<EmailSubscriptionState>> {
    let owner = store::owner(txn, &row.email_key).await?.map(|account| account.id);
    Ok(Owned { owner, alliance: row.alliance_id, state: row.state })
}

/// What is to be recorded of what was done to a subscription.
fn deed(action: &'static str, event: &'static str, row: &email_subscription::Model) -> Deed {
    let (subject_id, alliance) = (row.id.0, Some(row.alliance_id));
    Deed { action, event, subject_type: SUBJECT, subject_id, alliance, details: json!({}) }
}

/// What somebody wants to be called; nothing where that is empty.
fn named(given: Option<&str>) -> Result<Option<String>, Problem> {
    let given = given.map(str::trim).filter(|name| !name.is_empty());
    given.map(name::parse).transpose().map_err(|problem| Problem::of("name", UserErrorCode::Invalid, problem))
}

/// What somebody wants to be told about, each once.
fn wanted(given: &[String]) -> Result<Vec<Topic>> {
    if given.len() > TOPICS {
        return Err(Error::refused("topics", UserErrorCode::TooLong, format!("at most {TOPICS} of them")));
    }
    let topics: Option<Vec<Topic>> = given.iter().map(|id| Topic::parse(id)).collect();
    let mut topics = topics.ok_or_else(unknown)?;
    topics.sort_unstable();
    topics.dedup();
    Ok(topics)
}

/// All of it exists in the alliance, and anybody may see it.
fn all_known(wanted: &[Topic], known: &[Topic]) -> Result<()> {
    if wanted == known { Ok(()) } else { Err(unknown()) }
}

fn unknown() -> Error {
    let problem = "updates are about an alliance, its campaigns and its institutions: one of these ids is none of them";
    Error::refused("topics", UserErrorCode::NotFound, problem)
}
