//! institution, institutions; and the institutions of what has some.

use alliance_entity::id::{AllianceId, InstitutionId};
use alliance_entity::institution::InstitutionStatus;
use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::context::Ask;
use crate::error::Result;
use crate::institutions::object::{Institution, InstitutionConnection};
use crate::institutions::store::{self, Institutions};
use crate::institutions::{BY_NAME, InstitutionFilter, InstitutionOrder, Scope};
use crate::lookup::Lookup;
use crate::page::Arguments;
use crate::page::connection::{Asked, object};
use crate::page::store::Count;
use crate::scalar::Text;

/// The root fields.
#[derive(Debug, Default)]
pub struct InstitutionQuery;

object! {
    InstitutionQuery (self, ctx, page) {
        /// One public institution, by `id`, or by `slug` with `alliance`; null where there is none.
        async fn institution(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The institution's id.")] id: Option<ID>,
            #[graphql(desc = "The institution's slug, with `alliance`.")] slug: Option<Text>,
            #[graphql(desc = "The slug of its alliance.")] alliance: Option<Text>,
        ) -> Result<Option<Institution>> {
            let lookup = Lookup::new(id, slug, alliance)?;
            Ok(store::find(ctx.app(), ctx.viewer(), &lookup).await?.map(Institution::from))
        }
    }
    lists {
        /// The public institutions of all alliances, by name where nothing else is asked for.
        fn institutions(
            #[graphql(desc = "Which institutions.")] filter: Option<InstitutionFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<InstitutionOrder>
        ) -> InstitutionConnection {
            of(Scope::All, None, filter, order_by, page)
        }
    }
}

/// How many public institutions are members of an alliance today, whoever asks.
pub(crate) async fn members(ctx: &Context<'_>, alliance: AllianceId) -> Result<i64> {
    let statuses = Some(vec![InstitutionStatus::Published]);
    let filter = InstitutionFilter { statuses, is_member: Some(true), ..InstitutionFilter::default() };
    let members =
        Count { of: Institutions { scope: Scope::Alliance, filter, order: BY_NAME, only: None }, parent: Some(alliance.0) };
    Ok(ctx.load(members).await?.unwrap_or_default())
}

/// The institutions of an alliance.
pub(crate) fn of_alliance(
    _: &Context<'_>,
    alliance: AllianceId,
    filter: Option<InstitutionFilter>,
    order: Option<InstitutionOrder>,
    page: Arguments,
) -> Result<InstitutionConnection> {
    of(Scope::Alliance, Some(alliance.0), filter, order, page)
}

/// The institutions of anything that has some.
pub(crate) fn of(
    scope: Scope,
    parent: Option<Uuid>,
    filter: Option<InstitutionFilter>,
    order: Option<InstitutionOrder>,
    page: Arguments,
) -> Result<InstitutionConnection> {
    Ok(InstitutionConnection(Asked::new(
        Institutions { scope, filter: filter.unwrap_or_default(), order: order.unwrap_or(BY_NAME), only: None },
        parent,
        page,
    )?))
}

/// Some institutions by their ids, as far as they can be seen.
pub(crate) fn named(ids: Vec<InstitutionId>, page: Arguments) -> Result<InstitutionConnection> {
    let named = Institutions { scope: Scope::All, filter: InstitutionFilter::default(), order: BY_NAME, only: Some(ids) };
    Ok(InstitutionConnection(Asked::new(named, None, page)?))
}
