//! The mails of accounts: links that do something once, and notices of what was done. A job holds ids alone; the token of a link is
//! made when the link is sent.

use std::time::Duration;

use alliance_entity::account::Model as Account;
use alliance_entity::account_link::{LinkPurpose, Model as Link};
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AccountLinkId, AllianceId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::accounts::store::{self, links};
use crate::alliances;
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::jobs::problem::Problem;
use crate::jobs::{self, NewJob};
use crate::keys;
use crate::mail::{Failure, Rendered, render};

/// The job that sends a link.
pub const LINK: &str = "accounts.link";
/// The job that sends a notice.
pub const NOTICE: &str = "accounts.notice";
/// What a link's token begins with.
const TOKEN: &str = "all_";

/// What somebody is told of their account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice")]
pub enum Notice {
    /// The password is another one.
    Password,
    /// The account has another address; this goes to the old one, which this link keeps until then.
    Email {
        /// The link that holds the old address.
        link: Uuid,
    },
    /// Signing in takes a second factor, or does not any more.
    SecondFactor {
        /// Whether it does.
        enabled: bool,
    },
    /// A role was granted or revoked.
    Role {
        /// In which alliance.
        alliance: Uuid,
        /// Which, in words.
        role: String,
        /// Whether they have it now.
        granted: bool,
    },
    /// A refresh token was used twice, and its session has ended.
    Reuse,
}

/// Lets a link be sent once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn send_link(txn: &Transaction, now: DateTime<Utc>, link: AccountLinkId) -> Result<()> {
    let payload = json!({ "link": link.0 });
    jobs::enqueue(txn, now, NewJob { kind: LINK, payload, unique: None, after: Duration::ZERO }).await
}

/// Lets an account be told of something once the change is committed.
///
/// # Errors
/// Where the database does not answer.
pub async fn notify(txn: &Transaction, now: DateTime<Utc>, account: AccountId, notice: Notice) -> Result<()> {
    let payload = json!({ "id": crate::id::new::<AccountLinkId>(now).0, "account": account.0, "notice": notice });
    jobs::enqueue(txn, now, NewJob { kind: NOTICE, payload, unique: None, after: Duration::ZERO }).await
}

/// Makes the token of a link: the same each time, and nobody's guess but ours.
#[must_use]
pub fn mint(app: &App, link: AccountLinkId) -> String {
    keys::spelled(TOKEN, &app.keys().derive("account-link", link.0.as_bytes()))
}

/// Where a link with this token leads.
#[must_use]
pub fn address(app: &App, purpose: LinkPurpose, token: &str) -> String {
    let purpose = match purpose {
        LinkPurpose::Registration => "confirm",
        LinkPurpose::Invitation => "invitation",
        LinkPurpose::Setup => "setup",
        LinkPurpose::PasswordReset => "password",
        LinkPurpose::EmailChange => "email",
    };
    app.config().account_links.replace("{purpose}", purpose).replace("{token}", token)
}

#[derive(Deserialize)]
struct LinkJob {
    link: Uuid,
}

#[derive(Deserialize)]
struct NoticeJob {
    id: Uuid,
    account: Uuid,
    notice: Notice,
}

/// Sends a link, unless there is nobody to send it to.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_link(app: &App, payload: Value) -> Result<(), Problem> {
    let LinkJob { link } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let Some(link) = links::find(app.db().read(), AccountLinkId(link)).await? else { return Ok(()) };
    let now = app.clock().now();
    // Whoever was erased is not written to, but where they ask for an account anew: nobody else's words are in that mail.
    let is_wanted = link.purpose == LinkPurpose::Registration || !store::is_suppressed(app, &link.email_key).await?;
    if link.used_at.is_some() || link.expires_at <= now || !is_wanted {
        return Ok(());
    }
    let account = store::find_by_address(app.db().read(), &link.email_key).await?;
    let account = account.filter(|account| account.disabled_at.is_none());
    if let Some(mail) = letter(app, &link, account.as_ref()).await? {
        deliver(app, mail, &link.email, link.id.0).await?;
    }
    Ok(())
}

