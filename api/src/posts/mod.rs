//! Posts: news, statements and reports, each with an excerpt, a body, a life cycle and reactions.

pub mod object;
pub mod query;
pub mod share;
pub mod store;

use alliance_entity::post::PostKind;
use async_graphql::{Enum, InputObject};
use chrono::{DateTime, Utc};

/// Which posts to list. What is left out does not narrow the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, InputObject)]
pub struct PostFilter {
    /// Only those of one of these kinds.
    pub kinds: Option<Vec<PostKind>>,
    /// Only those that were published at this time or later.
    pub published_from: Option<DateTime<Utc>>,
    /// Only those that were published before this time.
    pub published_before: Option<DateTime<Utc>>,
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

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Enum)]
pub enum OrderDirection {
    /// The lowest, earliest or alphabetically first comes first.
    Asc,
    /// The highest, latest or alphabetically last comes first.
    Desc,
}

/// The newest first: what a reader expects who asks for nothing else.
pub const NEWEST_FIRST: PostOrder = PostOrder { field: PostOrderField::PublishedAt, direction: OrderDirection::Desc };
