//! alliance, alliances.

use async_graphql::Context;

use crate::alliances::AllianceFilter;
use crate::alliances::object::{Alliance, AllianceConnection};
use crate::alliances::store::{self, Alliances};
use crate::context::Ask;
use crate::error::Result;
use crate::lookup::plain;
use crate::page::connection::{Asked, object};

/// The root fields.
#[derive(Debug, Default)]
pub struct AllianceQuery;

object! {
    AllianceQuery (self, ctx, page) {
        /// The alliance with this slug; null where there is none.
        async fn alliance(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The alliance's slug, such as `nottingham-citizens`.")] slug: String,
        ) -> Result<Option<Alliance>> {
            Ok(store::find(ctx.app(), ctx.viewer(), &plain("slug", slug)?).await?.map(Alliance::from))
        }
    }
    lists {
        /// The alliances of this installation, by name.
        fn alliances(#[graphql(desc = "Which alliances.")] filter: Option<AllianceFilter>) -> AllianceConnection {
            let _ = ctx;
            Ok(AllianceConnection(Asked::new(Alliances { filter: filter.unwrap_or_default() }, None, page)?))
        }
    }
}
