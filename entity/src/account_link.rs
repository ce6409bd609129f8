//! What can be done once by whoever holds a link.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::account_role::Role;
use crate::id::{AccountId, AccountLinkId, AllianceId};

/// One row of `account_links`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountLinkId,
    pub purpose: LinkPurpose,
    /// Where the link is sent.
    pub email: String,
    /// The address as it is compared.
    pub email_key: String,
    /// The name of the account that it makes.
    pub name: Option<String>,
    /// The account that it is about, where there was one when it was asked for.
    pub account_id: Option<AccountId>,
    /// The alliance that invites; none where it makes an operator.
    pub alliance_id: Option<AllianceId>,
    /// The role that it grants in the alliance.
    pub role: Option<Role>,
    pub invited_by: Option<AccountId>,
    /// The hash of the token in the link; none until it is sent.
    pub token_hash: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub used_at: Option<DateTime<Utc>>,
}

/// None is named: statements join by columns.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Without what a log must not show.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("account_link::Model").field("id", &self.id).field("purpose", &self.purpose).finish_non_exhaustive()
    }
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum LinkPurpose {
    /// Somebody registers: it makes the account.
    #[sea_orm(string_value = "REGISTRATION")]
    Registration,
    /// An alliance invites: it grants the role, and makes the account where there is none.
    #[sea_orm(string_value = "INVITATION")]
    Invitation,
    /// The command line makes an admin or an operator, or lets one in again.
    #[sea_orm(string_value = "SETUP")]
    Setup,
    /// It sets a new password.
    #[sea_orm(string_value = "PASSWORD_RESET")]
    PasswordReset,
    /// It makes the address the account's.
    #[sea_orm(string_value = "EMAIL_CHANGE")]
    EmailChange,
}
