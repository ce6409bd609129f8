//! campaign, campaigns; and the campaigns of what has some.

use alliance_entity::id::{AllianceId, CampaignId};
use async_graphql::{Context, ID};
use uuid::Uuid;

use crate::campaigns::object::{Campaign, CampaignConnection};
use crate::campaigns::store::{self, Campaigns};
use crate::campaigns::{BY_TITLE, CampaignFilter, CampaignOrder, Scope};
use crate::context::Ask;
use crate::error::Result;
use crate::lookup::Lookup;
use crate::page::Arguments;
use crate::page::connection::{Asked, object};
use crate::scalar::Text;

/// The root fields.
#[derive(Debug, Default)]
pub struct CampaignQuery;

object! {
    CampaignQuery (self, ctx, page) {
        /// One public campaign, by `id`, or by `slug` with `alliance`; null where there is none.
        async fn campaign(
            &self,
            ctx: &Context<'_>,
            #[graphql(desc = "The campaign's id.")] id: Option<ID>,
            #[graphql(desc = "The campaign's slug, with `alliance`.")] slug: Option<Text>,
            #[graphql(desc = "The slug of its alliance.")] alliance: Option<Text>,
        ) -> Result<Option<Campaign>> {
            let lookup = Lookup::new(id, slug, alliance)?;
            Ok(store::find(ctx.app(), ctx.viewer(), &lookup).await?.map(Campaign::from))
        }
    }
    lists {
        /// The public campaigns of all alliances, by title where nothing else is asked for.
        fn campaigns(
            #[graphql(desc = "Which campaigns.")] filter: Option<CampaignFilter>,
            #[graphql(desc = "In what order.")] order_by: Option<CampaignOrder>
        ) -> CampaignConnection {
            of(Scope::All, None, filter, order_by, page)
        }
    }
}

/// The campaigns of an alliance.
pub(crate) fn of_alliance(
    alliance: AllianceId,
    filter: Option<CampaignFilter>,
    order: Option<CampaignOrder>,
    page: Arguments,
) -> Result<CampaignConnection> {
    of(Scope::Alliance, Some(alliance.0), filter, order, page)
}

/// The campaigns of anything that has some.
pub(crate) fn of(
    scope: Scope,
    parent: Option<Uuid>,
    filter: Option<CampaignFilter>,
    order: Option<CampaignOrder>,
    page: Arguments,
) -> Result<CampaignConnection> {
    Ok(CampaignConnection(Asked::new(
        Campaigns { scope, filter: filter.unwrap_or_default(), order: order.unwrap_or(BY_TITLE), only: None },
        parent,
        page,
    )?))
}

/// Some campaigns by their ids, as far as they can be seen.
pub(crate) fn named(ids: Vec<CampaignId>, page: Arguments) -> Result<CampaignConnection> {
    let named = Campaigns { scope: Scope::All, filter: CampaignFilter::default(), order: BY_TITLE, only: Some(ids) };
    Ok(CampaignConnection(Asked::new(named, None, page)?))
}
