//! Every SQL statement about events.

use std::collections::HashMap;

use alliance_entity::id::EventId;
use alliance_entity::{event, event_campaign};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, Iterable, QueryFilter};

use crate::alliances;
use crate::app::App;
use crate::error::Result;
use crate::events::EventFilter;
use crate::loader::Load;
use crate::lookup::Lookup;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::readable_events;
use crate::viewer::Viewer;

impl Load for EventId {
    type Value = event::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = event::Entity::find().filter(event::Column::Id.is_in(keys)).filter(readable_events(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|event| (event.id, event)).collect())
    }
}

/// One event.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, viewer: &Viewer, lookup: &Lookup<EventId>) -> Result<Option<event::Model>> {
    let wanted = match lookup {
        Lookup::Id(id) => Condition::all().add(event::Column::Id.eq(*id)),
        Lookup::Slug { slug, alliance } => Condition::all()
            .add(event::Column::Slug.eq(slug))
            .add(Expr::col((event::Entity, event::Column::AllianceId)).eq(alliances::store::id_of(alliance))),
    };
    Ok(event::Entity::find().filter(wanted).filter(readable_events(viewer).condition()).one(app.db().read()).await?)
}

/// Whose events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// A campaign's.
    Campaign,
}

/// Events, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Events {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: EventFilter,
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
        Order { name: "events.start.desc", key: self.starts_at(), like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        match self.scope {
            Scope::All | Scope::Alliance => Expr::col((event::Entity, event::Column::Id)),
            Scope::Campaign => Expr::col((event_campaign::Entity, event_campaign::Column::EventId)),
        }
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let EventFilter { status, starts_from, starts_before } = &self.filter;
        let mut select = Query::select();
        select.from(event::Entity).cond_where(readable_events(viewer).condition());
        select.and_where_option(status.map(|status| event::Column::Status.eq(status)));
        select.and_where_option(starts_from.map(|from| self.starts_at().gte(from)));
        select.and_where_option(starts_before.map(|before| self.starts_at().lt(before)));
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
