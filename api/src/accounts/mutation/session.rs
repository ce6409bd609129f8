//! signIn, tokenRefresh, signOut, signOutEverywhere, sessionRevoke.

use alliance_entity::id::SessionId;
use async_graphql::{Context, ID, InputObject, Object};
use secrecy::ExposeSecret;

use crate::accounts::access;
use crate::accounts::actions::sign_in::{self, SignIn, Tokens};
use crate::accounts::actions::{refresh, sign_out};
use crate::accounts::object::Viewer;
use crate::change::payload;
use crate::client::Client;
use crate::context::Ask;
use crate::cookie;
use crate::error::Result;
use crate::scalar::{DateTime, IdOf, Secret, Text};

/// What somebody signs in with.
#[derive(Debug, InputObject)]
pub struct SignInInput {
    /// The e-mail address of the account.
    pub email: Text,
    /// Its password.
    pub password: Secret,
    /// The code of the authenticator app, or a recovery code: where the account has a second factor.
    pub one_time_password: Option<Secret>,
    /// Whether the refresh token goes into a cookie that scripts of pages cannot read, instead of into the answer: for browsers
    /// without a backend of their own.
    #[graphql(default)]
    pub cookie: bool,
}

/// What somebody refreshes with.
#[derive(Debug, InputObject)]
pub struct TokenRefreshInput {
    /// The refresh token; left out where the browser keeps it in a cookie.
    pub refresh_token: Option<Secret>,
}

/// From where to sign out.
#[derive(Debug, Default, InputObject)]
pub struct SignOutInput {
    /// The refresh token of the session that ends; else the one in the browser's cookie, or the session that asks.
    pub refresh_token: Option<Secret>,
}

/// From where to sign out.
#[derive(Debug, Default, InputObject)]
pub struct SignOutEverywhereInput {
    /// Whether the session that asks goes on.
    #[graphql(default)]
    pub keep_current: bool,
}

/// Which session to end.
#[derive(Debug, InputObject)]
pub struct SessionRevokeInput {
    /// The session's id, as `viewer { sessions }` tells it.
    pub session: IdOf<SessionId>,
}

payload! {
    /// The tokens of a session.
    SignInPayload {
        /// Send it with each request as `Authorization: Bearer ...`; valid for ten minutes.
        access_token: String,
        /// Give it to `tokenRefresh` for the next pair of tokens, once; null where the browser keeps it in a cookie.
        refresh_token: String,
        /// When the access token ends.
        expires_at: DateTime,
        /// Who is signed in.
        viewer: Viewer,
    }
}

payload! {
    /// The next tokens of a session.
    TokenRefreshPayload {
        /// The next access token.
        access_token: String,
        /// The next refresh token: the one that was given is used up. Null where the browser keeps it in a cookie.
        refresh_token: String,
        /// When the access token ends.
        expires_at: DateTime,
        /// Who is signed in.
        viewer: Viewer,
    }
}

payload! {
    /// What came of signing out.
    SignOutPayload {
        /// The id of the session that has ended.
        session: ID,
    }
}

payload! {
    /// What came of signing out from everywhere.
    SignOutEverywherePayload {
        /// How many sessions have ended.
        sessions: i64,
    }
}

payload! {
    /// What came of ending a session.
    SessionRevokePayload {
        /// The id of the session that has ended.
        session: ID,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Begins a session. The answer to an unknown address and to a wrong password is the same. It is the only field of its operation.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you sign in with.")] input: SignInInput,
    ) -> Result<SignInPayload> {
        let SignInInput { email, password, one_time_password, cookie } = input;
        let code = one_time_password.map(|code| code.0);
        let input = SignIn { email: email.0, password: password.0, code, in_cookie: cookie };
        let done = shown(ctx, sign_in::sign_in(&ctx.caller(), input).await).await;
        SignInPayload::of(done, |payload, shown| {
            payload.access_token = Some(shown.access_token);
            payload.refresh_token = shown.refresh_token;
            payload.expires_at = Some(shown.expires_at);
            payload.viewer = shown.viewer;
        })
    }

    /// The next tokens of a session, for its refresh token. Each refresh token is used once: one that comes again after more than ten
    /// seconds was stolen, and ends its session. It is the only field of its operation.
    async fn token_refresh(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] input: TokenRefreshInput,
    ) -> Result<TokenRefreshPayload> {
        let token = input.refresh_token.map(|token| token.0);
        let done = shown(ctx, refresh::refresh(&ctx.caller(), token).await).await;
        TokenRefreshPayload::of(done, |payload, shown| {
            payload.access_token = Some(shown.access_token);
            payload.refresh_token = shown.refresh_token;
            payload.expires_at = Some(shown.expires_at);
            payload.viewer = shown.viewer;
        })
    }

    /// Ends a session: its tokens are valid no more.
    async fn sign_out(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session; the one that asks where nothing is said.", default)] input: SignOutInput,
    ) -> Result<SignOutPayload> {
        let done = sign_out::sign_out(&ctx.caller(), input.refresh_token.map(|token| token.0)).await;
        if done.is_ok() {
            forget(ctx);
        }
        SignOutPayload::of(done, |payload, session| payload.session = Some(session.to_string().into()))
    }

    /// Ends all your sessions.
    async fn sign_out_everywhere(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From where to sign out.", default)] input: SignOutEverywhereInput,
    ) -> Result<SignOutEverywherePayload> {
        let done = sign_out::sign_out_everywhere(&ctx.caller(), input.keep_current).await;
        if done.is_ok() && !input.keep_current {
            forget(ctx);
        }
        SignOutEverywherePayload::of(done, |payload, ended| payload.sessions = i64::try_from(ended).ok())
    }

    /// Ends one of your sessions.
    async fn session_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] input: SessionRevokeInput,
    ) -> Result<SessionRevokePayload> {
        let done = sign_out::revoke(&ctx.caller(), input.session.0).await;
        SessionRevokePayload::of(done, |payload, session| payload.session = Some(session.to_string().into()))
    }
}

/// What a client is shown of a session.
struct Shown {
    access_token: String,
    refresh_token: Option<String>,
    expires_at: DateTime,
    viewer: Option<Viewer>,
}

/// Puts the refresh token where it was asked for.
async fn shown(ctx: &Context<'_>, tokens: Result<Tokens>) -> Result<Shown> {
    let Tokens { access, expires_at, refresh, session_expires_at, in_cookie, account: _, session } = tokens?;
    if in_cookie {
        let seconds = (session_expires_at - ctx.app().clock().now()).num_seconds();
        ctx.append_http_header("set-cookie", cookie::kept(ctx.client(), refresh.expose_secret(), seconds));
    }
    let viewer = access::signed_in(ctx.app(), session).await?.map(Viewer);
    let refresh_token = (!in_cookie).then(|| refresh.expose_secret().to_owned());
    Ok(Shown { access_token: access, refresh_token, expires_at: DateTime(expires_at), viewer })
}

/// Lets the browser forget the refresh token that it keeps.
fn forget(ctx: &Context<'_>) {
    let client: &Client = ctx.client();
    if client.refresh_token.is_some() {
        ctx.append_http_header("set-cookie", cookie::kept(client, "", 0));
    }
}
