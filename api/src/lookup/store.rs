//! The SQL that finds one object of any domain, or counts all of them.

use alliance_entity::{alliance, former_alliance_slug};
use sea_orm::sea_query::{Expr, Func, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait};

use crate::app::App;
use crate::error::Result;
use crate::policy::Readable;

/// The id of the alliance with this slug, or of the one that had it once, inside another statement.
#[must_use]
pub fn alliance_called(slug: &str) -> Expr {
    use former_alliance_slug::Column::{AllianceId, Slug};
    let (mut now, mut once) = (Query::select(), Query::select());
    now.column((alliance::Entity, alliance::Column::Id)).from(alliance::Entity).and_where(alliance::Column::Slug.eq(slug));
    let former = former_alliance_slug::Entity;
    once.column((former, AllianceId)).from(former).and_where(Slug.eq(slug));
    Func::coalesce([Expr::from(now), Expr::from(once)]).into()
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

/// Makes `find` and the batch loader of an entity that has a slug within its alliance; `formerly` selects the id of what had a slug once.
macro_rules! found {
    ($entity:ident, $id:ty, $readable:path, $formerly:expr) => {
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

        /// The one that is looked up, where the viewer may read it: by a slug that nothing has, what had it once.
        ///
        /// # Errors
        /// Where the database does not answer.
        pub async fn find(
            app: &$crate::app::App,
            viewer: &$crate::viewer::Viewer,
            lookup: &$crate::lookup::Lookup<$id>,
        ) -> $crate::error::Result<Option<$crate::lookup::Found<$entity::Model>>> {
            use sea_orm::sea_query::ExprTrait as _;
            use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
            use $crate::lookup::{Found, Lookup};
            let found = || $entity::Entity::find().filter($readable(viewer).condition());
            let (slug, alliance) = match lookup {
                Lookup::Id(id) => {
                    let one = found().filter($entity::Column::Id.eq(*id)).one(app.db().read()).await?;
                    return Ok(one.map(|row| Found { row, redirected_from: None }));
                }
                Lookup::Slug { slug, alliance } => (slug, alliance),
            };
            let of = sea_orm::sea_query::Expr::col(($entity::Entity, $entity::Column::AllianceId));
            let of = of.eq($crate::lookup::store::alliance_called(alliance));
            let one = found().filter($entity::Column::Slug.eq(slug)).filter(of).one(app.db().read()).await?;
            if let Some(row) = one {
                return Ok(Some(Found { row, redirected_from: None }));
            }
            let one = found().filter($entity::Column::Id.in_subquery($formerly(slug, alliance))).one(app.db().read()).await?;
            Ok(one.map(|row| Found { row, redirected_from: Some(slug.clone()) }))
        }
    };
}
pub(crate) use found;
