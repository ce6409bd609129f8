//! With whose rights a webhook is told: its partner's as they are at this moment, or the public's.

use alliance_entity::api_key::ApiKeyScope;
use alliance_entity::id::ApiKeyId;
use alliance_entity::{alliance, webhook};
use sea_orm::{ConnectionTrait, EntityTrait};
use std::sync::Arc;
use uuid::Uuid;

use crate::api_keys;
use crate::app::App;
use crate::error::{Error, Result};
use crate::viewer::{Carries, Partner, Viewer};

/// Which posts a webhook is told of.
///
/// # Errors
/// Where the database does not answer.
pub async fn carries(db: &impl ConnectionTrait, webhook: &webhook::Model) -> Result<Carries> {
    match webhook.partner_id {
        Some(partner) => api_keys::store::carries(db, partner).await,
        None => Ok(Carries::All(webhook.alliance_id)),
    }
}

/// Who asks for what a webhook is told, and what they may carry.
///
/// # Errors
/// Where the database does not answer.
pub async fn viewer(app: &App, webhook: &webhook::Model) -> Result<(Viewer, Carries)> {
    let carries = carries(app.db().read(), webhook).await?;
    let viewer = Partner {
        // It is no key's: none has this id.
        key: ApiKeyId(Uuid::nil()),
        alliance: webhook.alliance_id,
        scopes: vec![ApiKeyScope::ContentRead],
        partner: webhook.partner_id,
        carries: carries.clone(),
        sent_at: Some(app.clock().now()),
    };
    Ok((Viewer::Partner(Arc::new(viewer)), carries))
}

/// The alliance of a webhook.
///
/// # Errors
/// Where the database does not answer.
pub async fn alliance(app: &App, webhook: &webhook::Model) -> Result<alliance::Model> {
    let found = alliance::Entity::find_by_id(webhook.alliance_id).one(app.db().read()).await?;
    found.ok_or_else(|| Error::internal("a webhook's alliance is missing"))
}
