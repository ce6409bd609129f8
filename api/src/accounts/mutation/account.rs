//! accountEdit, accountEmailChange, accountDisable.

use alliance_entity::id::AccountId;
use async_graphql::{Context, InputObject, Object};

use crate::accounts::actions::disable;
use crate::accounts::actions::edit::{self, Edit};
use crate::accounts::object::Account;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Secret, Text};

/// What is to be another. What is left out stays.
#[derive(Debug, InputObject)]
pub struct AccountEditInput {
    /// Your account's id.
    pub id: IdOf<AccountId>,
    /// The version that you read: where it has moved on, nothing is written.
    pub version: i32,
    /// The name: up to 100 characters.
    pub name: Option<Text>,
    /// Whether the name may stand beside what you write.
    pub name_is_public: Option<bool>,
}

/// Another address.
#[derive(Debug, InputObject)]
pub struct AccountEmailChangeInput {
    /// The new e-mail address, to which a link is sent.
    pub email: Text,
    /// Your password.
    pub password: Secret,
}

/// Which account may not sign in.
#[derive(Debug, InputObject)]
pub struct AccountDisableInput {
    /// The account's id.
    pub id: IdOf<AccountId>,
    /// Whether it is disabled; `false` lets it in again.
    #[graphql(default = true)]
    pub disabled: bool,
}

payload! {
    /// What came of editing.
    AccountEditPayload {
        /// The account, as it is now.
        account: Account,
    }
}

payload! {
    /// What came of asking for another address.
    AccountEmailChangePayload {
        /// Whether a link is sent to the new address; the same for every address. The account has the old one until it is followed.
        accepted: bool,
    }
}

payload! {
    /// What came of disabling.
    AccountDisablePayload {
        /// The account, as it is now.
        account: Account,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Changes your account.
    async fn account_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: AccountEditInput,
    ) -> Result<AccountEditPayload> {
        let AccountEditInput { id, version, name, name_is_public } = input;
        let edit = Edit { id: id.0, version, name: name.map(|name| name.0), name_is_public };
        let done = edit::edit(&ctx.caller(), edit).await;
        AccountEditPayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }

    /// Asks for a link to another address, which becomes your account's when its token is given to `accountConfirm`. The old address is
    /// told then.
    async fn account_email_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The new address.")] input: AccountEmailChangeInput,
    ) -> Result<AccountEmailChangePayload> {
        let AccountEmailChangeInput { email, password } = input;
        let done = edit::change_email(&ctx.caller(), &email.0, password.0).await;
        AccountEmailChangePayload::of(done, |payload, _| payload.accepted = Some(true))
    }

    /// Keeps an account from signing in, and ends its sessions; or lets it in again. For admins of all alliances that it has a role in.
    #[graphql(directive = staff_only::apply())]
    async fn account_disable(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: AccountDisableInput,
    ) -> Result<AccountDisablePayload> {
        let done = disable::disable(&ctx.caller(), input.id.0, input.disabled).await;
        AccountDisablePayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }
}
