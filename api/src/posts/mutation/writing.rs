//! postCreate, postEdit, postRevisionRestore, postDelete, postRestore.

use alliance_entity::id::{AllianceId, CampaignId, EventId, InstitutionId, PersonId};
use alliance_entity::post::PostKind;
use async_graphql::{Context, InputObject, MaybeUndefined, Object};

use crate::change::mendable;
use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::posts::actions::create::{self, NewPost};
use crate::posts::actions::delete;
use crate::posts::actions::edit::{self, Edit};
use crate::posts::content::Changes;
use crate::posts::mutation::{post_input, post_payload};
use crate::posts::object::Post;
use crate::scalar::{IdOf, Text};

/// A post to begin.
#[derive(Debug, InputObject)]
pub struct PostCreateInput {
    /// The id of the alliance whose post it will be.
    pub alliance: IdOf<AllianceId>,
    /// Its title, in one line of at most 200 characters.
    pub title: Text,
    /// The whole article in Markdown as GitHub's, at most 200,000 characters, 1,000 footnotes, and 1,000,000 bytes as HTML; empty where it is left
    /// out.
    pub body: Option<Text>,
    /// Its gist in plain text, at most 600 characters; the beginning of the body where it is left out.
    pub excerpt: Option<Text>,
    /// What kind of article it is; NEWS where it is left out.
    pub kind: Option<PostKind>,
    /// Its name in addresses: small letters, digits and hyphens; made from the title where it is left out.
    pub slug: Option<Text>,
    /// The ids of the campaigns that it belongs to, at most 50.
    pub campaigns: Option<Vec<IdOf<CampaignId>>>,
    /// The ids of the institutions that it is about, at most 50.
    pub institutions: Option<Vec<IdOf<InstitutionId>>>,
    /// The id of the person who is named as its author.
    pub author: Option<IdOf<PersonId>>,
    /// The id of the event that it is about.
    pub event: Option<IdOf<EventId>>,
}

post_input! {
    /// What a post is to say. What is left out stays as it is.
    PostEditInput {
        /// Its title, in one line of at most 200 characters.
        title: MaybeUndefined<Text>,
        /// The whole article in Markdown as GitHub's, at most 200,000 characters, 1,000 footnotes, and 1,000,000 bytes as HTML.
        body: MaybeUndefined<Text>,
        /// Its gist in plain text, at most 600 characters; null takes the beginning of the body.
        excerpt: MaybeUndefined<Text>,
        /// What kind of article it is.
        kind: MaybeUndefined<PostKind>,
        /// Its name in addresses. It is another one at once, and the old one leads to the post; of a public post only those who publish change it.
        slug: MaybeUndefined<Text>,
        /// The ids of the campaigns that it belongs to, at most 50; null for none.
        campaigns: MaybeUndefined<Vec<IdOf<CampaignId>>>,
        /// The ids of the institutions that it is about, at most 50; null for none.
        institutions: MaybeUndefined<Vec<IdOf<InstitutionId>>>,
        /// The id of the person who is named as its author; null for nobody.
        author: MaybeUndefined<IdOf<PersonId>>,
        /// The id of the event that it is about; null for none.
        event: MaybeUndefined<IdOf<EventId>>,
    }
}

post_input! {
    /// Which revision is written anew.
    PostRevisionRestoreInput {
        /// The number of the revision.
        revision: i32,
    }
}

post_input! {
    /// Which post is deleted.
    PostDeleteInput {}
}

post_input! {
    /// Which post is taken back.
    PostRestoreInput {}
}

post_payload! {
    /// What came of beginning a post.
    PostCreatePayload
}

post_payload! {
    /// What came of a save.
    PostEditPayload
}

post_payload! {
    /// What came of restoring a revision.
    PostRevisionRestorePayload
}

post_payload! {
    /// What came of deleting a post.
    PostDeletePayload
}

post_payload! {
    /// What came of taking a post back.
    PostRestorePayload
}

