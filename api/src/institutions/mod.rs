//! Institutions: the member organisations of an alliance, with the days of their membership.

pub mod object;
pub mod query;
pub mod store;

use alliance_entity::institution::{self, InstitutionKind};
use async_graphql::InputObject;
use chrono::NaiveDate;

/// Which institutions to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct InstitutionFilter {
    /// Only those of one of these kinds.
    pub kinds: Option<Vec<InstitutionKind>>,
    /// Only those that are members today, or only those that are not.
    pub is_member: Option<bool>,
}

/// Whether an institution is a member on a day: from its first day on, and before the day on which it left.
#[must_use]
pub fn is_member(institution: &institution::Model, day: NaiveDate) -> bool {
    institution.joined_on.is_some_and(|joined| joined <= day) && institution.left_on.is_none_or(|left| day < left)
}
