//! Webhooks and what is sent to them: for an alliance's admins; a partner sees its own.

use alliance_entity::{webhook, webhook_delivery};
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait, Query};

use crate::policy::{Action, Readable};
use crate::viewer::Viewer;

/// Admins say where what happens is sent to.
pub(super) fn may(viewer: &Viewer, action: Action<'_>) -> bool {
    let administers = |alliance| viewer.administers().covers(alliance);
    match action {
        Action::ReadWebhook(alliance, partner) => {
            let own = matches!(viewer, Viewer::Partner(own) if own.partner.is_some() && own.partner == partner);
            administers(alliance) || own
        }
        Action::CreateWebhook(alliance)
        | Action::EditWebhook(alliance)
        | Action::DeleteWebhook(alliance)
        | Action::SendWebhook(alliance) => administers(alliance),
        _ => false,
    }
}

/// The webhooks of alliances that one administers, and one's own.
#[must_use]
pub fn readable_webhooks(viewer: &Viewer) -> Readable<webhook::Entity> {
    let own = match viewer {
        Viewer::Partner(own) => own.partner.map(|id| Expr::col((webhook::Entity, webhook::Column::PartnerId)).eq(id)),
        Viewer::Anonymous | Viewer::Visitor(_) | Viewer::Account(_) => None,
    };
    let own = Condition::any().add(Expr::val(1).eq(0)).add_option(own);
    Readable::only(viewer.administers().or((webhook::Entity, webhook::Column::AllianceId), own))
}

/// What is sent to those.
#[must_use]
pub fn readable_deliveries(viewer: &Viewer) -> Readable<webhook_delivery::Entity> {
    let mut webhooks = Query::select();
    webhooks.column((webhook::Entity, webhook::Column::Id)).from(webhook::Entity);
    webhooks.cond_where(readable_webhooks(viewer).condition());
    let of = Expr::col((webhook_delivery::Entity, webhook_delivery::Column::WebhookId)).in_subquery(webhooks);
    Readable::only(Condition::all().add(of))
}
