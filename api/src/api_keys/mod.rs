//! The keys of partners: programs of other alliances, which are nobody's account.

pub mod access;
pub mod actions;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;

use alliance_entity::api_key::ApiKeyScope;
use async_graphql::InputObject;
use sea_orm::Iterable;

use crate::scalar::Text;

/// What each key begins with.
pub const PREFIX: &str = "alk_";

/// Which keys to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct ApiKeyFilter {
    /// Only the keys to the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only the keys of this partner.
    pub holder: Option<Text>,
    /// Only those that are live, or only those that are not: revoked or expired.
    pub is_live: Option<bool>,
}

/// Scopes as they are kept.
#[must_use]
pub fn written(scopes: &[ApiKeyScope]) -> String {
    scopes.iter().map(|scope| scope.word()).collect::<Vec<_>>().join(" ")
}

/// Scopes as they were kept.
#[must_use]
pub fn read(words: &str) -> Vec<ApiKeyScope> {
    ApiKeyScope::iter().filter(|scope| words.split(' ').any(|word| word == scope.word())).collect()
}
