//! Post, as clients see it.

use alliance_entity::post::{PostKind, PostStatus};
use alliance_entity::reaction::SubjectType;
use async_graphql::{Context, ID};
use tokio::task::spawn_blocking;

use crate::alliances::object::Alliance;
use crate::campaigns;
use crate::campaigns::object::CampaignConnection;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::events::object::Event;
use crate::institutions;
use crate::institutions::object::InstitutionConnection;
use crate::page::connection::{Asked, connection, object};
use crate::people::object::Person;
use crate::policy::staff::staff_only;
use crate::posts::difference::{self, PostDifference};
use crate::posts::links;
use crate::posts::permissions::PostPermissions;
use crate::posts::revision::{PostCorrection, PostNoteConnection, PostPreviewToken, PostRevision, PostRevisionConnection};
use crate::posts::share::Share;
use crate::posts::store::list::Posts;
use crate::posts::store::notes::{CorrectionsOf, Notes};
use crate::posts::store::revisions::Revisions;
use crate::posts::store::{BodyOf, LivePost, change, previews};
use crate::posts::terms::PostTerms;
use crate::reactions;
use crate::reactions::object::ReactionConnection;
use crate::reactions::summary::ReactionSummary;
use crate::scalar::DateTime;
use crate::subscriptions;
use crate::subscriptions::object::PostMailing;
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
            Ok(self.publisher(ctx).await?.into())
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
            self.0.scheduled_for.filter(|_| self.is_open_to(ctx)).map(DateTime)
        }

        /// When it is to be withdrawn; null to the public.
        #[graphql(directive = staff_only::apply())]
        async fn unpublish_at(&self, ctx: &Context<'_>) -> Option<DateTime> {
            self.0.unpublish_at.filter(|_| self.is_open_to(ctx)).map(DateTime)
        }

        /// Since when it is deleted: for 30 days from then it can be taken back by `postRestore`. Null where it is not.
        #[graphql(directive = staff_only::apply())]
        async fn deleted_at(&self) -> Option<DateTime> {
            self.0.deleted_at.map(DateTime)
        }

        /// On what terms others may carry it.
        async fn terms(&self) -> PostTerms {
            PostTerms { post: self.clone() }
        }

        /// What was wrong with what the public had read, the latest first.
        async fn corrections(&self, ctx: &Context<'_>) -> Result<Vec<PostCorrection>> {
            Ok(ctx.load(CorrectionsOf(self.0.id)).await?.unwrap_or_default().into_iter().map(PostCorrection).collect())
        }

        /// The slug that you asked for, where the post has another by now: lead your readers to `slug`. Null elsewhere.
        async fn redirected_from(&self) -> Option<&str> {
            self.0.redirected_from.as_deref()
        }

        /// Counts its changes: give the one that you read with each of yours. Null to the public.
        async fn version(&self, ctx: &Context<'_>) -> Option<i32> {
            self.is_open_to(ctx).then_some(self.0.version)
        }

        /// Whether it says something that the public does not read yet, though it is or was public; null to the public.
        async fn has_pending_changes(&self, ctx: &Context<'_>) -> Option<bool> {
            let pending = self.0.live_revision_id.is_some() && self.0.draft_revision_id.is_some();
            self.is_open_to(ctx).then_some(pending)
        }

        /// The latest revision: what is being written, or what the public reads where nothing is. Null to the public.
        #[graphql(directive = staff_only::apply())]
        async fn draft(&self, ctx: &Context<'_>) -> Result<Option<PostRevision>> {
            let latest = self.0.draft_revision_id.or(self.0.live_revision_id).filter(|_| self.is_open_to(ctx));
            let Some(latest) = latest else { return Ok(None) };
            Ok(ctx.load(latest).await?.map(PostRevision))
        }

        /// What differs between two of its revisions; null to the public, and where one of them does not exist.
        #[graphql(directive = staff_only::apply())]
        async fn difference(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The number of the older revision.")] from: i32,
            #[graphql(desc = "The number of the newer revision.")] to: i32,
        ) -> Result<Option<PostDifference>> {
            if !self.is_open_to(ctx) {
                return Ok(None);
            }
            let db = ctx.app().db().read();
            let (from, to) = (change::revision_numbered(db, self.0.id, from), change::revision_numbered(db, self.0.id, to));
            let (Some(from), Some(to)) = (from.await?, to.await?) else { return Ok(None) };
            spawn_blocking(move || Some(difference::between(&from, &to))).await.map_err(Error::internal)
        }

        /// The preview tokens that show a revision of it now; null to the public.
        #[graphql(directive = staff_only::apply())]
        async fn preview_tokens(&self, ctx: &Context<'_>) -> Result<Option<Vec<PostPreviewToken>>> {
            if !self.is_open_to(ctx) {
                return Ok(None);
            }
            let tokens = previews::valid(ctx.app(), self.0.id, ctx.app().clock().now()).await?;
            Ok(Some(tokens.into_iter().map(PostPreviewToken).collect()))
        }

        /// When what the public reads of it changed last.
        async fn updated_at(&self) -> DateTime {
            DateTime(self.0.updated_at)
        }

        /// How many people reacted to it, and how.
        pub async fn reactions(&self, ctx: &Context<'_>) -> Result<ReactionSummary> {
            ReactionSummary::of(ctx, SubjectType::Post, self.0.id.0).await
        }

        /// Its address, links to hand it on, and what a page tells of it to those who show a card of it.
        async fn share(&self, ctx: &Context<'_>) -> Result<Share> {
            Ok(Share::new(ctx.app(), &self.publisher(ctx).await?, &self.0))
        }

        /// What became of the mails that tell of it; null where none do, and to those who do not edit it.
        #[graphql(directive = staff_only::apply())]
        async fn mailing(&self, ctx: &Context<'_>) -> Result<Option<PostMailing>> {
            subscriptions::query::mailing(ctx, self.0.alliance_id, self.0.id).await
        }

        /// What you may do with it now.
        async fn viewer_can(&self, ctx: &Context<'_>) -> PostPermissions {
            PostPermissions::of(ctx.viewer(), self.rule(), self.0.deleted_at.is_some())
        }
    }
    lists {
        /// The public campaigns that it belongs to, by title.
        fn campaigns() -> CampaignConnection {
            match &self.0.previewed {
                Some(previewed) => campaigns::query::named(links::read(&previewed.campaigns), page),
                None => campaigns::query::of(campaigns::Scope::Post, Some(self.0.id.0), None, None, page),
            }
        }

        /// The public institutions that it is about, by name.
        fn institutions() -> InstitutionConnection {
            match &self.0.previewed {
                Some(previewed) => institutions::query::named(links::read(&previewed.institutions), page),
                None => institutions::query::of(institutions::Scope::Post, Some(self.0.id.0), None, None, page),
            }
        }

        /// The comments on it, the newest first.
        fn comments() -> ReactionConnection {
            reactions::query::comments(SubjectType::Post, self.0.id.0, page)
        }

        /// All that it ever said, the latest first; null to the public.
        fn revisions() -> Option<PostRevisionConnection> {
            self.is_open_to(ctx).then(|| Asked::new(Revisions, Some(self.0.id.0), page).map(PostRevisionConnection)).transpose()
        }

        /// What those who work on it told each other, the latest first; null to the public.
        #[graphql(directive = staff_only::apply())]
        fn notes() -> Option<PostNoteConnection> {
            self.is_open_to(ctx).then(|| Asked::new(Notes, Some(self.0.id.0), page).map(PostNoteConnection)).transpose()
        }
    }
}
