//! accountRegister, accountConfirm, accountInvite.

use alliance_entity::account_role::Role;
use alliance_entity::id::AllianceId;
use async_graphql::{Context, InputObject, Object};

use crate::accounts::actions::confirm::{self, Confirm};
use crate::accounts::actions::invite::{self, Invite};
use crate::accounts::actions::register;
use crate::accounts::object::{Account, Invitation};
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Secret, Text};

/// Who registers.
#[derive(Debug, InputObject)]
pub struct AccountRegisterInput {
    /// The e-mail address, to which a link is sent.
    pub email: Text,
    /// The name of the account: up to 100 characters.
    pub name: Text,
}

/// What somebody confirms.
#[derive(Debug, InputObject)]
pub struct AccountConfirmInput {
    /// The token of the link in the mail.
    pub token: Secret,
    /// The password of the account that comes into being: 15 characters or more, not easily guessed. Not wanted where there is one.
    pub password: Option<Secret>,
    /// Another name for it than the one that was given when it was asked for.
    pub name: Option<Text>,
    /// The address of the installation's first operator, whose setup link was shown on the command line.
    pub email: Option<Text>,
}

/// Who is invited.
#[derive(Debug, InputObject)]
pub struct AccountInviteInput {
    /// The id of the alliance.
    pub alliance: IdOf<AllianceId>,
    /// The e-mail address, to which a link is sent.
    pub email: Text,
    /// The name of whom you invite.
    pub name: Text,
    /// The role that they get in the alliance.
    #[graphql(default_with = "Role::Supporter")]
    pub role: Role,
}

payload! {
    /// What came of registering.
    AccountRegisterPayload {
        /// Whether a link is sent; the same for every address.
        accepted: bool,
    }
}

payload! {
    /// What came of confirming.
    AccountConfirmPayload {
        /// The account that was made or confirmed. Nobody is signed in by it.
        account: Account,
    }
}

payload! {
    /// What came of inviting.
    AccountInvitePayload {
        /// The invitation.
        invitation: Invitation,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct RegistrationMutation;

#[Object]
impl RegistrationMutation {
    /// Asks for an account: a link is sent to the address, and the account comes into being when `accountConfirm` takes its token. It has no
    /// role then. The answer is the same whether the address has an account.
    async fn account_register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who registers.")] input: AccountRegisterInput,
    ) -> Result<AccountRegisterPayload> {
        let AccountRegisterInput { email, name } = input;
        let done = register::register(&ctx.caller(), &email.0, &name.0).await;
        AccountRegisterPayload::of(done, |payload, ()| payload.accepted = Some(true))
    }

    /// Takes the token of a mail's link: it makes the account that was asked for, takes up an invitation, or confirms a new address. Each
    /// token works once.
    async fn account_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token, and what the account needs.")] input: AccountConfirmInput,
    ) -> Result<AccountConfirmPayload> {
        let AccountConfirmInput { token, password, name, email } = input;
        let confirm = Confirm {
            token: token.0,
            password: password.map(|password| password.0),
            email: email.map(|email| email.0),
            name: name.map(|name| name.0),
        };
        let done = confirm::confirm(&ctx.caller(), confirm).await;
        AccountConfirmPayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }

    /// Invites somebody to an alliance: a link is sent to the address, and whoever follows it has the role, with the account that they
    /// have or a new one. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn account_invite(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who is invited, and to what.")] input: AccountInviteInput,
    ) -> Result<AccountInvitePayload> {
        let AccountInviteInput { alliance, email, name, role } = input;
        let invite = Invite { alliance: alliance.0, role, email: email.0, name: name.0 };
        let done = invite::invite(&ctx.caller(), invite).await;
        AccountInvitePayload::of(done, |payload, row| payload.invitation = Some(Invitation::from(row)))
    }
}
