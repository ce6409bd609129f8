//! passwordChange, passwordResetRequest, passwordReset.

use async_graphql::{Context, InputObject, Object};

use crate::accounts::actions::password;
use crate::accounts::object::Account;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::scalar::{Secret, Text};

/// The password that there is, and the one that is to be.
#[derive(Debug, InputObject)]
pub struct PasswordChangeInput {
    /// Your password until now.
    pub current_password: Secret,
    /// Your password from now on: 15 characters or more, 8 with a second factor, and not easily guessed.
    pub new_password: Secret,
}

/// Who has forgotten a password.
#[derive(Debug, InputObject)]
pub struct PasswordResetRequestInput {
    /// The e-mail address of the account, to which a link is sent.
    pub email: Text,
}

/// The token of a link, and the new password.
#[derive(Debug, InputObject)]
pub struct PasswordResetInput {
    /// The token of the link in the mail; valid for 30 minutes.
    pub token: Secret,
    /// Your password from now on: 15 characters or more, 8 with a second factor, and not easily guessed.
    pub new_password: Secret,
}

payload! {
    /// What came of changing a password.
    PasswordChangePayload {
        /// Your account.
        account: Account,
    }
}

payload! {
    /// What came of asking for a link.
    PasswordResetRequestPayload {
        /// Whether a link is sent where the address has an account; the same for every address.
        accepted: bool,
    }
}

payload! {
    /// What came of setting a new password.
    PasswordResetPayload {
        /// The account. Nobody is signed in by it.
        account: Account,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct PasswordMutation;

#[Object]
impl PasswordMutation {
    /// Changes your password, and ends your other sessions.
    async fn password_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Both passwords.")] input: PasswordChangeInput,
    ) -> Result<PasswordChangePayload> {
        let PasswordChangeInput { current_password, new_password } = input;
        let done = password::change(&ctx.caller(), current_password.0, new_password.0).await;
        PasswordChangePayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }

    /// Asks for a link that sets a new password. The answer is the same whether the address has an account.
    async fn password_reset_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose password.")] input: PasswordResetRequestInput,
    ) -> Result<PasswordResetRequestPayload> {
        let done = password::request_reset(&ctx.caller(), &input.email.0).await;
        PasswordResetRequestPayload::of(done, |payload, ()| payload.accepted = Some(true))
    }

    /// Sets a new password by the token of a link, and ends all sessions of the account. A second factor stays as it is.
    async fn password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token, and the new password.")] input: PasswordResetInput,
    ) -> Result<PasswordResetPayload> {
        let PasswordResetInput { token, new_password } = input;
        let done = password::reset(&ctx.caller(), token.0, new_password.0).await;
        PasswordResetPayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }
}
