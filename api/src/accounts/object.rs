//! Account and what belongs to it, as clients see them.

use alliance_entity::account_link;
use alliance_entity::account_role::{self, Role};
use alliance_entity::id::AccountId;
use alliance_entity::{account, session};
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use uuid::Uuid;

use crate::accounts::store::list::Accounts;
use crate::accounts::store::roles::RolesOf;
use crate::accounts::store::second_factor;
use crate::accounts::store::sessions::SessionsOf;
use crate::alliances::object::Alliance;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::events;
use crate::events::RsvpFilter;
use crate::events::query::OwnRsvps;
use crate::page::connection::{connection, object};
use crate::reactions;
use crate::reactions::object::ReactionConnection;
use crate::scalar::DateTime;
use crate::viewer::Viewer as Asking;

connection!(AccountConnection, AccountEdge, Accounts => Account, "account", "accounts");

/// An account's row.
#[derive(Debug, Clone)]
pub struct Account(pub account::Model);

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        Self(row)
    }
}

/// Somebody who can sign in. No account is public: it is seen by itself, by the admins of its alliances and by the operator.
#[Object]
impl Account {
    /// The account's id, the same for ever.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// The name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Whether the name may stand beside what the account writes.
    async fn name_is_public(&self) -> bool {
        self.0.name_is_public
    }

    /// The e-mail address that it signs in with; null but to itself, the admins of its alliances and the operator.
    async fn email(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        // Who follows a link of a mail is told of the account and not signed in.
        Ok(ctx.load(self.0.id).await?.map(|account| account.email))
    }

    /// Its roles: all of them to itself, those in their own alliances to admins.
    async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<AccountRole>> {
        Ok(ctx.load(RolesOf(self.0.id)).await?.unwrap_or_default().into_iter().map(AccountRole).collect())
    }

    /// Whether it is the installation's operator: an admin of every alliance.
    async fn is_operator(&self) -> bool {
        self.0.is_operator
    }

    /// Whether it is kept from signing in.
    async fn is_disabled(&self) -> bool {
        self.0.disabled_at.is_some()
    }

    /// Whether signing in takes a second factor.
    async fn has_two_factor(&self) -> bool {
        self.0.two_factor_since.is_some()
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When it signed in last; null where it never did.
    async fn signed_in_at(&self) -> Option<DateTime> {
        self.0.signed_in_at.map(DateTime)
    }

    /// Counts its changes: give the one that you read with `accountEdit`.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// A role's row.
#[derive(Debug, Clone)]
pub struct AccountRole(pub account_role::Model);

/// What an account may do in an alliance.
#[Object]
impl AccountRole {
    /// The alliance in which it counts, and in no other.
    async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
        let alliance = ctx.load(self.0.alliance_id).await?;
        alliance.map(Alliance::from).ok_or_else(|| Error::internal("a role's alliance is missing"))
    }

    /// The role.
    async fn role(&self) -> Role {
        self.0.role
    }

    /// When it was granted.
    async fn granted_at(&self) -> DateTime {
        DateTime(self.0.granted_at)
    }
}

/// A session's row.
#[derive(Debug, Clone)]
pub struct Session(pub session::Model);

/// A sign-in that lasts: one device or one browser. Seen by its account alone.
#[Object]
impl Session {
    /// The session's id: give it to `sessionRevoke`.
    async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Whether it is the session that asks.
    async fn is_current(&self, ctx: &Context<'_>) -> bool {
        ctx.viewer().account().is_some_and(|own| own.session == self.0.id)
    }

    /// What the client called itself when it signed in.
    async fn user_agent(&self) -> Option<&str> {
        self.0.user_agent.as_deref()
    }

    /// The network that it signed in from: an address without its end.
    async fn network(&self) -> Option<&str> {
        self.0.network.as_deref()
    }

    /// When it signed in.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its refresh token was used last.
    async fn used_at(&self) -> DateTime {
        DateTime(self.0.used_at)
    }

