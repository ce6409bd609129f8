//! Every SQL statement about deliveries on their way. A delivery is claimed before it is sent; whoever does not tell in time what came of
//! it lets another send it once more. Who needs both locks webhooks before deliveries.

use std::collections::HashMap;
use std::time::Duration;

use alliance_entity::id::WebhookId;
use alliance_entity::{webhook, webhook_delivery};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, Statement, Value};
use uuid::Uuid;

use crate::app::App;
use crate::database::Database;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::webhooks::health::FAILURES;

/// How many messages are on their way to one webhook at once.
pub const AT_ONCE: i64 = 2;
/// How many webhooks are looked after in one go.
const WEBHOOKS: i64 = 100;
const ROWS: usize = 500;

/// The database's time, in milliseconds since 1970.
///
/// # Errors
/// Where the database does not answer.
pub async fn time(db: &impl ConnectionTrait, app: &App) -> Result<i64> {
    let backend = app.db().backend();
    let row = db.query_one_raw(Statement::from_string(backend, format!("SELECT {}", app.db().bell().time(backend)))).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// Adds deliveries, but those that are there.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, rows: Vec<webhook_delivery::Model>) -> Result<()> {
    let once =
        || OnConflict::columns([webhook_delivery::Column::WebhookId, webhook_delivery::Column::Position]).do_nothing().to_owned();
    for rows in rows.chunks(ROWS) {
        let rows = rows.iter().map(|row| row.clone().into_active_model());
        webhook_delivery::Entity::insert_many(rows).on_conflict(once()).exec_without_returning(txn).await?;
    }
    Ok(())
}

/// Lets deliveries be sent once more that had ended by the time that this was asked for.
///
/// # Errors
/// Where the database does not answer.
pub async fn again(txn: &Transaction, rows: &[webhook_delivery::Model], asked_at: DateTime<Utc>) -> Result<()> {
    let Some(first) = rows.first() else { return Ok(()) };
    let ended = anew(first.due)
        .filter(webhook_delivery::Column::WebhookId.eq(first.webhook_id))
        .filter(webhook_delivery::Column::Position.is_in(rows.iter().filter_map(|row| row.position)))
        .filter(webhook_delivery::Column::EndedAt.lte(asked_at));
    ended.exec(txn).await?;
    Ok(())
}

/// Lets one delivery be sent now, whether it has ended or waits.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_waiting(txn: &Transaction, row: &webhook_delivery::Model, time: i64) -> Result<()> {
    anew(time).filter(webhook_delivery::Column::Id.eq(row.id)).exec(txn).await?;
    Ok(())
}

fn anew(due: i64) -> sea_orm::UpdateMany<webhook_delivery::Entity> {
    use sea_orm::sea_query::Expr;
    use webhook_delivery::Column::{Attempts, AttemptsBefore, Due, EndedAt, State};
    webhook_delivery::Entity::update_many()
        .col_expr(State, Expr::val("WAITING"))
        .col_expr(AttemptsBefore, Expr::col(Attempts))
        .col_expr(Due, Expr::val(due))
        .col_expr(EndedAt, Expr::val(Option::<DateTime<Utc>>::None))
}

/// The webhooks that something is due to, and that are sent to at this moment.
fn wanting(time: &str) -> String {
    format!(
        "webhooks AS w WHERE w.disabled_at IS NULL AND (w.open_until IS NULL OR w.open_until <= {time}) AND EXISTS \
         (SELECT 1 FROM webhook_deliveries AS d WHERE d.webhook_id = w.id AND d.state = 'WAITING' AND d.due <= {time}) \
         AND (SELECT COUNT(*) FROM webhook_deliveries AS s WHERE s.webhook_id = w.id AND s.state = 'SENDING') < \
         CASE WHEN w.failures >= {FAILURES} THEN 1 ELSE {AT_ONCE} END"
    )
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether something is due that may be sent.
    pub is_due: bool,
    /// Whether somebody has not told in time what came of something.
    pub is_overdue: bool,
}

/// Looks what there is to do, and writes nothing.
///
/// # Errors
/// Where the database does not answer.
pub async fn look(db: &Database) -> Result<Look> {
    let time = db.bell().time(db.backend());
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM {}), EXISTS (SELECT 1 FROM webhook_deliveries WHERE state = 'SENDING' AND lease <= {time})",
        wanting(&time)
    );
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    let Some(row) = row else { return Ok(Look { is_due: false, is_overdue: false }) };
    Ok(Look { is_due: row.try_get_by_index(0)?, is_overdue: row.try_get_by_index(1)? })
}

