//! Enquiries: an institution asks to sit down with an organiser of an alliance, and what comes of it.

pub mod actions;
pub mod mailing;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;

use alliance_entity::enquiry::EnquiryState;
use alliance_entity::id::{AccountId, InstitutionId};
use async_graphql::{Enum, InputObject};

use crate::page::OrderDirection;
use crate::policy::staff::staff_only;
use crate::scalar::{IdOf, Text};

/// Which enquiries to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct EnquiryFilter {
    /// Only those to the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those that have come so far.
    pub states: Option<Vec<EnquiryState>>,
    /// Only those that this account works.
    #[graphql(directive = staff_only::apply())]
    pub organiser: Option<IdOf<AccountId>>,
    /// Only those that somebody works, or only those that nobody works yet.
    #[graphql(directive = staff_only::apply())]
    pub is_assigned: Option<bool>,
    /// Only those of this institution.
    pub institution: Option<IdOf<InstitutionId>>,
}

/// In what order to list enquiries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct EnquiryOrder {
    /// What to order by.
    pub field: EnquiryOrderField,
    /// In which direction.
    pub direction: OrderDirection,
}

/// What enquiries can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum EnquiryOrderField {
    /// When they were written.
    CreatedAt,
    /// When something was done about them last.
    UpdatedAt,
}

/// The latest first: what an organiser expects who asks for nothing else.
pub const LATEST_FIRST: EnquiryOrder = EnquiryOrder { field: EnquiryOrderField::CreatedAt, direction: OrderDirection::Desc };

/// Where an enquiry can go on to from each state: a meeting that falls through leads back, and what was closed can be taken up again.
pub const STEPS: [(EnquiryState, &[EnquiryState]); 5] = [
    (EnquiryState::New, &[EnquiryState::Contacted, EnquiryState::Meeting, EnquiryState::Closed]),
    (EnquiryState::Contacted, &[EnquiryState::Meeting, EnquiryState::Joined, EnquiryState::Closed]),
    (EnquiryState::Meeting, &[EnquiryState::Contacted, EnquiryState::Joined, EnquiryState::Closed]),
    (EnquiryState::Joined, &[EnquiryState::Closed]),
    (EnquiryState::Closed, &[EnquiryState::Contacted]),
];

/// Where an enquiry can go on to.
#[must_use]
pub fn next_states(from: EnquiryState) -> &'static [EnquiryState] {
    STEPS.iter().find(|(state, _)| *state == from).map_or(&[], |(_, next)| *next)
}
