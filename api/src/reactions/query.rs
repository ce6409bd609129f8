//! The comments of what can be reacted to.

use alliance_entity::reaction::SubjectType;
use uuid::Uuid;

use crate::error::Result;
use crate::page::Arguments;
use crate::page::connection::Asked;
use crate::reactions::object::ReactionConnection;
use crate::reactions::store::Comments;

/// The comments on a post, a campaign or an event.
pub(crate) fn comments(on: SubjectType, subject: Uuid, page: Arguments) -> Result<ReactionConnection> {
    Ok(ReactionConnection(Asked::new(Comments { on }, Some(subject), page)?))
}
