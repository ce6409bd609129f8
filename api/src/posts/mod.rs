//! Posts: news, statements and reports, each with an excerpt, a body, a life cycle and reactions.

pub mod actions;
pub mod content;
pub mod difference;
pub mod links;
pub mod mailing;
pub mod moved;
pub mod mutation;
pub mod object;
pub mod permissions;
pub mod query;
pub mod revision;
pub mod share;
mod standing;
pub mod store;
pub mod subscription;
pub mod terms;
pub mod zone;

use alliance_entity::id::{CampaignId, EventId, InstitutionId, PersonId};
use alliance_entity::post::{PostKind, PostStatus};
use async_graphql::{Enum, InputObject};

use crate::page::OrderDirection;
use crate::policy::staff::staff_only;
use crate::scalar::{DateTime, IdOf, Text};

/// Which posts to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct PostFilter {
    /// Only those of the alliance with this slug.
    pub alliance: Option<Text>,
    /// Only those of this public campaign.
    pub campaign: Option<IdOf<CampaignId>>,
    /// Only those that this public institution appears in.
    pub institution: Option<IdOf<InstitutionId>>,
    /// Only those about this public event.
    pub event: Option<IdOf<EventId>>,
    /// Only those that this person wrote.
    pub author: Option<IdOf<PersonId>>,
    /// Only those of one of these kinds.
    pub kinds: Option<Vec<PostKind>>,
    /// Only those that were published at this moment or later.
    pub published_from: Option<DateTime>,
    /// Only those that were published before this moment.
    pub published_before: Option<DateTime>,
    /// Only those that stand in one of these ways. Where no order is given, the list is then in the order of the latest changes, since what was never published has
    /// no place in the order of publication.
    #[graphql(directive = staff_only::apply())]
    pub statuses: Option<Vec<PostStatus>>,
    /// Only those with changes that the public does not read yet, or only those without.
    #[graphql(directive = staff_only::apply())]
    pub has_pending_changes: Option<bool>,
    /// Those that were deleted and can still be restored, instead of those that were not.
    #[graphql(directive = staff_only::apply())]
    pub deleted: Option<bool>,
}

/// In what order to list posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, InputObject)]
pub struct PostOrder {
    /// What to order by.
    pub field: PostOrderField,
    /// In which direction.
    pub direction: OrderDirection,
}

/// What posts can be ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum PostOrderField {
    /// When they were published.
    PublishedAt,
    /// When they were changed last.
    UpdatedAt,
}

/// The newest first: what a reader expects who asks for nothing else.
pub const NEWEST_FIRST: PostOrder = PostOrder { field: PostOrderField::PublishedAt, direction: OrderDirection::Desc };

/// The latest change first: the order of lists that hold what was never published.
pub const CHANGED_FIRST: PostOrder = PostOrder { field: PostOrderField::UpdatedAt, direction: OrderDirection::Desc };

/// A status as the API names it.
#[must_use]
pub fn word(status: PostStatus) -> &'static str {
    match status {
        PostStatus::Draft => "DRAFT",
        PostStatus::InReview => "IN_REVIEW",
        PostStatus::Scheduled => "SCHEDULED",
        PostStatus::Published => "PUBLISHED",
        PostStatus::Unpublished => "UNPUBLISHED",
        PostStatus::Archived => "ARCHIVED",
    }
}

/// Whose posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// A campaign's.
    Campaign,
    /// An institution's.
    Institution,
}
