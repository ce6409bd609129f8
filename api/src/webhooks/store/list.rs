//! Lists of webhooks and of deliveries, the newest first.

use alliance_entity::{webhook, webhook_delivery};
use sea_orm::Iterable;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};

use crate::app::App;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::webhooks::{readable_deliveries, readable_webhooks};
use crate::viewer::Viewer;
use crate::webhooks::{WebhookDeliveryFilter, WebhookFilter};

/// Webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Webhooks {
    /// Which of them.
    pub filter: WebhookFilter,
}

impl Listed for Webhooks {
    type Row = webhook::Model;

    fn order(&self) -> Order {
        let key = Expr::col((webhook::Entity, webhook::Column::CreatedAt));
        Order { name: "webhooks.created.desc", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((webhook::Entity, webhook::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let WebhookFilter { alliance, partner, is_enabled } = &self.filter;
        let column = |column| Expr::col((webhook::Entity, column));
        let mut select = Query::select();
        select.from(webhook::Entity).cond_where(readable_webhooks(viewer).condition());
        let called = alliance.as_ref().map(|slug| column(webhook::Column::AllianceId).eq(alliance_called(&slug.0)));
        select.and_where_option(called);
        select.and_where_option(partner.map(|id| column(webhook::Column::PartnerId).eq(id.0)));
        let disabled = || column(webhook::Column::DisabledAt);
        select.and_where_option(is_enabled.map(|is| if is { disabled().is_null() } else { disabled().is_not_null() }));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(webhook::Column::iter().map(|column| (webhook::Entity, column)));
    }
}

/// Deliveries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Deliveries {
    /// Which of them.
    pub filter: WebhookDeliveryFilter,
}

impl Listed for Deliveries {
    type Row = webhook_delivery::Model;

    fn order(&self) -> Order {
        let key = Expr::col((webhook_delivery::Entity, webhook_delivery::Column::CreatedAt));
        Order { name: "webhookDeliveries.created.desc", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((webhook_delivery::Entity, webhook_delivery::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let WebhookDeliveryFilter { webhook, state, event } = &self.filter;
        let column = |column| Expr::col((webhook_delivery::Entity, column));
        let mut select = Query::select();
        select.from(webhook_delivery::Entity).cond_where(readable_deliveries(viewer).condition());
        select.and_where_option(parent.map(|parent| column(webhook_delivery::Column::WebhookId).eq(parent)));
        select.and_where_option(webhook.map(|id| column(webhook_delivery::Column::WebhookId).eq(id.0)));
        select.and_where_option(state.map(|state| column(webhook_delivery::Column::State).eq(state)));
        select.and_where_option(event.map(|event| column(webhook_delivery::Column::Event).eq(event.word())));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(webhook_delivery::Column::iter().map(|column| (webhook_delivery::Entity, column)));
    }
}
