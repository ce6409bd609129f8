//! Whom a request speaks for, by the token in its `Authorization`. It is known before anything of the body is read: what a stranger
//! sends is held to the limits of strangers, and a token that is not ours costs us next to nothing.

use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};

use crate::accounts;
use crate::api_keys::{self, PREFIX};
use crate::app::App;
use crate::document::audience::Audience;
use crate::error::{Error, Result, UNAUTHENTICATED};
use crate::keys;
use crate::server::refusal::Refusal;
use crate::viewer::Viewer;

/// How long a token of ours can be, whatever its kind.
const LONGEST_TOKEN: usize = 4_096;
/// What is said of a text that is no token.
const NO_TOKEN: &str = "this is no token of this service";
/// What is said of a token whose time ended while it was in use.
const EXPIRED: &str = "this token has expired";

/// Who asks, and how long that holds.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// With the rights of the moment at which they were looked at.
    pub(super) viewer: Viewer,
    /// The end of the token; none of who shows none, and of keys.
    pub(super) until: Option<DateTime<Utc>>,
    /// The hash of the key that was shown.
    key: Option<String>,
}

impl Standing {
    /// Who shows nothing.
    pub(super) fn anonymous() -> Self {
        Self { viewer: Viewer::Anonymous, until: None, key: None }
    }

    /// Whom a token speaks for, with the rights of this moment.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] with why it speaks for nobody.
    pub(super) async fn of(app: &App, token: &str) -> Result<Self> {
        if token.starts_with(PREFIX) {
            let hash = keys::hash(token);
            let viewer = (*api_keys::access::viewer(app, hash.clone()).await?).clone();
            return Ok(Self { viewer, until: None, key: Some(hash) });
        }
        let accounts::access::Known { viewer, until } = accounts::access::known(app, token).await?;
        Ok(Self { viewer: (*viewer).clone(), until: Some(until), key: None })
    }

    /// The same with the rights of now.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where they have ended.
    pub(super) async fn again(&self, app: &App) -> Result<Self> {
        if self.until.is_some_and(|until| until <= app.clock().now()) {
            return Err(Error::Unauthenticated(EXPIRED));
        }
        let viewer = match (&self.viewer, &self.key) {
            (Viewer::Account(own), _) => (*accounts::access::of_session(app, own.session, own.account).await?).clone(),
            (_, Some(hash)) => (*api_keys::access::viewer(app, hash.clone()).await?).clone(),
            (viewer, None) => viewer.clone(),
        };
        Ok(Self { viewer, ..self.clone() })
    }
}

/// Who asks.
///
/// # Errors
/// 401 for whoever says who they are and cannot show it: better said than taken for a stranger.
pub(super) async fn standing(app: &App, headers: &HeaderMap) -> Result<Standing, Refusal> {
    let Some(token) = token(headers)? else { return Ok(Standing::anonymous()) };
    Standing::of(app, token).await.map_err(|problem| match problem {
        Error::Unauthenticated(why) => refused(why),
        other => Refusal::of(&other.logged()),
    })
}

/// The limits that somebody is held to, and how much of the schema they are told.
pub(super) fn audience(viewer: &Viewer) -> Audience {
    match viewer {
        Viewer::Anonymous | Viewer::Visitor(_) => Audience::Stranger,
        Viewer::Account(_) if viewer.is_staff() => Audience::Staff,
        Viewer::Partner(partner) if partner.partner.is_some() => Audience::Partner,
        Viewer::Account(_) | Viewer::Partner(_) => Audience::Member,
    }
}

/// The token that a request shows. What is meant for somebody on the way (`Basic`, of a proxy) is none of ours.
fn token(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let (Ok(text), None) = (value.to_str(), given.next()) else { return Err(refused(NO_TOKEN)) };
    if text.trim().split(' ').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic")) {
        return Ok(None);
    }
    bearer(text).map(Some).ok_or_else(|| refused(NO_TOKEN))
}

/// The token in `Bearer ...`.
pub(super) fn bearer(text: &str) -> Option<&str> {
    let (scheme, token) = text.trim().split_once(' ')?;
    let token = token.trim();
    let is_one = !token.is_empty() && token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic());
    (scheme.eq_ignore_ascii_case("bearer") && is_one).then_some(token)
}

fn refused(why: &str) -> Refusal {
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, UNAUTHENTICATED, why);
    refusal.with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
}
