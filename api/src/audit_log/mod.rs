//! The audit log: who did what to what, when and from where. It is written by `audit`, and never changed.

pub mod object;
pub mod query;
pub mod store;

use alliance_entity::id::AccountId;
use async_graphql::InputObject;

use crate::scalar::{DateTime, IdOf, Text};

/// Which entries to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct AuditFilter {
    /// Only what was done in the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only what this account did.
    pub actor: Option<IdOf<AccountId>>,
    /// Only this act, by the name of its mutation, such as `roleGrant`.
    pub action: Option<Text>,
    /// Only what was done at or after this time.
    pub from: Option<DateTime>,
    /// Only what was done before this time.
    pub before: Option<DateTime>,
}
