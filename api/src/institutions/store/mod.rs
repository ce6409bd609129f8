//! The SQL statements that read institutions.

pub mod change;

use alliance_entity::id::InstitutionId;
use alliance_entity::search_document::SearchType;
use alliance_entity::{campaign, campaign_institution, institution, post_institution};
use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, Iterable};

use crate::app::App;
use crate::institutions::{InstitutionFilter, InstitutionOrder, InstitutionOrderField, Scope};
use crate::lookup::store::{alliance_called, found};
use crate::page::OrderDirection;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::{readable_campaigns, readable_institutions};
use crate::scalar::{IdOf, Text};
use crate::slugs::store::formerly;
use crate::viewer::Viewer;

found!(institution, InstitutionId, readable_institutions, |slug, alliance| formerly(SearchType::Institution, slug, alliance));

/// Institutions in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Institutions {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: InstitutionFilter,
    /// In what order.
    pub order: InstitutionOrder,
    /// Only these, where it is not all of them.
    pub only: Option<Vec<InstitutionId>>,
}

impl Listed for Institutions {
    type Row = institution::Model;

    fn order(&self) -> Order {
        let column = |column| Expr::col((institution::Entity, column));
        let never = Expr::val(NaiveDate::from_num_days_from_ce_opt(1).unwrap_or_default());
        let joined = || Func::coalesce([column(institution::Column::JoinedOn), never]).into();
        let (name, key, like) = match (self.order.field, self.order.direction) {
            (InstitutionOrderField::Name, OrderDirection::Asc) => ("institutions.name.asc", None, Key::Text(String::new())),
            (InstitutionOrderField::Name, OrderDirection::Desc) => ("institutions.name.desc", None, Key::Text(String::new())),
            (InstitutionOrderField::JoinedOn, OrderDirection::Asc) => ("institutions.joined.asc", Some(joined()), Key::Day(1)),
            (InstitutionOrderField::JoinedOn, OrderDirection::Desc) => ("institutions.joined.desc", Some(joined()), Key::Day(1)),
        };
        let key = key.unwrap_or_else(|| column(institution::Column::SortName));
        Order { name, key, like, descending: self.order.direction == OrderDirection::Desc }
    }

    fn id(&self) -> Expr {
        Expr::col((institution::Entity, institution::Column::Id))
    }

    fn rows(&self, app: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let InstitutionFilter { alliance, campaign, kinds, statuses, is_member } = &self.filter;
        let mut select = Query::select();
        select.from(institution::Entity).cond_where(readable_institutions(viewer).condition());
        select.and_where_option(self.only.as_ref().map(|only| self.id().is_in(only.iter().copied())));
        select.and_where_option(kinds.as_ref().map(|kinds| institution::Column::Kind.is_in(kinds.iter().copied())));
        select.and_where_option(statuses.as_ref().map(|statuses| institution::Column::Status.is_in(statuses.iter().copied())));
        if let Some(Text(slug)) = alliance {
            select.and_where(Expr::col((institution::Entity, institution::Column::AllianceId)).eq(alliance_called(slug)));
        }
        if let Some(IdOf(campaign)) = campaign {
            let mut of_campaign = Query::select();
            of_campaign
                .column((campaign_institution::Entity, campaign_institution::Column::InstitutionId))
                .from(campaign_institution::Entity)
                .inner_join(
                    campaign::Entity,
                    Expr::col((campaign_institution::Entity, campaign_institution::Column::CampaignId))
                        .equals((campaign::Entity, campaign::Column::Id)),
                )
                .and_where(campaign::Column::Id.eq(*campaign))
                .cond_where(readable_campaigns(viewer).condition());
            select.and_where(self.id().in_subquery(of_campaign));
        }
        if let Some(is_member) = is_member {
            let member = members(app.clock().today());
            select.cond_where(if *is_member { member } else { member.not() });
        }
        let Some(parent) = parent else { return select };
        match self.scope {
            Scope::All => {}
            Scope::Alliance => {
                select.and_where(Expr::col((institution::Entity, institution::Column::AllianceId)).eq(parent));
            }
            Scope::Campaign => {
                let link = Expr::col((campaign_institution::Entity, campaign_institution::Column::InstitutionId)).eq(self.id());
                select.inner_join(campaign_institution::Entity, link);
                select.and_where(Expr::col((campaign_institution::Entity, campaign_institution::Column::CampaignId)).eq(parent));
            }
            Scope::Post => {
                let link = Expr::col((post_institution::Entity, post_institution::Column::InstitutionId)).eq(self.id());
                select.inner_join(post_institution::Entity, link);
                select.and_where(Expr::col((post_institution::Entity, post_institution::Column::PostId)).eq(parent));
            }
        }
        select
    }

    fn few_by(&self) -> Option<Expr> {
        match self.scope {
            Scope::All | Scope::Alliance | Scope::Campaign => None,
            Scope::Post => Some(Expr::col((post_institution::Entity, post_institution::Column::PostId))),
        }
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(institution::Column::iter().map(|column| (institution::Entity, column)));
    }
}

/// Those who are members on a day. Never unknown, so that its negation is all others.
fn members(day: NaiveDate) -> Condition {
    Condition::all()
        .add(institution::Column::JoinedOn.is_not_null())
        .add(institution::Column::JoinedOn.lte(day))
        .add(Condition::any().add(institution::Column::LeftOn.is_null()).add(institution::Column::LeftOn.gt(day)))
}
