//! twoFactorBegin, twoFactorConfirm, twoFactorDisable.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use secrecy::ExposeSecret;

use crate::accounts::actions::second_factor;
use crate::accounts::object::Account;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::scalar::Secret;

/// Who sets up a second factor.
#[derive(Debug, InputObject)]
pub struct TwoFactorBeginInput {
    /// Your password.
    pub password: Secret,
}

/// That the app works.
#[derive(Debug, InputObject)]
pub struct TwoFactorConfirmInput {
    /// The code that the app shows.
    pub one_time_password: Secret,
}

/// Who takes a second factor away.
#[derive(Debug, InputObject)]
pub struct TwoFactorDisableInput {
    /// Your password.
    pub password: Secret,
    /// The code that the app shows, or a recovery code.
    pub one_time_password: Secret,
}

payload! {
    /// What an authenticator app is told. It is shown this once.
    TwoFactorBeginPayload {
        /// What to show as a QR code: `otpauth://totp/...`.
        url: String,
        /// What to type where the code cannot be read.
        secret: String,
    }
}

/// A second factor that is in force.
#[derive(Debug, SimpleObject)]
pub struct TwoFactor {
    /// Ten codes, which are shown this once: each lets you in once without the app.
    pub recovery_codes: Vec<String>,
}

payload! {
    /// What came of putting a second factor in force.
    TwoFactorConfirmPayload {
        /// The second factor.
        two_factor: TwoFactor,
    }
}

payload! {
    /// What came of taking a second factor away.
    TwoFactorDisablePayload {
        /// Your account.
        account: Account,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct TwoFactorMutation;

#[Object]
impl TwoFactorMutation {
    /// Begins to set up an authenticator app (RFC 6238). It counts once `twoFactorConfirm` has had a code of it.
    async fn two_factor_begin(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Your password.")] input: TwoFactorBeginInput,
    ) -> Result<TwoFactorBeginPayload> {
        let done = second_factor::begin(&ctx.caller(), input.password.0).await;
        TwoFactorBeginPayload::of(done, |payload, begun| {
            payload.url = Some(begun.url.expose_secret().to_owned());
            payload.secret = Some(begun.secret.expose_secret().to_owned());
        })
    }

    /// Puts the authenticator app in force: from now on signing in takes a code of it. Your other sessions end.
    async fn two_factor_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A code of the app.")] input: TwoFactorConfirmInput,
    ) -> Result<TwoFactorConfirmPayload> {
        let done = second_factor::confirm(&ctx.caller(), &input.one_time_password.0).await;
        TwoFactorConfirmPayload::of(done, |payload, recovery_codes| payload.two_factor = Some(TwoFactor { recovery_codes }))
    }

    /// Takes the second factor away: from now on signing in takes the password alone.
    async fn two_factor_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Your password, and a code.")] input: TwoFactorDisableInput,
    ) -> Result<TwoFactorDisablePayload> {
        let TwoFactorDisableInput { password, one_time_password } = input;
        let done = second_factor::disable(&ctx.caller(), password.0, &one_time_password.0).await;
        TwoFactorDisablePayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }
}
