//! Whom a request speaks for, by the token in its `Authorization`. It is known before anything of the body is read: what a stranger
//! sends is held to the limits of strangers, and a token that is not ours costs us next to nothing.

use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};

use crate::app::App;
use crate::document::audience::Audience;
use crate::error::UNAUTHENTICATED;
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
        Viewer::Anonymous => Audience::Stranger,
    }
}

/// Whom a token speaks for. Nobody has a token yet, so that none can be right.
#[expect(clippy::unused_async, reason = "what a session may do is asked of the database")]
async fn authenticate(_app: &App, _token: &str) -> Result<Viewer, Refusal> {
    Err(not_valid())
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
    let refusal = Refusal::new(StatusCode::UNAUTHORIZED, UNAUTHENTICATED, "This token is not valid here.");
    refusal.with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
}
