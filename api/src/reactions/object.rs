//! Reaction, as clients see it: one that carries a comment, or the viewer's own.

use alliance_entity::reaction::{self, CommentConcern, ReactionKind, ReactionState};
use async_graphql::{Context, ID, Object};

use crate::context::Ask;
use crate::error::Result;
use crate::page::connection::connection;
use crate::policy::staff::staff_only;
use crate::policy::{Action, Reacted};
use crate::reactions::store::Reactions;
use crate::reactions::store::sums::SumsOf;
use crate::reactions::subject::{self, Reactable};
use crate::reactions::writer;
use crate::scalar::DateTime;

connection!(ReactionConnection, ReactionEdge, Reactions => Reaction, "reaction", "reactions");

/// A reaction's row.
#[derive(Debug, Clone)]
pub struct Reaction(pub reaction::Model);

impl From<reaction::Model> for Reaction {
    fn from(row: reaction::Model) -> Self {
        Self(row)
    }
}

impl Reaction {
    fn rule(&self) -> Reacted {
        Reacted { writer: writer(&self.0), alliance: self.0.alliance_id, state: self.0.state }
    }

    /// Whether the viewer may see what it says, and not only what became of it.
    fn is_told(&self, ctx: &Context<'_>) -> bool {
        // Who confirms a comment by the link of a mail is told it without a token.
        self.0.state != ReactionState::Removed || ctx.viewer().may(Action::ReadCommentText(self.rule()))
    }

    fn is_own(&self, ctx: &Context<'_>) -> bool {
        writer(&self.0).is_some_and(|writer| ctx.viewer().writer() == Some(writer))
    }

    fn is_moderated_by(&self, ctx: &Context<'_>) -> bool {
        ctx.viewer().may(Action::ModerateComments(self.0.alliance_id))
    }
}

/// A supporter's answer to a post, a campaign or an event. The public reads those that carry a comment and are counted; of the others
/// it reads the sums alone. You read your own in whatever state they are.
#[Object]
impl Reaction {
    /// The reaction's id, the same for ever.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// What it says in one word.
    async fn kind(&self) -> ReactionKind {
        self.0.kind
    }

    /// What it says beyond that, in plain text: escape it before it goes into a page. Of one that was removed only moderators read it.
    async fn comment(&self, ctx: &Context<'_>) -> Option<&str> {
        if self.is_told(ctx) { self.0.comment.as_deref() } else { None }
    }

    /// What was reacted to.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Reactable> {
        subject::of(ctx, self.0.subject_type, self.0.subject_id).await
    }

    /// The name that the writer chose to be shown; null where none was, and on what belongs to a sensitive campaign.
    async fn author_name(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let Some(name) = self.0.author_name.as_deref().filter(|_| self.is_told(ctx)) else { return Ok(None) };
        let sums = ctx.load(SumsOf { on: self.0.subject_type, id: self.0.subject_id }).await?.unwrap_or_default();
        Ok(Some(name).filter(|_| !sums.is_sensitive))
    }

    /// Where it stands; to the public always COUNTED.
    async fn state(&self) -> ReactionState {
        self.0.state
    }

    /// Until when its writer can confirm it by the link of a mail; null where that is not needed, or not any more.
    async fn confirm_by(&self) -> Option<DateTime> {
        self.0.confirm_by.map(DateTime)
    }

    /// Whether the post has been published anew since it was written, so that it may speak of other words. False on campaigns and events, which
    /// keep no revisions.
    async fn is_of_earlier_revision(&self, ctx: &Context<'_>) -> Result<bool> {
        let Some(read) = self.0.revision_id else { return Ok(false) };
        Ok(match subject::of(ctx, self.0.subject_type, self.0.subject_id).await? {
            Reactable::Post(post) => post.0.live_revision_id.is_some_and(|live| live != read),
            Reactable::Campaign(_) | Reactable::Event(_) => false,
        })
    }

    /// Why a moderator removed it, where one said so; null but to its writer and to moderators.
    async fn moderation_reason(&self, ctx: &Context<'_>) -> Option<&str> {
        let reason = self.0.moderation_reason.as_deref();
        reason.filter(|_| self.is_own(ctx) || self.is_moderated_by(ctx))
    }

    /// What a moderator should look at: empty where nothing was noticed, and to all but moderators.
    #[graphql(directive = staff_only::apply())]
    async fn concerns(&self, ctx: &Context<'_>) -> Vec<CommentConcern> {
        if self.is_moderated_by(ctx) { self.0.concerned() } else { Vec::new() }
    }

    /// Whether a moderator is to look at it; null but to moderators.
    #[graphql(directive = staff_only::apply())]
    async fn awaits_moderation(&self, ctx: &Context<'_>) -> Option<bool> {
        self.is_moderated_by(ctx).then_some(self.0.to_moderate)
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
