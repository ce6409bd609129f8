//! Post, as clients see it.

use alliance_entity::post::{PostKind, PostStatus};
use alliance_entity::reaction::SubjectType;
use async_graphql::{Context, ID, SimpleObject};

use crate::alliances::object::Alliance;
use crate::campaigns;
use crate::campaigns::object::CampaignConnection;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::events::object::Event;
use crate::institutions;
use crate::institutions::object::InstitutionConnection;
use crate::page::connection::{connection, object};
use crate::people::object::Person;
use crate::policy::{Action, Owned};
use crate::posts::share::Share;
use crate::posts::store::list::Posts;
use crate::posts::store::{BodyOf, LivePost};
use crate::reactions;
use crate::reactions::object::ReactionConnection;
use crate::reactions::summary::ReactionSummary;
use crate::scalar::DateTime;
use crate::text::rich::RichText;

connection!(PostConnection, PostEdge, Posts => Post, "post", "posts");

/// A post's row, with what its live revision says.
#[derive(Debug, Clone)]
pub struct Post(pub LivePost);

impl From<LivePost> for Post {
    fn from(row: LivePost) -> Self {
        Self(row)
    }
}

impl Post {
    fn rule(&self) -> Owned<PostStatus> {
        Owned { owner: self.0.owner_id, alliance: self.0.alliance_id, state: self.0.status }
    }

    async fn address(&self, ctx: &Context<'_>) -> Result<String> {
        let alliance = ctx.load(self.0.alliance_id).await?.ok_or_else(|| Error::internal("a post's alliance is missing"))?;
        let site = ctx.app().config().public_url.as_str().trim_end_matches('/');
        Ok(format!("{site}/{}/posts/{}", alliance.slug, self.0.slug))
    }
}

/// What you may do with a post now.
#[derive(Debug, Clone, Copy, SimpleObject)]
#[expect(clippy::struct_excessive_bools, reason = "each is a right of its own, as the contract names them")]
pub struct PostPermissions {
    /// Change what it says.
    pub edit: bool,
    /// Make it public.
    pub publish: bool,
    /// Delete it.
    pub delete: bool,
    /// React to it.
    pub react: bool,
}

object! {
    /// An article of an alliance: news, a statement or a report. The public reads the live revision of published posts.
    Post (self, ctx, page) {
        /// The post's id, the same for ever.
        pub async fn id(&self) -> ID {
            self.0.id.to_string().into()
        }

        /// Its name in addresses, unique within its alliance.
        async fn slug(&self) -> &str {
            &self.0.slug
        }

        /// Its public address.
        async fn url(&self, ctx: &Context<'_>) -> Result<String> {
            self.address(ctx).await
        }

        /// What kind of article it is.
        async fn kind(&self) -> PostKind {
            self.0.kind
        }

        /// Its title.
        async fn title(&self) -> &str {
            &self.0.title
        }

        /// Its beginning or its gist, in plain text.
        async fn excerpt(&self) -> &str {
            &self.0.excerpt
        }

        /// Whether the body says more than the excerpt: whether to offer "read on".
        async fn has_more(&self) -> bool {
            self.0.has_more
        }

        /// The whole article.
        async fn body(&self, ctx: &Context<'_>) -> Result<RichText> {
            let missing = || Error::internal("a live revision is missing");
            let body = match self.0.body.clone() {
                Some(body) => body,
                None => ctx.load(BodyOf(self.0.revision_id)).await?.ok_or_else(missing)?,
            };
            Ok(RichText::rendered(body.markdown, body.html, body.rendering))
        }

        /// How long it takes to read, in minutes; at least 1.
        async fn reading_minutes(&self) -> i32 {
            self.0.reading_minutes
        }

        /// Where it stands in its life; to the public always PUBLISHED.
        async fn status(&self) -> PostStatus {
            self.0.status
        }

        /// Who wrote it; null where nobody is named.
        async fn author(&self, ctx: &Context<'_>) -> Result<Option<Person>> {
            let Some(author) = self.0.author_id else { return Ok(None) };
            Ok(ctx.load(author).await?.map(Person))
        }

        /// The alliance whose post it is.
        async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
            let missing = || Error::internal("a post's alliance is missing");
            ctx.load(self.0.alliance_id).await?.map(Alliance).ok_or_else(missing)
        }

        /// The event that it is about; null where it is about none that is public.
        async fn event(&self, ctx: &Context<'_>) -> Result<Option<Event>> {
            let Some(event) = self.0.event_id else { return Ok(None) };
            Ok(ctx.load(event).await?.map(Event::from))
        }

        /// When it was published last; null where it never was.
        async fn published_at(&self) -> Option<DateTime> {
            self.0.published_at.map(DateTime)
        }

        /// When it was published first; null where it never was.
        async fn first_published_at(&self) -> Option<DateTime> {
            self.0.first_published_at.map(DateTime)
        }

        /// When it is to be published; null to the public.
        async fn scheduled_for(&self, ctx: &Context<'_>) -> Option<DateTime> {
            self.0.scheduled_for.filter(|_| ctx.viewer().may(Action::ReadWholePost(self.rule()))).map(DateTime)
        }

        /// When what the public reads of it changed last.
        async fn updated_at(&self) -> DateTime {
            DateTime(self.0.updated_at)
        }

        /// How many people reacted to it, and how.
        pub async fn reactions(&self, ctx: &Context<'_>) -> Result<ReactionSummary> {
            ReactionSummary::of(ctx, self.0.id.0).await
        }

        /// Its address and links to hand it on.
        async fn share(&self, ctx: &Context<'_>) -> Result<Share> {
            Ok(Share::new(self.address(ctx).await?, self.0.title.clone(), self.0.excerpt.clone()))
        }

        /// What you may do with it now.
        async fn viewer_can(&self, ctx: &Context<'_>) -> PostPermissions {
            let (viewer, post) = (ctx.viewer(), self.rule());
            PostPermissions {
                edit: viewer.may(Action::EditPost(post)),
                publish: viewer.may(Action::PublishPost(post)),
                delete: viewer.may(Action::DeletePost(post)),
                react: viewer.may(Action::ReactToPost(post)),
            }
        }
    }
    lists {
        /// The public campaigns that it belongs to, by title.
        fn campaigns() -> CampaignConnection {
            campaigns::query::of(campaigns::Scope::Post, Some(self.0.id.0), None, None, page)
        }

        /// The public institutions that it is about, by name.
        fn institutions() -> InstitutionConnection {
            institutions::query::of(institutions::Scope::Post, Some(self.0.id.0), None, None, page)
        }

        /// The comments on it, the newest first.
        fn comments() -> ReactionConnection {
            reactions::query::comments(SubjectType::Post, self.0.id.0, page)
        }
    }
}
