//! moderationQueue, and the comments of what can be reacted to.

use alliance_entity::reaction::SubjectType;
use uuid::Uuid;

use crate::alliances;
use crate::context::Ask;
use crate::error::{Error, Result, SIGN_IN};
use crate::page::Arguments;
use crate::page::connection::{Asked, object};
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::reactions::object::ReactionConnection;
use crate::reactions::store::Reactions;
use crate::scalar::Text;

/// The comments on a post, a campaign or an event.
pub(crate) fn comments(on: SubjectType, subject: Uuid, page: Arguments) -> Result<ReactionConnection> {
    Ok(ReactionConnection(Asked::new(Reactions::On(on), Some(subject), page)?))
}

/// What the viewer has said.
pub(crate) fn own(page: Arguments) -> Result<ReactionConnection> {
    Ok(ReactionConnection(Asked::new(Reactions::Own, None, page)?))
}

/// The root fields.
#[derive(Debug, Default)]
pub struct ReactionQuery;

object! {
    ReactionQuery (self, ctx, page) {}
    lists {
        /// The comments that the moderators of an alliance are to look at, the oldest first: those that wait for them, and those that were shown
        /// at once. For editors.
        #[graphql(directive = staff_only::apply())]
        fn moderation_queue(#[graphql(desc = "The slug of the alliance.")] alliance: Text) -> ReactionConnection {
            if ctx.viewer().account().is_none() {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            let found = alliances::store::find(ctx.app(), ctx.viewer(), &alliance.0).await?;
            let alliance = found.ok_or(Error::NotFound("alliance"))?.id;
            ctx.viewer().must(Action::ModerateComments(alliance))?;
            Ok(ReactionConnection(Asked::new(Reactions::ToModerate(alliance), None, page)?))
        }
    }
}
