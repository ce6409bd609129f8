//! Reactable: what can be reacted to.

use alliance_entity::id::{self as ids, CampaignId, EventId, PostId};
use alliance_entity::reaction::SubjectType;
use async_graphql::{Context, ID, Interface};
use uuid::Uuid;

use crate::campaigns::object::Campaign;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::events::object::Event;
use crate::posts::object::Post;
use crate::reactions::actions::word;
use crate::reactions::object::ReactionConnection;
use crate::reactions::summary::ReactionSummary;

/// What people can react to and comment on.
#[derive(Debug, Clone, Interface)]
#[allow(clippy::duplicated_attributes, reason = "each argument of a page is described in the same form")]
#[graphql(
    field(name = "id", ty = "ID", desc = "The object's id, the same for ever; opaque."),
    field(name = "reactions", ty = "Result<ReactionSummary>", desc = "How many people reacted to it, and how."),
    field(
        name = "comments",
        ty = "Result<ReactionConnection>",
        desc = "The comments on it, the newest first.",
        arg(
            name = "first",
            ty = "Option<i32>",
            desc = "How many items from the start of the list: 0 to 100; 20 where neither `first` nor `last` is given."
        ),
        arg(name = "after", ty = "Option<String>", desc = "Only items behind this cursor."),
        arg(name = "last", ty = "Option<i32>", desc = "How many items from the end of the list: 0 to 100."),
        arg(name = "before", ty = "Option<String>", desc = "Only items before this cursor."),
        arg(
            name = "offset",
            ty = "Option<i32>",
            desc = "How many items to skip, for page numbers: 0 to 10,000; with `first` alone."
        )
    )
)]
pub enum Reactable {
    /// A post.
    Post(Post),
    /// A campaign.
    Campaign(Campaign),
    /// An event.
    Event(Event),
}

/// The subject of a reaction that the viewer may read: the viewer may read the subject then, too.
///
/// # Errors
/// Where the database does not answer.
pub(crate) async fn of(ctx: &Context<'_>, subject_type: SubjectType, id: Uuid) -> Result<Reactable> {
    let subject = match subject_type {
        SubjectType::Post => ctx.load(PostId(id)).await?.map(|row| Reactable::Post(Post(row))),
        SubjectType::Campaign => ctx.load(CampaignId(id)).await?.map(|row| Reactable::Campaign(row.into())),
        SubjectType::Event => ctx.load(EventId(id)).await?.map(|row| Reactable::Event(row.into())),
    };
    // It may have been withdrawn since whoever asks was told of the comment.
    subject.ok_or(Error::NotFound(word(subject_type)))
}

/// What an id names that can be reacted to.
///
/// # Errors
/// [`Error::Invalid`] where it names nothing of the kind.
pub(crate) fn named(id: &ID) -> Result<(SubjectType, Uuid)> {
    let wanted = || Error::invalid("subject", "this is no id of a post, a campaign or an event");
    let (prefix, uuid) = ids::parse(id).map_err(|_| wanted())?;
    match prefix.as_str() {
        PostId::PREFIX => Ok((SubjectType::Post, uuid)),
        CampaignId::PREFIX => Ok((SubjectType::Campaign, uuid)),
        EventId::PREFIX => Ok((SubjectType::Event, uuid)),
        _ => Err(wanted()),
    }
}
