//! The SQL that finds one object of any domain, or counts all of them.

use alliance_entity::alliance;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait};

use crate::app::App;
use crate::error::Result;
use crate::policy::Readable;

/// The id of the alliance with this slug, inside another statement.
#[must_use]
pub fn alliance_called(slug: &str) -> Expr {
    let mut id = Query::select();
    id.column((alliance::Entity, alliance::Column::Id)).from(alliance::Entity).and_where(alliance::Column::Slug.eq(slug));
    id.into()
}

/// How many rows a viewer may read: the rule's columns alone, no join.
///
/// # Errors
/// Where the database does not answer.
pub async fn count<E: EntityTrait>(app: &App, readable: &Readable<E>) -> Result<i64> {
    let mut select = Query::select();
    select.expr_as(Expr::cust("COUNT(*)"), "total").from(E::default()).cond_where(readable.condition());
    let row = app.db().read().query_one(&select).await?;
    row.map_or(Ok(0), |row| Ok(row.try_get("", "total")?))
}

/// Makes `find` and the batch loader of an entity that has a slug within its alliance.
macro_rules! found {
    ($entity:ident, $id:ty, $readable:path) => {
        impl $crate::loader::Load for $id {
            type Value = $entity::Model;

            async fn load(
                app: &$crate::app::App,
                viewer: &$crate::viewer::Viewer,
                keys: Vec<Self>,
            ) -> $crate::error::Result<std::collections::HashMap<Self, Self::Value>> {
                use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
                let readable = $readable(viewer).condition();
                let found = $entity::Entity::find().filter($entity::Column::Id.is_in(keys)).filter(readable);
                Ok(found.all(app.db().read()).await?.into_iter().map(|row| (row.id, row)).collect())
            }
        }

        /// The one that is looked up, where the viewer may read it.
        ///
        /// # Errors
        /// Where the database does not answer.
        pub async fn find(
            app: &$crate::app::App,
            viewer: &$crate::viewer::Viewer,
            lookup: &$crate::lookup::Lookup<$id>,
        ) -> $crate::error::Result<Option<$entity::Model>> {
            use sea_orm::sea_query::ExprTrait as _;
            use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
            use $crate::lookup::Lookup;
            let found = $entity::Entity::find().filter($readable(viewer).condition());
            let found = match lookup {
                Lookup::Id(id) => found.filter($entity::Column::Id.eq(*id)),
                Lookup::Slug { slug, alliance } => {
                    let alliance = $crate::lookup::store::alliance_called(alliance);
                    let of = sea_orm::sea_query::Expr::col(($entity::Entity, $entity::Column::AllianceId));
                    found.filter($entity::Column::Slug.eq(slug)).filter(of.eq(alliance))
                }
            };
            Ok(found.one(app.db().read()).await?)
        }
    };
}
pub(crate) use found;