/// What is written to whom a link is for. Its token counts from now on.
async fn letter(app: &App, link: &Link, account: Option<&Account>) -> Result<Option<Rendered>> {
    let alliance = alliance_name(app, link.alliance_id).await?;
    let minutes = (link.expires_at - link.created_at).num_minutes();
    let template = match (link.purpose, account) {
        (LinkPurpose::Registration, Some(_)) => {
            let page = address(app, LinkPurpose::PasswordReset, "");
            return render("registered_already", json!({ "alliance": alliance, "link": page })).map(Some);
        }
        // The same answer for every address; but a mail only for those who have an account, or none yet.
        // What is set up is shown on the command line, and never sent.
        (LinkPurpose::PasswordReset, None) | (LinkPurpose::EmailChange, Some(_)) | (LinkPurpose::Setup, _) => return Ok(None),
        (LinkPurpose::Registration, None) => "register",
        (LinkPurpose::Invitation, _) => "invite",
        (LinkPurpose::PasswordReset, Some(_)) => "reset",
        (LinkPurpose::EmailChange, None) => "email_change",
    };
    let token = mint(app, link.id);
    links::set_token(app.db().write(), link.id, keys::hash(&token)).await?;
    let inviter = match link.invited_by {
        Some(id) => store::find(app.db().read(), id).await?.map(|account| account.name),
        None => None,
    };
    let name = if link.purpose == LinkPurpose::Invitation { inviter } else { account.map(|account| account.name.clone()) };
    let values = json!({
        "alliance": alliance,
        "name": name,
        "role": link.role.map(role_in_words),
        "link": address(app, link.purpose, &token),
        "hours": minutes / 60,
        "minutes": minutes,
    });
    render(template, values).map(Some)
}

/// Tells an account of something.
///
/// # Errors
/// Where the database or the mail server does not answer.
pub async fn work_notice(app: &App, payload: Value) -> Result<(), Problem> {
    let NoticeJob { id, account, notice } = serde_json::from_value(payload).map_err(|e| Problem::Permanent(e.to_string()))?;
    let Some(account) = store::find(app.db().read(), AccountId(account)).await? else { return Ok(()) };
    let alliance = if let Notice::Role { alliance, .. } = &notice { Some(AllianceId(*alliance)) } else { None };
    let (alliance, name) = (alliance_name(app, alliance).await?, &account.name);
    let (mail, to) = match notice {
        Notice::Password => (render("password_changed", json!({ "alliance": alliance, "name": name }))?, account.email),
        Notice::Reuse => (render("session_revoked_reuse", json!({ "alliance": alliance, "name": name }))?, account.email),
        Notice::SecondFactor { enabled } => {
            let values = json!({ "alliance": alliance, "name": name, "enabled": enabled });
            (render("two_factor_changed", values)?, account.email)
        }
        Notice::Role { role, granted, .. } => {
            let values = json!({ "alliance": alliance, "name": name, "role": role, "granted": granted });
            (render("role_changed", values)?, account.email)
        }
        Notice::Email { link } => {
            let Some(old) = links::find(app.db().read(), AccountLinkId(link)).await? else { return Ok(()) };
            (render("email_changed", json!({ "alliance": alliance, "name": name }))?, old.email)
        }
    };
    deliver(app, mail, &to, id).await
}

/// Sends a mail; its id is the same each time that it is tried.
///
/// # Errors
/// Where the mail server does not take it.
pub async fn deliver(app: &App, mail: Rendered, to: &str, id: Uuid) -> Result<(), Problem> {
    app.mailer().send(mail.to(to, id)).await.map_err(|failure| match failure {
        Failure::Temporary(_) | Failure::Unknown(_) => Problem::Passing(Error::internal(failure.to_string())),
        Failure::Permanent(_) | Failure::Bounced(_) => Problem::Permanent(failure.to_string()),
    })
}

/// The name of an alliance, or of this installation: that of its only alliance, or else its host.
///
/// # Errors
/// Where the database does not answer.
pub async fn alliance_name(app: &App, id: Option<AllianceId>) -> Result<String> {
    let named = match id {
        Some(id) => alliances::store::name_of(app, id).await?,
        None => alliances::store::only_name(app).await?,
    };
    Ok(named.unwrap_or_else(|| app.config().public_url.host_str().unwrap_or("Alliance").to_owned()))
}

/// A role as a sentence says it.
#[must_use]
pub fn role_in_words(role: Role) -> &'static str {
    match role {
        Role::Admin => "Admin",
        Role::Editor => "Editor",
        Role::Author => "Author",
        Role::Organiser => "Organiser",
        Role::Supporter => "Supporter",
    }
}