    /// When it ends unless it is used.
    async fn expires_at(&self) -> DateTime {
        DateTime(self.0.expires_at)
    }
}

/// An invitation to an alliance, sent by mail. It is an account's once that is confirmed.
#[derive(Debug, Clone, SimpleObject)]
pub struct Invitation {
    /// The invitation's id, which is not the secret in its link.
    pub id: ID,
    /// Where it is sent.
    pub email: String,
    /// Who is invited.
    pub name: String,
    /// The role that it grants.
    pub role: Option<Role>,
    /// Until when it can be taken up.
    pub expires_at: DateTime,
}

impl From<account_link::Model> for Invitation {
    fn from(row: account_link::Model) -> Self {
        let account_link::Model { id, email, name, role, expires_at, .. } = row;
        Self { id: id.to_string().into(), email, name: name.unwrap_or_default(), role, expires_at: DateTime(expires_at) }
    }
}

/// Who a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ViewerKind {
    /// Somebody with an account, who signed in.
    Account,
    /// Somebody without an account who holds a visitor's token.
    Visitor,
    /// A partner's program, by its key.
    Partner,
}

/// Who a token speaks for.
#[derive(Debug, Clone)]
pub struct Viewer(pub Asking);

object! {
    /// Who your token speaks for, with the rights of this moment.
    Viewer (self, ctx, page) {
        /// What kind of viewer you are.
        async fn kind(&self) -> ViewerKind {
            match self.0 {
                Asking::Account(_) => ViewerKind::Account,
                Asking::Partner(_) => ViewerKind::Partner,
                Asking::Anonymous | Asking::Visitor(_) => ViewerKind::Visitor,
            }
        }

        /// The id of the account, of the partner's key, or of the visitor.
        async fn id(&self) -> ID {
            match &self.0 {
                Asking::Account(own) => own.account.to_string(),
                Asking::Partner(partner) => partner.key.to_string(),
                Asking::Visitor(visitor) => visitor.to_string(),
                Asking::Anonymous => String::new(),
            }
            .into()
        }

        /// The account; null but to an account.
        async fn account(&self, ctx: &Context<'_>) -> Result<Option<Account>> {
            match self.own() {
                Some(id) => Ok(ctx.load(id).await?.map(Account)),
                None => Ok(None),
            }
        }

        /// The roles that count now.
        async fn roles(&self, ctx: &Context<'_>) -> Result<Vec<AccountRole>> {
            let Some(own) = self.0.account() else { return Ok(Vec::new()) };
            let roles = ctx.load(RolesOf(own.account)).await?.unwrap_or_default().into_iter();
            Ok(roles.filter(|role| own.grants.contains(&(role.alliance_id, role.role))).map(AccountRole).collect())
        }

        /// Whether you are the installation's operator: an admin of every alliance.
        async fn is_operator(&self) -> bool {
            self.0.account().is_some_and(|own| own.is_operator)
        }

        /// The alliances that your roles count in as soon as you have set up a second factor, which they require of their staff.
        async fn awaiting_two_factor(&self, ctx: &Context<'_>) -> Result<Vec<Alliance>> {
            let Some(own) = self.0.account() else { return Ok(Vec::new()) };
            let alliances = own.awaiting_second_factor.iter().map(|id| ctx.load(*id));
            let alliances = futures_util::future::try_join_all(alliances).await?;
            Ok(alliances.into_iter().flatten().map(Alliance::from).collect())
        }

        /// How many recovery codes are left; null without a second factor.
        async fn recovery_codes_left(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
            let Some(id) = self.own() else { return Ok(None) };
            match ctx.load(id).await? {
                Some(account) if account.two_factor_since.is_some() => {
                    Ok(Some(i64::try_from(second_factor::count_codes(ctx.app(), id).await?).unwrap_or_default()))
                }
                _ => Ok(None),
            }
        }

        /// Where you are signed in, the newest first.
        async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
            let Some(id) = self.own() else { return Ok(Vec::new()) };
            Ok(ctx.load(SessionsOf(id)).await?.unwrap_or_default().into_iter().map(Session).collect())
        }
    }
    lists {
        /// What you have said of posts, campaigns and events and have not taken back, in whatever state it is, the newest first.
        fn reactions() -> ReactionConnection {
            reactions::query::own(page)
        }

        /// Your own answers to events, in the order in which you gave them; none but to an account.
        fn rsvps(#[graphql(desc = "Which answers.")] filter: Option<RsvpFilter>) -> OwnRsvps {
            // Nobody else has any.
            events::query::rsvps_of(self.own().map_or_else(Uuid::nil, |own| own.0), filter, page)
        }
    }
}

impl Viewer {
    fn own(&self) -> Option<AccountId> {
        self.0.account().map(|own| own.account)
    }
}
