//! post, posts; and the posts of what has some.

use alliance_entity::id::AllianceId;
use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::context::Ask;
use crate::error::Result;
use crate::lookup::Lookup;
use crate::page::Arguments;
use crate::page::connection::{Asked, object};
use crate::posts::object::{Post, PostConnection};
use crate::posts::store;
use crate::posts::store::list::Posts;
use crate::posts::{NEWEST_FIRST, PostFilter, PostOrder, Scope};
use crate::scalar::Text;

/// The root fields.
#[derive(Debug, Default)]
pub struct PostQuery;

object! {
    PostQuery (self, ctx, page) {
        /// One published post, by `id`, or by `slug` with `alliance`; null where there is none.
        async fn post(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The post's id.")] id: Option<ID>,
            #[graphql(desc = "The post's slug, with `alliance`.")] slug: Option<Text>,
            #[graphql(desc = "The slug of its alliance.")] alliance: Option<Text>,
        ) -> Result<Option<Post>> {
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
    }
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
    let posts = Posts { scope, filter: filter.unwrap_or_default(), order: order.unwrap_or(NEWEST_FIRST) };
    Ok(PostConnection(Asked::new(posts, parent, page)?))
}
