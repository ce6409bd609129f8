//! Partners: other alliances that carry posts of one here, each with its rights and its keys.

pub mod actions;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;

use async_graphql::InputObject;

use crate::scalar::Text;

/// Which partners to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct PartnerFilter {
    /// Only the partners of the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those that may carry nothing for now, or only the others.
    pub is_suspended: Option<bool>,
}
