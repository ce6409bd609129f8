//! Reactions to posts, campaigns and events: their sums, and the comments of those who left one. Who else reacted is never said.
//!
//! A reaction of a kind counts once for each who reacts. One without words counts at once; a comment may wait: for its writer to
//! confirm it by mail, where they have no account, and for a moderator. Then it takes the place of what they said of that kind before.

pub mod actions;
pub mod concerns;
pub mod languages;
pub mod mailing;
pub mod mutation;
pub mod object;
pub mod query;
pub mod store;
pub mod subject;
pub mod subscription;
pub mod summary;

use alliance_entity::reaction;
use async_graphql::Enum;

use crate::viewer::Writer;

/// Under what purpose the addresses by which comments are confirmed are hashed.
pub const ADDRESS: &str = "comment-address";

/// What a moderator decides about a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum ModerationDecision {
    /// It is shown and counts.
    Approve,
    /// It is shown no more, or never, and does not count. Its writer learns that, and the reason.
    Remove,
}

/// Whose a reaction is.
#[must_use]
pub fn writer(row: &reaction::Model) -> Option<Writer> {
    row.account_id.map(Writer::Account).or(row.visitor_id.map(Writer::Visitor))
}
