//! Looking at what a link is for. It changes nothing, so that a mail program which looks at links beforehand uses none up.

use alliance_entity::alliance;
use alliance_entity::email_subscription;
use alliance_entity::id::{AllianceId, EmailSubscriptionId, SubscriptionRequestId};
use alliance_entity::subscription_request;
use secrecy::SecretString;

use crate::alliances;
use crate::app::App;
use crate::error::{Error, Result};
use crate::subscriptions::store;
use crate::subscriptions::token::{self, Purpose};
use crate::subscriptions::topic::Topic;

/// Something to confirm.
#[derive(Debug)]
pub struct Asked {
    /// Whose updates.
    pub alliance: alliance::Model,
    /// What was asked for.
    pub request: subscription_request::Model,
    /// What about, in words; nothing for all of the alliance.
    pub about: Vec<String>,
}

/// Somebody's subscription.
#[derive(Debug)]
pub struct Held {
    /// Whose updates.
    pub alliance: alliance::Model,
    /// The subscription.
    pub subscription: email_subscription::Model,
    /// What it is about.
    pub topics: Vec<Topic>,
    /// What it could be about, with what that is called.
    pub offered: Vec<(Topic, String)>,
}

/// What a token would confirm; nothing for one that is not valid, or not any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn asked(app: &App, secret: &SecretString) -> Result<Option<Asked>> {
    let (db, now) = (app.db().read(), app.clock().now());
    let Some(id) = token::read(app, Purpose::Request, secret) else { return Ok(None) };
    let Some(request) = store::requests::find_live(db, SubscriptionRequestId(id), now).await? else { return Ok(None) };
    let (topics, alliance) = (Topic::read(&request.topics), alliance(app, request.alliance_id).await?);
    let is_whole = topics.contains(&Topic::Alliance(alliance.id));
    let offered = if is_whole { Vec::new() } else { store::topics::offered(db, alliance.id).await? };
    let about = offered.into_iter().filter(|(topic, _)| topics.contains(topic)).map(|(_, name)| name).collect();
    Ok(Some(Asked { alliance, request, about }))
}

/// The subscription that a token is for; nothing where it is not valid, or the subscription is gone.
///
/// # Errors
/// Where the database does not answer.
pub async fn held(app: &App, secret: &SecretString) -> Result<Option<Held>> {
    let db = app.db().read();
    let Some(id) = token::read(app, Purpose::Subscription, secret) else { return Ok(None) };
    let Some(subscription) = store::find(db, EmailSubscriptionId(id)).await? else { return Ok(None) };
    let alliance = alliance(app, subscription.alliance_id).await?;
    let topics = store::topics_of(db, subscription.id).await?.iter().map(store::topics::of_row).collect();
    let offered = store::topics::offered(db, alliance.id).await?;
    Ok(Some(Held { alliance, subscription, topics, offered }))
}

/// An alliance whose updates somebody gets.
///
/// # Errors
/// Where the database does not answer.
pub async fn alliance(app: &App, id: AllianceId) -> Result<alliance::Model> {
    let found = alliances::store::find_by_id(app.db().read(), id).await?;
    found.ok_or_else(|| Error::internal("a subscription's alliance is missing"))
}
