//! People in public roles: organisers, commissioners, authors. No account is public; a person is not an account.

pub mod actions;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;

use alliance_entity::person_role::PersonRole;
use async_graphql::InputObject;

use crate::scalar::Text;

/// Which people to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct PersonFilter {
    /// Only those of the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those who hold one of these public roles.
    pub roles: Option<Vec<PersonRole>>,
    /// Only those who are public, or only those who hold no public role.
    pub is_public: Option<bool>,
}
