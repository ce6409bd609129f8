//! Opening a link: what whoever holds it is told and asked for before they use it. It changes nothing, so that a mail program which
//! looks at links beforehand uses none up.

use alliance_entity::account_link::LinkPurpose;
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::actions::confirm;
use crate::accounts::actions::setup::FIRST;
use crate::accounts::mailing::{self, alliance_name};
use crate::accounts::store::links;
use crate::app::App;
use crate::error::Result;
use crate::keys;

/// A link that can still be used.
#[derive(Debug)]
pub struct Opened {
    /// What it does.
    pub purpose: LinkPurpose,
    /// The address that it was sent to; none where it was shown to the first operator, whose address is not known yet.
    pub email: Option<String>,
    /// The name that was given when it was asked for.
    pub name: Option<String>,
    /// The name of the alliance, or of this installation.
    pub alliance: String,
    /// The role that it holds, in words.
    pub role: Option<&'static str>,
    /// Whether there is an account that it is about.
    pub has_account: bool,
}

/// Looks at a link by its token; nothing for one that is not valid, or not any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn open(app: &App, token: &SecretString) -> Result<Option<Opened>> {
    let hash = keys::hash(token.expose_secret());
    let Some(link) = links::find_live(app.db().read(), &hash, app.clock().now()).await? else { return Ok(None) };
    if !confirm::holds(&link, links::standing(app.db().read(), &link).await?) {
        return Ok(None);
    }
    let account = confirm::subject(app, &link).await?;
    Ok(Some(Opened {
        purpose: link.purpose,
        alliance: alliance_name(app, link.alliance_id).await?,
        email: Some(link.email).filter(|email| email != FIRST),
        name: link.name,
        role: link.role.map(mailing::role_in_words),
        has_account: account.is_some(),
    }))
}

/// What this installation calls itself.
///
/// # Errors
/// Where the database does not answer.
pub async fn installation(app: &App) -> Result<String> {
    alliance_name(app, None).await
}
