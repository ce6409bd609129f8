//! Whom a request speaks for, by the token in its `Authorization`. It is known before anything of the body is read: what a stranger
//! sends is held to the limits of strangers, and a token that is not ours costs us next to nothing.

use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};

use crate::accounts;
use crate::api_keys::{self, PREFIX};
use crate::app::App;
use crate::document::audience::Audience;
use crate::error::{Error, UNAUTHENTICATED};
use crate::server::refusal::Refusal;
use crate::viewer::Viewer;

/// How long a token of ours can be, whatever its kind.
const LONGEST_TOKEN: usize = 4_096;

/// Who asks.
///
/// # Errors
/// 401 for whoever says who they are and cannot show it: better said than taken for a stranger.
pub(super) async fn viewer(app: &App, headers: &HeaderMap) -> Result<Viewer, Refusal> {
    match token(headers)? {
        Some(token) => authenticate(app, token).await,
        None => Ok(Viewer::Anonymous),
    }
}

/// The limits that somebody is held to, and how much of the schema they are told.
pub(super) fn audience(viewer: &Viewer) -> Audience {
    match viewer {
        Viewer::Anonymous | Viewer::Visitor(_) => Audience::Stranger,
        Viewer::Account(_) if viewer.is_staff() => Audience::Staff,
        Viewer::Account(_) | Viewer::Partner(_) => Audience::Member,
    }
}

/// Whom a token speaks for, with the rights of this moment.
async fn authenticate(app: &App, token: &str) -> Result<Viewer, Refusal> {
    let found = match token.starts_with(PREFIX) {
        true => api_keys::access::viewer(app, token).await,
        false => accounts::access::viewer(app, token).await,
    };
    found.map(|viewer| (*viewer).clone()).map_err(|problem| match problem {
        Error::Unauthenticated(why) => refused(why),
        other => Refusal::of(&other.logged()),
    })
}

/// The token that a request shows. What is meant for somebody on the way (`Basic`, of a proxy) is none of ours.
fn token(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut given = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let (Ok(text), None) = (value.to_str(), given.next()) else { return Err(not_valid()) };
    let (scheme, token) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let token = token.trim();
    let is_one = !token.is_empty() && token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic());
    match scheme.eq_ignore_ascii_case("bearer") && is_one {
        true => Ok(Some(token)),
        false => Err(not_valid()),
    }
}

fn not_valid() -> Refusal {
    refused("this is no token of this service")
}

fn refused(why: &str) -> Refusal {
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, UNAUTHENTICATED, why);
    refusal.with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
}
