//! Campaigns: work on one issue over time.

pub mod object;
pub mod query;
pub mod store;

use alliance_entity::campaign::CampaignStatus;
use async_graphql::InputObject;

/// Which campaigns to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct CampaignFilter {
    /// Only those that stand so.
    pub status: Option<CampaignStatus>,
}
