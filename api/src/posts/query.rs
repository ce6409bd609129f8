//! post, posts; and the posts of what has some.

use alliance_entity::id::AllianceId;
use async_graphql::{Context, ID};
use secrecy::ExposeSecret;
use uuid::Uuid;

use crate::context::Ask;
use crate::error::{Error, Result, SIGN_IN};
use crate::keys;
use crate::lookup::Lookup;
use crate::page::Arguments;
use crate::page::connection::{Asked, object};
use crate::policy::staff::staff_only;
use crate::posts::object::{Post, PostConnection};
use crate::posts::revision::ScheduledPostConnection;
use crate::posts::store::list::Posts;
use crate::posts::store::revisions::Calendar;
use crate::posts::store::{self, previews};
use crate::posts::{CHANGED_FIRST, NEWEST_FIRST, PostFilter, PostOrder, Scope};
use crate::scalar::{DateTime, Secret, Text};

/// The root fields.
#[derive(Debug, Default)]
pub struct PostQuery;

object! {
    PostQuery (self, ctx, page) {
        /// One published post, by `id`, or by `slug` with `alliance`; null where there is none. An old slug finds it, too, and `redirectedFrom`
        /// then says so. A preview token shows one revision of one post, published or not, to whoever holds it.
        async fn post(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The post's id.")] id: Option<ID>,
            #[graphql(desc = "The post's slug, with `alliance`.")] slug: Option<Text>,
            #[graphql(desc = "The slug of its alliance.")] alliance: Option<Text>,
            #[graphql(desc = "A token that shows one revision of it, as `postPreviewTokenCreate` makes them; alone, or with what it shows.")]
            preview_token: Option<Secret>,
        ) -> Result<Option<Post>> {
            if let Some(token) = preview_token {
                return previewed(ctx, &token, (id, slug, alliance)).await.map(Some);
            }
            let lookup = Lookup::new(id, slug, alliance)?;
            let whole = ctx.look_ahead().field("body").exists();
            Ok(store::find(ctx.app(), ctx.viewer(), &lookup, whole).await?.map(Post::from))
        }
    }
    lists {
        /// The published posts of all alliances, the newest first where nothing else is asked for.
        fn posts(
            #[graphql(desc = "Which posts.")] filter: Option<PostFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<PostOrder>
        ) -> PostConnection {
            of(Scope::All, None, filter, order_by, page)
        }

        /// What will happen to the posts of an alliance by itself, the next first. For those who edit it; authors see what is theirs.
        #[graphql(directive = staff_only::apply())]
        fn scheduled_posts(
            #[graphql(desc = "The slug of the alliance.")] alliance: Text,
            #[graphql(desc = "Only what happens at this moment or later.")] from: Option<DateTime>,
            #[graphql(desc = "Only what happens before this moment.")] until: Option<DateTime>
        ) -> ScheduledPostConnection {
            if ctx.viewer().account().is_none() {
                return Err(Error::Unauthenticated(SIGN_IN));
            }
            let calendar = Calendar { alliance: alliance.0, from: from.map(|at| at.0), until: until.map(|at| at.0) };
            Ok(ScheduledPostConnection(Asked::new(calendar, None, page)?))
        }
    }
}

/// What a preview token shows. The answer is for its holder: no cache keeps it.
async fn previewed(
    ctx: &Context<'_>,
    token: &Secret,
    (id, slug, alliance): (Option<ID>, Option<Text>, Option<Text>),
) -> Result<Post> {
    ctx.insert_http_header("cache-control", "private, no-store");
    let hash = keys::hash(token.0.expose_secret());
    let found = previews::find(ctx.app(), &hash, ctx.app().clock().now()).await?;
    let of = match &found {
        Some(post) => ctx.load(post.alliance_id).await?.map(|alliance| alliance.slug),
        None => None,
    };
    let in_it = alliance.is_none_or(|Text(slug)| Some(slug) == of);
    let named = found.filter(|post| {
        in_it && id.is_none_or(|id| id.as_str() == post.id.to_string()) && slug.is_none_or(|Text(slug)| slug == post.slug)
    });
    let problem = "this token shows no such post: it is not valid, not any more, or of another post";
    named.map(Post).ok_or_else(|| Error::invalid("previewToken", problem))
}

/// The posts of an alliance.
pub(crate) fn of_alliance(
    alliance: AllianceId,
    filter: Option<PostFilter>,
    order: Option<PostOrder>,
    page: Arguments,
) -> Result<PostConnection> {
    of(Scope::Alliance, Some(alliance.0), filter, order, page)
}

/// The posts of anything that has some.
pub(crate) fn of(
    scope: Scope,
    parent: Option<Uuid>,
    filter: Option<PostFilter>,
    order: Option<PostOrder>,
    page: Arguments,
) -> Result<PostConnection> {
    let filter = filter.unwrap_or_default();
    let usual = if filter.statuses.is_some() || filter.deleted == Some(true) { CHANGED_FIRST } else { NEWEST_FIRST };
    let posts = Posts { scope, filter, order: order.unwrap_or(usual) };
    Ok(PostConnection(Asked::new(posts, parent, page)?))
}