/// Takes what has been due for the longest, so many at most, no more of each webhook than it takes at once, and holds it for `lease`.
///
/// # Errors
/// Where the database does not answer.
pub async fn claim(db: &Database, most: usize, lease: Duration) -> Result<Vec<(webhook::Model, webhook_delivery::Model)>> {
    let (txn, time) = (db.begin().await?, db.bell().time(db.backend()));
    // Two nodes do not count the same webhook's messages at once.
    let hold = if db.is_sqlite() { "" } else { "FOR NO KEY UPDATE OF w SKIP LOCKED" };
    let sql = format!(
        "SELECT w.* FROM {} ORDER BY (SELECT MIN(d.due) FROM webhook_deliveries AS d WHERE d.webhook_id = w.id AND d.state = 'WAITING'), \
         w.id LIMIT {WEBHOOKS} {hold}",
        wanting(&time)
    );
    let rows = txn.query_all_raw(Statement::from_string(db.backend(), sql)).await?;
    let webhooks: Vec<webhook::Model> =
        rows.iter().map(|row| webhook::Model::from_query_result(row, "")).collect::<Result<_, _>>()?;
    let on_the_way = on_the_way(&txn, db).await?;
    let (parts, mut values) = parts(&webhooks, &on_the_way, most, &time);
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    values.insert(0, millis(lease).into());
    let sql = format!(
        "UPDATE webhook_deliveries SET state = 'SENDING', attempts = attempts + 1, lease = {time} + $1 WHERE state = 'WAITING' AND id IN ({}) \
         RETURNING *",
        parts.join(" UNION ALL ")
    );
    let rows = txn.query_all_raw(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
    txn.commit().await?;
    let webhooks: HashMap<WebhookId, webhook::Model> = webhooks.into_iter().map(|webhook| (webhook.id, webhook)).collect();
    let mut claimed = Vec::new();
    for row in &rows {
        let delivery = webhook_delivery::Model::from_query_result(row, "")?;
        claimed.extend(webhooks.get(&delivery.webhook_id).map(|webhook| (webhook.clone(), delivery)));
    }
    Ok(claimed)
}

/// What selects the deliveries of each webhook that are taken, and the webhooks' ids as the values from `$2` on.
fn parts(webhooks: &[webhook::Model], on_the_way: &HashMap<Uuid, i64>, most: usize, time: &str) -> (Vec<String>, Vec<Value>) {
    let (mut parts, mut values, mut left) = (Vec::new(), Vec::new(), i64::try_from(most).unwrap_or(i64::MAX));
    for webhook in webhooks {
        let most = if webhook.failures >= FAILURES { 1 } else { AT_ONCE };
        let room = (most - on_the_way.get(&webhook.id.0).copied().unwrap_or_default()).min(left);
        if room < 1 {
            continue;
        }
        left -= room;
        values.push(webhook.id.0.into());
        let number = values.len() + 1;
        parts.push(format!(
            "SELECT id FROM (SELECT id FROM webhook_deliveries WHERE webhook_id = ${number} AND state = 'WAITING' AND due <= {time} \
             ORDER BY due, id LIMIT {room}) AS due_{number}"
        ));
    }
    (parts, values)
}

/// How many messages are on their way to each webhook.
async fn on_the_way(txn: &Transaction, db: &Database) -> Result<HashMap<Uuid, i64>> {
    let sql = "SELECT webhook_id, COUNT(*) FROM webhook_deliveries WHERE state = 'SENDING' GROUP BY webhook_id";
    let rows = txn.query_all_raw(Statement::from_string(db.backend(), sql)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

pub(super) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}

/// How many deliveries are due, and for how many seconds the oldest of them has been.
///
/// # Errors
/// Where the database does not answer.
pub async fn waiting(db: &Database) -> Result<(u64, u64)> {
    let time = db.bell().time(db.backend());
    let sql = format!(
        "SELECT COUNT(*), COALESCE(({time} - MIN(due)) / 1000, 0) FROM webhook_deliveries WHERE state = 'WAITING' AND due <= {time} \
         AND webhook_id IN (SELECT id FROM webhooks WHERE disabled_at IS NULL)"
    );
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    let Some(row) = row else { return Ok((0, 0)) };
    let (waiting, seconds): (i64, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok((waiting.unsigned_abs(), seconds.max(0).unsigned_abs()))
}
