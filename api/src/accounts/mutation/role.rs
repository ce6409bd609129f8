//! roleGrant, roleRevoke.

use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AllianceId};
use async_graphql::{Context, InputObject, Object};

use crate::accounts::actions::roles;
use crate::accounts::object::Account;
use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::scalar::IdOf;

/// Who gets a role.
#[derive(Debug, InputObject)]
pub struct RoleGrantInput {
    /// The account's id: one that has a role in the alliance already, as everybody has who was invited.
    pub account: IdOf<AccountId>,
    /// The alliance's id.
    pub alliance: IdOf<AllianceId>,
    /// The role.
    pub role: Role,
}

/// Who loses a role.
#[derive(Debug, InputObject)]
pub struct RoleRevokeInput {
    /// The account's id.
    pub account: IdOf<AccountId>,
    /// The alliance's id.
    pub alliance: IdOf<AllianceId>,
    /// The role.
    pub role: Role,
}

payload! {
    /// What came of granting a role.
    RoleGrantPayload {
        /// The account, with its roles as they are now.
        account: Account,
    }
}

payload! {
    /// What came of revoking a role.
    RoleRevokePayload {
        /// The account, with its roles as they are now.
        account: Account,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct RoleMutation;

#[Object]
impl RoleMutation {
    /// Gives an account a role in an alliance, besides those that it has. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn role_grant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who gets which role.")] input: RoleGrantInput,
    ) -> Result<RoleGrantPayload> {
        let RoleGrantInput { account, alliance, role } = input;
        let done = roles::grant(&ctx.caller(), account.0, alliance.0, role).await;
        RoleGrantPayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }

    /// Takes a role in an alliance from an account. The last admin of an alliance stays. For admins.
    #[graphql(directive = staff_only::apply())]
    async fn role_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who loses which role.")] input: RoleRevokeInput,
    ) -> Result<RoleRevokePayload> {
        let RoleRevokeInput { account, alliance, role } = input;
        let done = roles::revoke(&ctx.caller(), account.0, alliance.0, role).await;
        RoleRevokePayload::of(done, |payload, account| payload.account = Some(Account(account)))
    }
}
