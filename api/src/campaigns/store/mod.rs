//! The SQL statements that read campaigns.

pub mod change;

use alliance_entity::id::CampaignId;
use alliance_entity::search_document::SearchType;
use alliance_entity::{campaign, campaign_institution, event_campaign, institution, post_campaign};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Iterable};

use crate::app::App;
use crate::campaigns::{CampaignFilter, CampaignOrder, CampaignOrderField, Scope};
use crate::lookup::store::{alliance_called, found};
use crate::page::OrderDirection;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::{readable_campaigns, readable_institutions};
use crate::scalar::{IdOf, Text};
use crate::slugs::store::formerly;
use crate::viewer::Viewer;

found!(campaign, CampaignId, readable_campaigns, |slug, alliance| formerly(SearchType::Campaign, slug, alliance));

/// Campaigns in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Campaigns {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: CampaignFilter,
    /// In what order.
    pub order: CampaignOrder,
    /// Only these, where it is not all of them.
    pub only: Option<Vec<CampaignId>>,
}

impl Listed for Campaigns {
    type Row = campaign::Model;

    fn order(&self) -> Order {
        let (title, updated) = (campaign::Column::SortTitle, campaign::Column::UpdatedAt);
        let (name, column, like) = match (self.order.field, self.order.direction) {
            (CampaignOrderField::Title, OrderDirection::Asc) => ("campaigns.title.asc", title, Key::Text(String::new())),
            (CampaignOrderField::Title, OrderDirection::Desc) => ("campaigns.title.desc", title, Key::Text(String::new())),
            (CampaignOrderField::UpdatedAt, OrderDirection::Asc) => ("campaigns.updated.asc", updated, Key::Time(0)),
            (CampaignOrderField::UpdatedAt, OrderDirection::Desc) => ("campaigns.updated.desc", updated, Key::Time(0)),
        };
        let descending = self.order.direction == OrderDirection::Desc;
        Order { name, key: Expr::col((campaign::Entity, column)), like, descending }
    }

    fn id(&self) -> Expr {
        Expr::col((campaign::Entity, campaign::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let CampaignFilter { alliance, institution, statuses } = &self.filter;
        let mut select = Query::select();
        select.from(campaign::Entity).cond_where(readable_campaigns(viewer).condition());
        select.and_where_option(self.only.as_ref().map(|only| self.id().is_in(only.iter().copied())));
        select.and_where_option(statuses.as_ref().map(|statuses| campaign::Column::Status.is_in(statuses.iter().copied())));
        if let Some(Text(slug)) = alliance {
            select.and_where(Expr::col((campaign::Entity, campaign::Column::AllianceId)).eq(alliance_called(slug)));
        }
        if let Some(IdOf(institution)) = institution {
            let mut of_institution = Query::select();
            of_institution
                .column((campaign_institution::Entity, campaign_institution::Column::CampaignId))
                .from(campaign_institution::Entity)
                .inner_join(
                    institution::Entity,
                    Expr::col((campaign_institution::Entity, campaign_institution::Column::InstitutionId))
                        .equals((institution::Entity, institution::Column::Id)),
                )
                .and_where(institution::Column::Id.eq(*institution))
                .cond_where(readable_institutions(viewer).condition());
            select.and_where(self.id().in_subquery(of_institution));
        }
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

    fn few_by(&self) -> Option<Expr> {
        match self.scope {
            Scope::All | Scope::Alliance => None,
            Scope::Institution => Some(Expr::col((campaign_institution::Entity, campaign_institution::Column::InstitutionId))),
            Scope::Post => Some(Expr::col((post_campaign::Entity, post_campaign::Column::PostId))),
            Scope::Event => Some(Expr::col((event_campaign::Entity, event_campaign::Column::EventId))),
        }
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(campaign::Column::iter().map(|column| (campaign::Entity, column)));
    }
}
