//! Alliances: the organisations whose content this is.

pub mod actions;
pub mod address;
pub mod appearance;
pub mod mutation;
pub mod object;
pub mod outward;
pub mod query;
pub mod store;

use alliance_entity::alliance::AllianceKind;
use async_graphql::InputObject;

/// Which alliances to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct AllianceFilter {
    /// Only those of this kind.
    pub kind: Option<AllianceKind>,
}
