//! Webhooks of two alliances, of each partner and of nobody, each with something that is sent to it.

use alliance::policy::Action;
use alliance_entity::id::{PartnerId, WebhookDeliveryId, WebhookId};
use alliance_entity::webhook;
use alliance_tests::app::TestApp;
use uuid::Uuid;

use crate::policy::planted::{ALLIANCES, kinds};
use crate::policy::table::{Row, Words, row};
use crate::policy::twins::Ruled;
use crate::rows::{insert_all, told};
use crate::viewers::HERE;

/// A webhook, and what is sent to it.
pub(super) type Told = (webhook::Model, WebhookDeliveryId);

/// Plants them beside the partners of every kind of viewer, which are there.
pub(super) async fn plant(app: &TestApp) -> Vec<Told> {
    let (mut planted, mut others) = (Vec::new(), Vec::new());
    for alliance in ALLIANCES {
        let kinds = kinds();
        let own = kinds.iter().filter_map(|kind| kind.partner()).filter(|partner| partner.alliance == alliance);
        let other = PartnerId(Uuid::now_v7());
        others.push(told::partner(other, alliance));
        for partner in own.map(|partner| partner.partner).chain([Some(other), None]) {
            let webhook = told::webhook(WebhookId(Uuid::now_v7()), alliance, partner);
            planted.push((webhook, WebhookDeliveryId(Uuid::now_v7())));
        }
    }
    insert_all(app, others).await;
    insert_all(app, planted.iter().map(|(row, _)| row.clone())).await;
    insert_all(app, planted.iter().map(|(row, id)| told::delivery(*id, row.id))).await;
    planted
}

fn rule(row: &webhook::Model) -> Vec<Action<'static>> {
    vec![Action::ReadWebhook(row.alliance_id, row.partner_id)]
}

/// What may be done with webhooks, and with the keys of partners.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = vec![
        row(Words("a partner's"), "webhook", |holder| Action::ReadWebhook(HERE, Some(holder.partner))),
        row(Words("nobody's"), "webhook", |_| Action::ReadWebhook(HERE, None)),
        row(Words("any"), "api key", |holder| Action::ReadApiKey(HERE, holder.key)),
        row(Words("any"), "api key", |_| Action::CreateApiKey(HERE)),
        row(Words("any"), "api key", |_| Action::RevokeApiKey(HERE)),
    ];
    for act in [Action::CreateWebhook, Action::EditWebhook, Action::DeleteWebhook, Action::SendWebhook] {
        rows.push(row(Words("any"), "webhook", move |_| act(HERE)));
    }
    rows
}

pub(super) fn webhooks(planted: &[Told]) -> Vec<Ruled<'_>> {
    planted.iter().map(|(row, _)| (row.id.0, rule(row))).collect()
}

pub(super) fn deliveries(planted: &[Told]) -> Vec<Ruled<'_>> {
    planted.iter().map(|(row, id)| (id.0, rule(row))).collect()
}
