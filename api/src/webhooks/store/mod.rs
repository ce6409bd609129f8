//! Every SQL statement about webhooks: of what is said of them here, of their deliveries beside this.

pub mod attempts;
pub mod deliveries;
pub mod list;
pub mod rights;
pub mod subjects;
pub mod telling;

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, PartnerId, WebhookDeliveryId, WebhookId};
use alliance_entity::{partner, webhook, webhook_delivery};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::editing::store::content;
use crate::error::Result;
use crate::loader::Load;
use crate::policy::webhooks::{readable_deliveries, readable_webhooks};
use crate::viewer::Viewer;

content!(webhook: "webhook", "WEBHOOK", None, alliance_id, readable_webhooks, |row| None);

impl Load for WebhookId {
    type Value = webhook::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = webhook::Entity::find().filter(webhook::Column::Id.is_in(keys)).filter(readable_webhooks(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|webhook| (webhook.id, webhook)).collect())
    }
}

impl Load for WebhookDeliveryId {
    type Value = webhook_delivery::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = webhook_delivery::Entity::find()
            .filter(webhook_delivery::Column::Id.is_in(keys))
            .filter(readable_deliveries(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|delivery| (delivery.id, delivery)).collect())
    }
}

/// How many webhooks an alliance has.
///
/// # Errors
/// Where the database does not answer.
pub async fn count(txn: &Transaction, alliance: AllianceId) -> Result<u64> {
    Ok(webhook::Entity::find().filter(webhook::Column::AllianceId.eq(alliance)).count(txn).await?)
}

/// Whether a partner belongs to an alliance.
///
/// # Errors
/// Where the database does not answer.
pub async fn has_partner(txn: &Transaction, alliance: AllianceId, id: PartnerId) -> Result<bool> {
    let own = partner::Entity::find_by_id(id).filter(partner::Column::AllianceId.eq(alliance));
    Ok(own.count(txn).await? > 0)
}

/// A delivery that a viewer may read.
///
/// # Errors
/// Where the database does not answer.
pub async fn delivery(txn: &Transaction, viewer: &Viewer, id: WebhookDeliveryId) -> Result<Option<webhook_delivery::Model>> {
    Ok(webhook_delivery::Entity::find_by_id(id).filter(readable_deliveries(viewer).condition()).one(txn).await?)
}
