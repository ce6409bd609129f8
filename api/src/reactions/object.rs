//! Reaction, as clients see it: one that carries a comment.

use alliance_entity::reaction::{self, ReactionKind, ReactionState};
use async_graphql::{Context, ID, Object};

use crate::context::Ask;
use crate::error::Result;
use crate::page::connection::connection;
use crate::policy::{Action, Owned};
use crate::reactions::store::Comments;
use crate::reactions::subject::{self, Reactable};
use crate::scalar::DateTime;

connection!(ReactionConnection, ReactionEdge, Comments => Reaction, "reaction", "reactions");

/// A reaction's row.
#[derive(Debug, Clone)]
pub struct Reaction(pub reaction::Model);

impl From<reaction::Model> for Reaction {
    fn from(row: reaction::Model) -> Self {
        Self(row)
    }
}

impl Reaction {
    /// Whether the viewer may see what it says, and not only what became of it.
    async fn is_told(&self, ctx: &Context<'_>) -> Result<bool> {
        let reaction::Model { account_id: owner, state, subject_type, subject_id, .. } = self.0;
        if state != ReactionState::Removed {
            return Ok(true);
        }
        let alliance = subject::of(ctx, subject_type, subject_id).await?.alliance_id();
        Ok(ctx.viewer().may(Action::ReadCommentText(Owned { owner, alliance, state })))
    }
}

/// A supporter's answer to a post, a campaign or an event. The public reads those that carry a comment and are counted; of the others
/// it reads the sums alone.
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
    async fn comment(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(if self.is_told(ctx).await? { self.0.comment.as_deref() } else { None })
    }

    /// What was reacted to.
    async fn subject(&self, ctx: &Context<'_>) -> Result<Reactable> {
        subject::of(ctx, self.0.subject_type, self.0.subject_id).await
    }

    /// The name that the writer chose to be shown; null where none was.
    async fn author_name(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(if self.is_told(ctx).await? { self.0.author_name.as_deref() } else { None })
    }

    /// Where it stands; to the public always COUNTED.
    async fn state(&self) -> ReactionState {
        self.0.state
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }
}
