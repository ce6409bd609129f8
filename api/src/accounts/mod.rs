//! Accounts: who can sign in, what they may do and where, and how that ends.

pub mod access;
pub mod actions;
pub mod mailing;
pub mod mutation;
pub mod object;
pub mod password;
pub mod query;
pub mod recovery;
pub mod store;
pub mod totp;

use alliance_entity::account_role::Role;
use async_graphql::InputObject;

use crate::scalar::Text;

/// Which accounts to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct AccountFilter {
    /// Only those with a role in the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those with this role; in the alliance, where one is named.
    pub role: Option<Role>,
    /// Only those that cannot sign in, or only those that can.
    pub is_disabled: Option<bool>,
}
