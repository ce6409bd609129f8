//! alliance, alliances.

use async_graphql::Context;

use crate::alliances::AllianceFilter;
use crate::alliances::object::{Alliance, AllianceConnection};
use crate::alliances::store::{self, Alliances};
use crate::context::Ask;
use crate::error::Result;
use crate::page::connection::{Asked, object};
use crate::scalar::Text;

/// The root fields.
#[derive(Debug, Default)]
pub struct AllianceQuery;

object! {
    AllianceQuery (self, ctx, page) {
        /// The alliance with this slug; null where there is none. An old slug finds it, too, here and wherever else an alliance is named by its
        /// slug.
        async fn alliance(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The alliance's slug, such as `nottingham-citizens`.")] slug: Text,
        ) -> Result<Option<Alliance>> {
            Ok(store::find(ctx.app(), ctx.viewer(), &slug.0).await?.map(|row| Alliance::by_slug(row, slug.0)))
        }
    }
    lists {
        /// The alliances of this installation, by name.
        fn alliances(#[graphql(desc = "Which alliances.")] filter: Option<AllianceFilter>) -> AllianceConnection {
            Ok(AllianceConnection(Asked::new(Alliances { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}
