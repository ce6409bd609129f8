//! Institutions: the member organisations of an alliance, with the days of their membership.

pub mod actions;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;

use alliance_entity::id::CampaignId;
use alliance_entity::institution::{self, InstitutionKind, InstitutionStatus};
use async_graphql::{Enum, InputObject};
use chrono::NaiveDate;

use crate::page::OrderDirection;
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Text};

/// Which institutions to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct InstitutionFilter {
    /// Only those of the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those that take part in this public campaign.
    pub campaign: Option<IdOf<CampaignId>>,
    /// Only those of one of these kinds.
    pub kinds: Option<Vec<InstitutionKind>>,
    /// Only those whose pages are public, or only those whose pages are not yet.
    #[graphql(directive = staff_only::apply())]
    pub statuses: Option<Vec<InstitutionStatus>>,
    /// Only those that are members today, or only those that are not.
    pub is_member: Option<bool>,
}

/// In what order to list institutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct InstitutionOrder {
    /// What to order by.
    pub field: InstitutionOrderField,
    /// In which direction.
    pub direction: OrderDirection,
}

/// What institutions can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum InstitutionOrderField {
    /// Their names, without regard to case and accents.
    Name,
    /// Their first days as members; those that never joined count as the earliest.
    JoinedOn,
}

/// From A to Z: what a reader expects who asks for nothing else.
pub const BY_NAME: InstitutionOrder = InstitutionOrder { field: InstitutionOrderField::Name, direction: OrderDirection::Asc };

/// Whether an institution is a member on a day: from its first day on, and before the day on which it left.
#[must_use]
pub fn is_member(institution: &institution::Model, day: NaiveDate) -> bool {
    institution.joined_on.is_some_and(|joined| joined <= day) && institution.left_on.is_none_or(|left| day < left)
}

/// Whose institutions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// A campaign's.
    Campaign,
    /// A post's.
    Post,
}
