//! postSubmit, postReturn, postNoteCreate, postPreviewTokenCreate, postPreviewTokenRevoke.

use alliance_entity::id::{PostId, PostPreviewTokenId};
use async_graphql::{Context, InputObject, Object};

use crate::change::payload;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::posts::actions::{preview, review};
use crate::posts::mutation::{post_input, post_payload};
use crate::posts::revision::PostPreviewToken;
use crate::scalar::{IdOf, Text};

post_input! {
    /// What is submitted for review.
    PostSubmitInput {
        /// A word to those who review it; at most 2,000 characters of plain text.
        note: Option<Text>,
    }
}

post_input! {
    /// What is returned to who wrote it.
    PostReturnInput {
        /// Why, and what is to be done; at most 2,000 characters of plain text.
        reason: Text,
    }
}

/// A note for those who work on a post.
#[derive(Debug, InputObject)]
pub struct PostNoteCreateInput {
    /// The post's id.
    pub id: IdOf<PostId>,
    /// What it says; at most 2,000 characters of plain text.
    pub text: Text,
}

/// What a preview token is to show.
#[derive(Debug, InputObject)]
pub struct PostPreviewTokenCreateInput {
    /// The post's id.
    pub id: IdOf<PostId>,
}

/// Which preview token shows nothing any more.
#[derive(Debug, InputObject)]
pub struct PostPreviewTokenRevokeInput {
    /// The token's id.
    pub id: IdOf<PostPreviewTokenId>,
}

post_payload! {
    /// What came of submitting.
    PostSubmitPayload
}

post_payload! {
    /// What came of returning.
    PostReturnPayload
}

post_payload! {
    /// What came of writing a note.
    PostNoteCreatePayload
}

payload! {
    /// What came of making a preview token.
    PostPreviewTokenCreatePayload {
        /// The token's row, by which it is revoked.
        preview_token: PostPreviewToken,
        /// The token itself. It is told this once: give it to `post(previewToken:)`.
        token: String,
    }
}

payload! {
    /// What came of revoking a preview token.
    PostPreviewTokenRevokePayload {
        /// The token's row.
        preview_token: PostPreviewToken,
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct PostReviewingMutation;

#[Object]
impl PostReviewingMutation {
    /// Submits a draft, or changes to a public post, for review: the alliance's editors are told by mail. For its author and for editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: PostSubmitInput,
    ) -> Result<PostSubmitPayload> {
        let (which, note) = (input.which(), input.note.map(|Text(note)| note));
        let done = review::submit(&ctx.caller(), which, note).await;
        PostSubmitPayload::of(ctx, which.id, done).await
    }

    /// Returns what was submitted to who wrote it, who is told why by mail. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and why.")] input: PostReturnInput,
    ) -> Result<PostReturnPayload> {
        let which = input.which();
        let done = review::return_to_writer(&ctx.caller(), which, input.reason.0).await;
        PostReturnPayload::of(ctx, which.id, done).await
    }

    /// Adds a note for those who work on a post; they are told by mail. For its author and for editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_note_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The note.")] input: PostNoteCreateInput,
    ) -> Result<PostNoteCreatePayload> {
        let PostNoteCreateInput { id, text } = input;
        let done = review::note(&ctx.caller(), id.0, text.0).await;
        PostNoteCreatePayload::of(ctx, id.0, done).await
    }

    /// Makes a token that shows the latest revision of a post, and no later one, for 24 hours to whoever holds it. For its author and for editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_preview_token_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: PostPreviewTokenCreateInput,
    ) -> Result<PostPreviewTokenCreatePayload> {
        let done = preview::create(&ctx.caller(), input.id.0).await;
        PostPreviewTokenCreatePayload::of(done, |payload, (row, token)| {
            (payload.preview_token, payload.token) = (Some(PostPreviewToken(row)), Some(token));
        })
    }

    /// Revokes a preview token: it shows nothing from now on. For the post's author and for editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_preview_token_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which token.")] input: PostPreviewTokenRevokeInput,
    ) -> Result<PostPreviewTokenRevokePayload> {
        let done = preview::revoke(&ctx.caller(), input.id.0).await;
        PostPreviewTokenRevokePayload::of(done, |payload, row| payload.preview_token = Some(PostPreviewToken(row)))
    }
}
