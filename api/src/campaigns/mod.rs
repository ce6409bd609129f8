//! Campaigns: work on one issue over time.

pub mod actions;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;
pub mod subscription;

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::id::InstitutionId;
use async_graphql::{Enum, InputObject};

use crate::page::OrderDirection;
use crate::scalar::{IdOf, Text};

/// Which campaigns to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct CampaignFilter {
    /// Only those of the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those that this public institution takes part in.
    pub institution: Option<IdOf<InstitutionId>>,
    /// Only those that stand in one of these ways.
    pub statuses: Option<Vec<CampaignStatus>>,
}

/// In what order to list campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct CampaignOrder {
    /// What to order by.
    pub field: CampaignOrderField,
    /// In which direction.
    pub direction: OrderDirection,
}

/// What campaigns can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum CampaignOrderField {
    /// Their titles, without regard to case and accents.
    Title,
    /// When they were changed last.
    UpdatedAt,
}

/// From A to Z: what a reader expects who asks for nothing else.
pub const BY_TITLE: CampaignOrder = CampaignOrder { field: CampaignOrderField::Title, direction: OrderDirection::Asc };

/// Whose campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// An institution's.
    Institution,
    /// A post's.
    Post,
    /// An event's.
    Event,
}
