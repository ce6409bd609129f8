//! Every SQL statement about campaigns.

use std::collections::HashMap;

use alliance_entity::id::CampaignId;
use alliance_entity::{campaign, campaign_institution, event_campaign, post_campaign};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, QueryFilter};

use crate::alliances;
use crate::app::App;
use crate::campaigns::CampaignFilter;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::Lookup;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::readable_campaigns;
use crate::viewer::Viewer;

impl Load for CampaignId {
    type Value = campaign::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found =
            campaign::Entity::find().filter(campaign::Column::Id.is_in(keys)).filter(readable_campaigns(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|campaign| (campaign.id, campaign)).collect())
    }
}

/// One campaign.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, viewer: &Viewer, lookup: &Lookup<CampaignId>) -> Result<Option<campaign::Model>> {
    let wanted = match lookup {
        Lookup::Id(id) => Condition::all().add(campaign::Column::Id.eq(*id)),
        Lookup::Slug { slug, alliance } => Condition::all()
            .add(campaign::Column::Slug.eq(slug))
            .add(Expr::col((campaign::Entity, campaign::Column::AllianceId)).eq(alliances::store::id_of(alliance))),
    };
    Ok(campaign::Entity::find().filter(wanted).filter(readable_campaigns(viewer).condition()).one(app.db().read()).await?)
}

/// Whose campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// An institution's.
    Institution,
    /// A post's.
    Post,
    /// An event's.
    Event,
}

/// Campaigns in the order of their titles.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Campaigns {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: CampaignFilter,
}

impl Listed for Campaigns {
    type Row = campaign::Model;

    fn order(&self) -> Order {
        let key = Expr::col((campaign::Entity, campaign::Column::SortTitle));
        Order { name: "campaigns.title", key, like: Key::Text(String::new()), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((campaign::Entity, campaign::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let CampaignFilter { status } = &self.filter;
        let mut select = Query::select();
        select.from(campaign::Entity).cond_where(readable_campaigns(viewer).condition());
        select.and_where_option(status.map(|status| campaign::Column::Status.eq(status)));
        let Some(parent) = parent else { return select };
        match self.scope {
            Scope::All => {}
            Scope::Alliance => {
                select.and_where(Expr::col((campaign::Entity, campaign::Column::AllianceId)).eq(parent));
            }
            Scope::Institution => {
                let link = Expr::col((campaign_institution::Entity, campaign_institution::Column::CampaignId)).eq(self.id());
                select.inner_join(campaign_institution::Entity, link);
                select
                    .and_where(Expr::col((campaign_institution::Entity, campaign_institution::Column::InstitutionId)).eq(parent));
            }
            Scope::Post => {
                let link = Expr::col((post_campaign::Entity, post_campaign::Column::CampaignId)).eq(self.id());
                select.inner_join(post_campaign::Entity, link);
                select.and_where(Expr::col((post_campaign::Entity, post_campaign::Column::PostId)).eq(parent));
            }
            Scope::Event => {
                let link = Expr::col((event_campaign::Entity, event_campaign::Column::CampaignId)).eq(self.id());
                select.inner_join(event_campaign::Entity, link);
                select.and_where(Expr::col((event_campaign::Entity, event_campaign::Column::EventId)).eq(parent));
            }
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(campaign::Column::iter().map(|column| (campaign::Entity, column)));
    }
}
