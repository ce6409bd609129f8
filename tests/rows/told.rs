//! Rows of what other sites are told.

use alliance_entity::id::{AllianceId, PartnerId, WebhookDeliveryId, WebhookId};
use alliance_entity::webhook_delivery::{self, WebhookDeliveryState};
use alliance_entity::{partner, webhook};
use uuid::Uuid;

use crate::rows::now;

/// A webhook's id.
pub(crate) const WEBHOOK: WebhookId = WebhookId(Uuid::from_u128(0xe0));
/// That of something that is sent to it.
pub(crate) const DELIVERY: WebhookDeliveryId = WebhookDeliveryId(Uuid::from_u128(0xe1));

/// A partner that carries all.
pub(crate) fn partner(id: PartnerId, alliance_id: AllianceId) -> partner::Model {
    partner::Model {
        id,
        alliance_id,
        name: id.to_string(),
        sort_name: id.to_string(),
        website_url: None,
        contact: None,
        carries_all: true,
        suspended_at: None,
        version: 1,
        created_by: None,
        created_at: now(),
        updated_at: now(),
    }
}

/// A webhook that nothing is sent to, since its secret opens nowhere.
pub(crate) fn webhook(id: WebhookId, alliance_id: AllianceId, partner_id: Option<PartnerId>) -> webhook::Model {
    webhook::Model {
        id,
        alliance_id,
        partner_id,
        url: "https://example.org/hooks".to_owned(),
        description: None,
        events: "post.published".to_owned(),
        query: None,
        secret: String::new(),
        former_secret: None,
        former_secret_until: None,
        disabled_at: None,
        disabled_reason: None,
        failures: 0,
        failing_since: None,
        open_until: None,
        version: 1,
        created_by: None,
        created_at: now(),
        updated_at: now(),
    }
}

/// Something that has arrived.
pub(crate) fn delivery(id: WebhookDeliveryId, webhook_id: WebhookId) -> webhook_delivery::Model {
    webhook_delivery::Model {
        id,
        webhook_id,
        position: None,
        event: "post.published".to_owned(),
        subject_type: "POST".to_owned(),
        subject_id: Uuid::from_u128(1),
        state: WebhookDeliveryState::Delivered,
        cache_tags: String::new(),
        attempts: 1,
        attempts_before: 0,
        due: 0,
        lease: None,
        happened_at: now(),
        created_at: now(),
        ended_at: Some(now()),
    }
}