impl From<PostCreateInput> for NewPost {
    fn from(input: PostCreateInput) -> Self {
        let PostCreateInput { alliance, title, body, excerpt, kind, slug, campaigns, institutions, author, event } = input;
        let says = Changes {
            title: MaybeUndefined::Value(title.0),
            body: given(body, |Text(body)| body),
            excerpt: given(excerpt, |Text(excerpt)| excerpt),
            kind: given(kind, |kind| kind),
            author: given(author, |IdOf(author)| author),
            event: given(event, |IdOf(event)| event),
            campaigns: given(campaigns, |ids| ids.into_iter().map(|IdOf(id)| id).collect()),
            institutions: given(institutions, |ids| ids.into_iter().map(|IdOf(id)| id).collect()),
        };
        Self { alliance: alliance.0, slug: slug.map(|Text(slug)| slug), says }
    }
}

fn given<T, U>(value: Option<T>, of: impl FnOnce(T) -> U) -> MaybeUndefined<U> {
    value.map_or(MaybeUndefined::Undefined, |value| MaybeUndefined::Value(of(value)))
}

impl From<PostEditInput> for Edit {
    fn from(input: PostEditInput) -> Self {
        let which = input.which();
        let PostEditInput { id: _, version: _, title, body, excerpt, kind, slug, campaigns, institutions, author, event } = input;
        let text = |value: MaybeUndefined<Text>| value.map_value(|Text(text)| text);
        let says = Changes {
            title: text(title),
            body: text(body),
            excerpt: text(excerpt),
            kind,
            author: author.map_value(|IdOf(author)| author),
            event: event.map_value(|IdOf(event)| event),
            campaigns: campaigns.map_value(|ids| ids.into_iter().map(|IdOf(id)| id).collect()),
            institutions: institutions.map_value(|ids| ids.into_iter().map(|IdOf(id)| id).collect()),
        };
        Self { which, slug: text(slug), says }
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct PostWritingMutation;

#[Object]
impl PostWritingMutation {
    /// Begins a post: a draft that you and the alliance's editors see. For authors and editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post.")] input: PostCreateInput,
    ) -> Result<PostCreatePayload> {
        match create::create(&ctx.caller(), input.into()).await {
            Ok(id) => PostCreatePayload::of(ctx, id, Ok(())).await,
            Err(error) => Ok(PostCreatePayload { post: None::<Post>, user_errors: mendable(error)? }),
        }
    }

    /// Saves what a post is to say, as a revision of its own. Of a post that is public, readers see it once it is published. For its author and for editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is to be another.")] input: PostEditInput,
    ) -> Result<PostEditPayload> {
        let id = input.id.0;
        let done = edit::edit(&ctx.caller(), input.into()).await;
        PostEditPayload::of(ctx, id, done).await
    }

    /// Writes anew what a revision said, as a revision of its own; where that is what the public reads, drops what was written since. For those who edit the post.
    #[graphql(directive = staff_only::apply())]
    async fn post_revision_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which revision.")] input: PostRevisionRestoreInput,
    ) -> Result<PostRevisionRestorePayload> {
        let done = edit::restore_revision(&ctx.caller(), input.which(), input.revision).await;
        PostRevisionRestorePayload::of(ctx, input.id.0, done).await
    }

    /// Deletes a post. The public does not find it any more; for 30 days it can be taken back. For its author while it is a draft, and for editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: PostDeleteInput,
    ) -> Result<PostDeletePayload> {
        let done = delete::delete(&ctx.caller(), input.which()).await;
        PostDeletePayload::of(ctx, input.id.0, done).await
    }

    /// Takes a post back that was deleted, to where it stood: a draft is a draft, and what was reviewed is in review. What was public is `UNPUBLISHED` until it is
    /// published again. For those who may delete it.
    #[graphql(directive = staff_only::apply())]
    async fn post_restore(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: PostRestoreInput,
    ) -> Result<PostRestorePayload> {
        let done = delete::restore(&ctx.caller(), input.which()).await;
        PostRestorePayload::of(ctx, input.id.0, done).await
    }
}
