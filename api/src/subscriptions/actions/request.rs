//! Asking for updates: whoever gives an address has a mail sent there, and nothing else until its reader confirms it.

use alliance_entity::alliance::AllianceKind;
use alliance_entity::email_subscription::{ConsentSource, EmailFrequency};
use alliance_entity::id::AllianceId;
use alliance_entity::subscription_request;
use chrono::TimeDelta;

use crate::alliances::{self, appearance};
use crate::caller::Caller;
use crate::client::{Client, Source};
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::mail::address::Email;
use crate::rates::{self, Rate};
use crate::subscriptions::actions::{all_known, named, wanted};
use crate::subscriptions::topic::Topic;
use crate::subscriptions::{mailing, store};

/// How long it can be confirmed.
const VALID: TimeDelta = TimeDelta::hours(72);

/// Who asks for what.
#[derive(Debug)]
pub struct Request {
    /// Whose updates.
    pub alliance: AllianceId,
    /// Where to.
    pub email: String,
    /// What they want to be called.
    pub name: Option<String>,
    /// What about; all of the alliance where nothing is named.
    pub topics: Vec<String>,
    /// How often.
    pub frequency: EmailFrequency,
    /// Which wording they were shown.
    pub wording_version: Option<i32>,
}

/// Asks for updates. The answer is the same whether the address gets some already, and whether it may be written to.
///
/// # Errors
/// [`Error::Refused`] for what is no address, no name or no topic, and for a wording that is not shown any more; [`Error::RateLimited`].
pub async fn request(caller: &Caller, input: Request) -> Result<()> {
    let Request { alliance, email, name, topics: given, frequency, wording_version } = input;
    let (app, now) = (&caller.app, caller.now());
    let email = Email::parse(&email).map_err(|problem| Problem::of("email", UserErrorCode::Invalid, problem));
    let (email, name) = match (email, named(name.as_deref())) {
        (Ok(email), Ok(name)) => (email, name),
        (email, name) => return Err(Error::Refused(email.err().into_iter().chain(name.err()).collect())),
    };
    let found = alliances::store::find_by_id(app.db().read(), alliance).await?;
    let found = found.filter(|alliance| alliance.kind == AllianceKind::Hosted);
    let found = found.ok_or_else(|| Error::refused("alliance", UserErrorCode::NotFound, "there is no such alliance here"))?;
    let mut topics = wanted(&given)?;
    all_known(&topics, &store::topics::known(app.db().read(), alliance, &topics).await?)?;
    if topics.is_empty() {
        topics.push(Topic::Alliance(alliance));
    }
    if wording_version.is_some_and(|shown| shown != found.subscription_wording_version) {
        let problem = "the alliance has other words by now for what people agree to: show those, and ask again";
        return Err(Error::refused("wordingVersion", UserErrorCode::Conflict, problem));
    }
    rates::take(app, &Rate::subscriptions(&app.config().limits), &caller.address()).await?;
    rates::take_mail(app, &email).await?;
    let row = subscription_request::Model {
        id: crate::id::new(now),
        alliance_id: alliance,
        email: email.as_str().to_owned(),
        email_key: email.key(),
        name,
        topics: Topic::written(&topics),
        frequency,
        wording: appearance::wording(&found),
        wording_version: found.subscription_wording_version,
        source: source(caller.client.as_ref()),
        network: caller.client.as_ref().map(Client::network),
        created_at: now,
        expires_at: now + VALID,
        used_at: None,
    };
    let (txn, id) = (app.db().begin().await?, row.id);
    store::requests::insert(&txn, row).await?;
    mailing::send_request(&txn, now, id).await?;
    caller.commit(txn).await
}

fn source(client: Option<&Client>) -> ConsentSource {
    match client.map(|client| client.source) {
        Some(Source::OwnPage) => ConsentSource::OwnPage,
        Some(Source::NamedPage | Source::AnyPage) => ConsentSource::OtherPage,
        Some(Source::Program) | None => ConsentSource::Program,
    }
}
