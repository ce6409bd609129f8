//! From a token to whom it speaks for, with the rights of this moment.

use std::sync::Arc;

use alliance_entity::account;
use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{AccountId, SessionId};
use chrono::{DateTime, Utc};

use crate::accounts::store::{roles, sessions};
use crate::app::App;
use crate::error::{Error, Result};
use crate::keys::token::TokenProblem;
use crate::viewer::{SignedIn, Viewer};

/// What somebody is told whose session is over.
pub const ENDED: &str = "this session has ended; sign in again";

/// Whom a token speaks for, and until when.
#[derive(Debug, Clone)]
pub struct Known {
    /// With the rights of this moment.
    pub viewer: Arc<Viewer>,
    /// The end of the token.
    pub until: DateTime<Utc>,
}

/// Whom an access token or a visitor's token speaks for.
///
/// # Errors
/// [`Error::Unauthenticated`] with why it speaks for nobody.
pub async fn known(app: &App, token: &str) -> Result<Known> {
    let now = app.clock().now();
    let claims = match app.keys().verify_access(token, now) {
        Ok(claims) => claims,
        Err(TokenProblem::Malformed) => {
            let visitor = app.keys().verify_visitor(token, now).map_err(told)?;
            return Ok(Known { viewer: Arc::new(Viewer::Visitor(visitor.visitor)), until: visitor.expires_at });
        }
        Err(problem) => return Err(told(problem)),
    };
    let viewer = of_session(app, claims.session, claims.account).await?;
    Ok(Known { viewer, until: claims.expires_at })
}

/// Whom the session of an account speaks for.
///
/// # Errors
/// [`Error::Unauthenticated`] where it has ended.
pub async fn of_session(app: &App, session: SessionId, account: AccountId) -> Result<Arc<Viewer>> {
    let found = app.access().of_session(session, signed_in(app, session)).await?;
    match found {
        Some(viewer) if viewer.account().is_some_and(|own| own.account == account) => Ok(viewer),
        _ => Err(Error::Unauthenticated(ENDED)),
    }
}

fn told(problem: TokenProblem) -> Error {
    Error::Unauthenticated(match problem {
        TokenProblem::Malformed => "this is no token of this service",
        TokenProblem::Forged => "this token was not signed here",
        TokenProblem::Foreign => "this token is not meant for this service",
        TokenProblem::Early => "this token is not valid yet",
        TokenProblem::Expired => "this token has expired; get a new one with `tokenRefresh`, and leave out this header there",
    })
}

/// Whom a session speaks for; nobody where it has ended, or its account may not sign in.
///
/// # Errors
/// Where the database does not answer.
pub async fn signed_in(app: &App, id: SessionId) -> Result<Option<Viewer>> {
    let db = app.db().read();
    let Some((session, account)) = sessions::find_live(db, id, app.clock().now()).await? else { return Ok(None) };
    let roles = roles::with_rule(db, account.id).await?;
    Ok(Some(rights(&account, session.id, roles)))
}

/// What an account may do in a session, by its roles and whether their alliances want a second factor.
pub(super) fn rights(account: &account::Model, session: SessionId, roles: Vec<(account_role::Model, bool)>) -> Viewer {
    let has_second_factor = account.two_factor_since.is_some();
    let (mut grants, mut awaiting_second_factor) = (Vec::new(), Vec::new());
    for (grant, wants_second_factor) in roles {
        if wants_second_factor && !has_second_factor && grant.role != Role::Supporter {
            awaiting_second_factor.push(grant.alliance_id);
        } else {
            grants.push((grant.alliance_id, grant.role));
        }
    }
    awaiting_second_factor.dedup();
    let is_operator = account.is_operator;
    Viewer::Account(Arc::new(SignedIn { account: account.id, session, is_operator, grants, awaiting_second_factor }))
}
