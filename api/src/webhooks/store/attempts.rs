//! Every SQL statement about what came of sending: of each attempt, of its delivery, and of how its receiver fares.

use std::collections::HashMap;
use std::time::Duration;

use alliance_entity::id::{WebhookDeliveryId, WebhookId};
use alliance_entity::{webhook, webhook_attempt, webhook_delivery};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement,
};

use crate::app::App;
use crate::database::Database;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::policy::webhooks::readable_deliveries;
use crate::viewer::Viewer;
use crate::webhooks::store::deliveries::millis;

/// What is noted of an attempt whose sender never told what came of it.
const LOST: &str = "the sender ended before it knew what came of this";

/// The attempts of a delivery, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptsOf(pub WebhookDeliveryId);

impl Load for AttemptsOf {
    type Value = Vec<webhook_attempt::Model>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let db = app.db().read();
        let readable = webhook_delivery::Entity::find()
            .select_only()
            .column(webhook_delivery::Column::Id)
            .filter(webhook_delivery::Column::Id.is_in(keys.iter().map(|Self(id)| *id)))
            .filter(readable_deliveries(viewer).condition());
        let readable: Vec<WebhookDeliveryId> = readable.into_tuple().all(db).await?;
        let found = webhook_attempt::Entity::find()
            .filter(webhook_attempt::Column::DeliveryId.is_in(readable))
            .order_by_asc(webhook_attempt::Column::Number);
        let mut attempts: HashMap<Self, Self::Value> = HashMap::new();
        for row in found.all(db).await? {
            attempts.entry(Self(row.delivery_id)).or_default().push(row);
        }
        Ok(attempts)
    }
}

/// What becomes of a delivery that was sent, or was to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It has arrived.
    Delivered,
    /// It is tried again after a while.
    Again(Duration),
    /// It is not tried any more.
    Failed,
}

/// Some webhooks, held until the transaction ends, in order.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, ids: impl Iterator<Item = WebhookId>) -> Result<Vec<webhook::Model>> {
    let found = webhook::Entity::find()
        .filter(webhook::Column::Id.is_in(ids))
        .order_by_asc(webhook::Column::Id)
        .lock(LockType::NoKeyUpdate);
    Ok(found.all(txn).await?)
}

/// Writes down what became of a delivery; says whether that was still for this sender to tell.
///
/// # Errors
/// Where the database does not answer.
pub async fn settle(txn: &Transaction, row: &webhook_delivery::Model, then: Then, now: DateTime<Utc>) -> Result<bool> {
    let backend = txn.get_database_backend();
    let time = txn.bell().time(backend);
    let set = match then {
        Then::Delivered => "state = 'DELIVERED', ended_at = $3".to_owned(),
        Then::Failed => "state = 'FAILED', ended_at = $3".to_owned(),
        Then::Again(wait) => format!("state = 'WAITING', due = {time} + {}, ended_at = NULL", millis(wait)),
    };
    let sql = format!("UPDATE webhook_deliveries SET lease = NULL, {set} WHERE id = $1 AND attempts = $2 AND state = 'SENDING'");
    let mut values = vec![row.id.0.into(), row.attempts.into()];
    if matches!(then, Then::Delivered | Then::Failed) {
        values.push(now.into());
    }
    Ok(txn.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?.rows_affected() > 0)
}

/// Keeps what came of attempts.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, attempts: Vec<webhook_attempt::Model>) -> Result<()> {
    if !attempts.is_empty() {
        let rows = attempts.into_iter().map(IntoActiveModel::into_active_model);
        webhook_attempt::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Writes down how a receiver fares. It counts no version: nobody has edited it.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_health(txn: &Transaction, row: &webhook::Model) -> Result<()> {
    use webhook::Column::{DisabledAt, DisabledReason, FailingSince, Failures, Id, OpenUntil};
    let set = webhook::Entity::update_many()
        .col_expr(Failures, Expr::val(row.failures))
        .col_expr(FailingSince, Expr::val(row.failing_since))
        .col_expr(OpenUntil, Expr::val(row.open_until))
        .col_expr(DisabledAt, Expr::val(row.disabled_at))
        .col_expr(DisabledReason, Expr::val(row.disabled_reason));
    set.filter(Id.eq(row.id)).exec(txn).await?;
    Ok(())
}

/// Lets deliveries be sent again whose senders have not told in time what came of them. Returns how many those were.
///
/// # Errors
/// Where the database does not answer.
pub async fn release_overdue(db: &Database, now: DateTime<Utc>) -> Result<usize> {
    let (txn, time) = (db.begin().await?, db.bell().time(db.backend()));
    let skip = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    let sql = format!(
        "UPDATE webhook_deliveries SET state = 'WAITING', lease = NULL, due = {time} WHERE id IN \
         (SELECT id FROM webhook_deliveries WHERE state = 'SENDING' AND lease <= {time} {skip}) RETURNING *"
    );
    let rows = txn.query_all_raw(Statement::from_string(db.backend(), sql)).await?;
    let mut lost = Vec::new();
    for row in &rows {
        let delivery = webhook_delivery::Model::from_query_result(row, "")?;
        let (number, problem) = (delivery.attempts, Some(LOST.to_owned()));
        lost.push(webhook_attempt::Model {
            delivery_id: delivery.id,
            number,
            began_at: now,
            took_millis: 0,
            status: None,
            problem,
            answer: None,
        });
    }
    insert(&txn, lost).await?;
    txn.commit().await?;
    Ok(rows.len())
}
