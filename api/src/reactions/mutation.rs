//! reactionAdd, reactionConfirm, reactionRemove, reactionModerate.

use alliance_entity::id::ReactionId;
use alliance_entity::reaction::ReactionKind;
use async_graphql::{Context, ID, InputObject, Object};

use crate::change::{mendable, payload};
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::reactions::ModerationDecision;
use crate::reactions::actions::add::{self, Add};
use crate::reactions::actions::comment::Comment;
use crate::reactions::actions::confirm;
use crate::reactions::actions::moderate::{self, Moderate};
use crate::reactions::actions::remove::{self, Remove};
use crate::reactions::object::Reaction;
use crate::reactions::subject;
use crate::reactions::summary::ReactionSummary;
use crate::scalar::{IdOf, Secret, Text};

/// A reaction.
#[derive(Debug, InputObject)]
pub struct ReactionAddInput {
    /// The id of the post, campaign or event.
    pub subject: ID,
    /// What you say in one word.
    pub kind: ReactionKind,
    /// What you say beyond that, in plain text: up to 2,000 characters. It takes the place of what you said by this kind before.
    pub comment: Option<Text>,
    /// The name to be shown beside the comment: up to 100 characters. Left out, none is shown.
    pub author_name: Option<Text>,
    /// Your e-mail address, where you comment without an account: a link is sent there that confirms the comment. Nobody is shown it, and it is
    /// forgotten once the link is used or over; a keyed hash of it is kept with the comment.
    pub email: Option<Text>,
}

/// By which link a comment is confirmed.
#[derive(Debug, InputObject)]
pub struct ReactionConfirmInput {
    /// The token of the link.
    pub token: Secret,
}

/// What is taken back.
#[derive(Debug, InputObject)]
pub struct ReactionRemoveInput {
    /// The id of the post, campaign or event.
    pub subject: ID,
    /// The kind that you reacted by; left out, all of them are taken back.
    pub kind: Option<ReactionKind>,
}

/// What a moderator decides.
#[derive(Debug, InputObject)]
pub struct ReactionModerateInput {
    /// The id of the reaction that carries the comment.
    pub id: IdOf<ReactionId>,
    /// What becomes of it.
    pub decision: ModerationDecision,
    /// Why it is removed, for its writer: a sentence or two of plain text.
    pub reason: Option<Text>,
}

payload! {
    /// What came of reacting.
    ReactionAddPayload {
        /// Your reaction. COUNTED, or PENDING where the comment waits for you to confirm it, or for a moderator.
        reaction: Reaction,
        /// How many people have reacted now.
        reactions: ReactionSummary,
    }
}

payload! {
    /// What came of confirming.
    ReactionConfirmPayload {
        /// The comment. COUNTED, or PENDING where it waits for a moderator.
        reaction: Reaction,
        /// How many people have reacted now.
        reactions: ReactionSummary,
    }
}

payload! {
    /// What came of taking a reaction back.
    ReactionRemovePayload {
        /// What was taken back, the last of it where it was more: WITHDRAWN. Null where there was nothing.
        reaction: Reaction,
        /// How many people have reacted now.
        reactions: ReactionSummary,
    }
}

payload! {
    /// What came of moderating.
    ReactionModeratePayload {
        /// The comment, as it is now.
        reaction: Reaction,
        /// How many people have reacted now.
        reactions: ReactionSummary,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct ReactionMutation;

#[Object]
impl ReactionMutation {
    /// Reacts to a post, a campaign or an event, as an account or with a visitor's token. It counts once for each kind, however often it is said.
    /// A comment without an account waits until it is confirmed by mail; an alliance may let each wait for a moderator besides.
    async fn reaction_add(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you say, and of what.")] input: ReactionAddInput,
    ) -> Result<ReactionAddPayload> {
        let ReactionAddInput { subject, kind, comment, author_name, email } = input;
        let subject = subject::named(&subject)?;
        let (name, email) = (author_name.map(|text| text.0), email.map(|text| text.0));
        let comment = comment.map(|text| Comment { text: text.0, name, email });
        match add::add(&ctx.caller(), Add { subject, kind, comment }).await {
            Ok(row) => {
                let (reactions, reaction) = (ReactionSummary::of(ctx, subject.0, subject.1).await?, Some(Reaction(row)));
                Ok(ReactionAddPayload { reaction, reactions: Some(reactions), user_errors: Vec::new() })
            }
            Err(error) => Ok(ReactionAddPayload { user_errors: mendable(error)?, ..Default::default() }),
        }
    }

    /// Confirms a comment by the link of a mail, and with it the others that you gave this address for.
    async fn reaction_confirm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "By which link.")] input: ReactionConfirmInput,
    ) -> Result<ReactionConfirmPayload> {
        match confirm::confirm(&ctx.caller(), &input.token.0).await {
            Ok(row) => {
                let reactions = ReactionSummary::of(ctx, row.subject_type, row.subject_id).await?;
                Ok(ReactionConfirmPayload { reaction: Some(Reaction(row)), reactions: Some(reactions), user_errors: Vec::new() })
            }
            Err(error) => Ok(ReactionConfirmPayload { user_errors: mendable(error)?, ..Default::default() }),
        }
    }

    /// Takes back what you said of a post, a campaign or an event, words included. What you did not say is not missed.
    async fn reaction_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is taken back.")] input: ReactionRemoveInput,
    ) -> Result<ReactionRemovePayload> {
        let subject = subject::named(&input.subject)?;
        match remove::remove(&ctx.caller(), Remove { subject, kind: input.kind }).await {
            Ok(row) => {
                let reactions = Some(ReactionSummary::of(ctx, subject.0, subject.1).await?);
                Ok(ReactionRemovePayload { reaction: row.map(Reaction), reactions, user_errors: Vec::new() })
            }
            Err(error) => Ok(ReactionRemovePayload { user_errors: mendable(error)?, ..Default::default() }),
        }
    }

    /// Lets a comment be shown, or removes it. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn reaction_moderate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What you decide.")] input: ReactionModerateInput,
    ) -> Result<ReactionModeratePayload> {
        let ReactionModerateInput { id, decision, reason } = input;
        let moderate = Moderate { id: id.0, decision, reason: reason.map(|text| text.0) };
        let (row, user_errors) = ctx.changed(id.0, moderate::moderate(&ctx.caller(), moderate).await).await?;
        let reactions = match &row {
            Some(row) => Some(ReactionSummary::of(ctx, row.subject_type, row.subject_id).await?),
            None => None,
        };
        Ok(ReactionModeratePayload { reaction: row.map(Reaction), reactions, user_errors })
    }
}
