//! Registering: whoever gives an address gets a link there, and the account comes into being when it is used.

use alliance_entity::account_link::{self, LinkPurpose};
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AllianceId};
use chrono::{DateTime, TimeDelta, Utc};

use crate::accounts::actions::{both, email, named};
use crate::accounts::mailing;
use crate::accounts::store::links;
use crate::caller::Caller;
use crate::error::Result;
use crate::mail::address::Email;
use crate::rates::{self, Rate};

const VALID: TimeDelta = TimeDelta::hours(72);

/// Asks for an account. The answer is the same whether the address has one already; what the mail says is not.
///
/// # Errors
/// [`crate::error::Error::Refused`] for what is no address or no name; [`crate::error::Error::RateLimited`].
pub async fn register(caller: &Caller, address: &str, name: &str) -> Result<()> {
    let (email, name) = both(self::email("email", address), named("name", name))?;
    let app = &caller.app;
    rates::take(app, &Rate::registration(&app.config().limits), &caller.address()).await?;
    rates::take_mail(app, &email).await?;
    let row = link(LinkPurpose::Registration, &email, VALID, caller.now());
    send(caller, account_link::Model { name: Some(name), ..row }).await
}

/// A link to an address, without what depends on its purpose.
pub(super) fn link(purpose: LinkPurpose, email: &Email, valid: TimeDelta, now: DateTime<Utc>) -> account_link::Model {
    account_link::Model {
        id: crate::id::new(now),
        purpose,
        email: email.as_str().to_owned(),
        email_key: email.key(),
        name: None,
        account_id: None::<AccountId>,
        alliance_id: None::<AllianceId>,
        role: None::<Role>,
        invited_by: None,
        token_hash: None,
        created_at: now,
        expires_at: now + valid,
        used_at: None,
    }
}

/// Writes a link down and lets it be sent.
pub(super) async fn send(caller: &Caller, row: account_link::Model) -> Result<()> {
    let (txn, id) = (caller.app.db().begin().await?, row.id);
    links::insert(&txn, row).await?;
    mailing::send_link(&txn, caller.now(), id).await?;
    caller.commit(txn).await
}
