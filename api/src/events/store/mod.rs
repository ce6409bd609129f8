//! The SQL statements that read events.

pub mod calendar;
pub mod change;

use alliance_entity::id::EventId;
use alliance_entity::search_document::SearchType;
use alliance_entity::{campaign, event, event_campaign};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Iterable};

use crate::app::App;
use crate::events::{EventFilter, EventOrder, EventOrderField, Scope};
use crate::lookup::store::{alliance_called, found};
use crate::page::OrderDirection;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::{readable_campaigns, readable_events};
use crate::scalar::{IdOf, Text};
use crate::slugs::store::formerly;
use crate::viewer::Viewer;

found!(event, EventId, readable_events, |slug, alliance| formerly(SearchType::Event, slug, alliance));

/// Events in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Events {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: EventFilter,
    /// In what order.
    pub order: EventOrder,
}

impl Events {
    /// The column of the table whose index holds this list in order.
    fn starts_at(&self) -> Expr {
        match self.scope {
            Scope::All | Scope::Alliance => Expr::col((event::Entity, event::Column::StartsAt)),
            Scope::Campaign => Expr::col((event_campaign::Entity, event_campaign::Column::StartsAt)),
        }
    }
}

impl Listed for Events {
    type Row = event::Model;

    fn order(&self) -> Order {
        let (name, descending) = match (self.order.field, self.order.direction) {
            (EventOrderField::StartsAt, OrderDirection::Asc) => ("events.start.asc", false),
            (EventOrderField::StartsAt, OrderDirection::Desc) => ("events.start.desc", true),
        };
        Order { name, key: self.starts_at(), like: Key::Time(0), descending }
    }

    fn id(&self) -> Expr {
        match self.scope {
            Scope::All | Scope::Alliance => Expr::col((event::Entity, event::Column::Id)),
            Scope::Campaign => Expr::col((event_campaign::Entity, event_campaign::Column::EventId)),
        }
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let EventFilter { alliance, campaign, statuses, starts_from, starts_before } = &self.filter;
        let mut select = Query::select();
        select.from(event::Entity).cond_where(readable_events(viewer).condition());
        select.and_where_option(statuses.as_ref().map(|statuses| event::Column::Status.is_in(statuses.iter().copied())));
        select.and_where_option(starts_from.map(|from| self.starts_at().gte(from.0)));
        select.and_where_option(starts_before.map(|before| self.starts_at().lt(before.0)));
        if let Some(Text(slug)) = alliance {
            select.and_where(Expr::col((event::Entity, event::Column::AllianceId)).eq(alliance_called(slug)));
        }
        if let Some(IdOf(campaign)) = campaign {
            let mut of_campaign = Query::select();
            of_campaign
                .column((event_campaign::Entity, event_campaign::Column::EventId))
                .from(event_campaign::Entity)
                .inner_join(
                    campaign::Entity,
                    Expr::col((event_campaign::Entity, event_campaign::Column::CampaignId))
                        .equals((campaign::Entity, campaign::Column::Id)),
                )
                .and_where(campaign::Column::Id.eq(*campaign))
                .cond_where(readable_campaigns(viewer).condition());
            select.and_where(Expr::col((event::Entity, event::Column::Id)).in_subquery(of_campaign));
        }
        let Some(parent) = parent else { return select };
        match self.scope {
            Scope::All => {}
            Scope::Alliance => {
                select.and_where(Expr::col((event::Entity, event::Column::AllianceId)).eq(parent));
            }
            Scope::Campaign => {
                select.inner_join(event_campaign::Entity, self.id().equals((event::Entity, event::Column::Id)));
                select.and_where(Expr::col((event_campaign::Entity, event_campaign::Column::CampaignId)).eq(parent));
            }
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(event::Column::iter().map(|column| (event::Entity, column)));
    }
}
