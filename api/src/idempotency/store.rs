//! Every SQL statement about kept answers. Whose turn it is is decided by the database and in its time, so that nodes agree.

use std::time::Duration;

use alliance_entity::idempotency_key::{Column, Entity};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement, UpdateMany, Value};
use uuid::Uuid;

use crate::app::App;
use crate::database::Database;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::idempotency::{Claim, Kept, Request};

/// What there is under a key.
pub(super) struct Found {
    pub(super) request: String,
    pub(super) rights: String,
    pub(super) claim: Uuid,
    /// Whether its lease has ended.
    pub(super) is_over: bool,
    pub(super) is_committed: bool,
    pub(super) has_errors: bool,
    pub(super) answer: Option<String>,
}

/// Claims a key that nobody has used; nothing where somebody has.
pub(super) async fn insert(app: &App, request: &Request, lease: Duration) -> Result<Option<Claim>> {
    let sql = format!(
        "INSERT INTO idempotency_keys (holder, key, request, rights, claim, created_at, lease_ends, is_committed, has_errors) \
         VALUES ($1, $2, $3, $4, $5, $6, {} + $7, FALSE, FALSE) ON CONFLICT (holder, key) DO NOTHING",
        time(app.db())
    );
    claimed(app, (&sql, request), lease, None).await
}

/// Takes over a claim that has ended before the change was made; nothing where another was quicker.
pub(super) async fn take_over(app: &App, request: &Request, left: Uuid, lease: Duration) -> Result<Option<Claim>> {
    let time = time(app.db());
    let sql = format!(
        "UPDATE idempotency_keys SET request = $3, rights = $4, claim = $5, created_at = $6, lease_ends = {time} + $7 \
         WHERE holder = $1 AND key = $2 AND claim = $8 AND lease_ends <= {time} AND NOT is_committed AND answer IS NULL"
    );
    claimed(app, (&sql, request), lease, Some(left)).await
}

async fn claimed(app: &App, (sql, request): (&str, &Request), lease: Duration, left: Option<Uuid>) -> Result<Option<Claim>> {
    let Request { holder, key, digests, rights, .. } = request;
    let claim = Claim { holder: *holder, key: key.clone(), id: Uuid::now_v7() };
    let lease = i64::try_from(lease.as_millis()).unwrap_or(i64::MAX / 4);
    let mut values: Vec<Value> =
        vec![(*holder).into(), key.clone().into(), digests.first().cloned().into(), rights.clone().into()];
    values.extend([claim.id.into(), app.clock().now().into(), lease.into()]);
    values.extend(left.map(Value::from));
    let statement = Statement::from_sql_and_values(app.db().backend(), sql, values);
    let done = app.db().write().execute_raw(statement).await?;
    Ok((done.rows_affected() > 0).then_some(claim))
}

/// What there is under the key of a request.
pub(super) async fn find(db: &Database, request: &Request) -> Result<Option<Found>> {
    let sql = format!(
        "SELECT request, rights, claim, lease_ends <= {} AS is_over, is_committed, has_errors, answer \
         FROM idempotency_keys WHERE holder = $1 AND key = $2",
        time(db)
    );
    let statement = Statement::from_sql_and_values(db.backend(), sql, [request.holder.into(), request.key.clone().into()]);
    let Some(row) = db.read().query_one_raw(statement).await? else { return Ok(None) };
    Ok(Some(Found {
        request: row.try_get("", "request")?,
        rights: row.try_get("", "rights")?,
        claim: row.try_get("", "claim")?,
        is_over: row.try_get("", "is_over")?,
        is_committed: row.try_get("", "is_committed")?,
        has_errors: row.try_get("", "has_errors")?,
        answer: row.try_get("", "answer")?,
    }))
}

/// Notes that the change of a claim is made; says whether the claim still held.
pub(super) async fn set_committed(txn: &Transaction, claim: &Claim) -> Result<bool> {
    let set = Entity::update_many().col_expr(Column::IsCommitted, Expr::val(true)).filter(held(claim)).exec(txn).await?;
    Ok(set.rows_affected > 0)
}

/// Keeps the answer; says whether that may still be.
pub(super) async fn set_answer(db: &Database, claim: &Claim, Kept { body, has_errors }: &Kept) -> Result<bool> {
    let set = Entity::update_many()
        .col_expr(Column::Answer, Expr::val(body.clone()))
        .col_expr(Column::HasErrors, Expr::val(*has_errors));
    Ok(set.filter(held(claim)).filter(Column::LeaseEnds.ne(OVER)).exec(db.write()).await?.rows_affected > 0)
}

/// Lets the lease of a claim end now.
pub(super) async fn set_over(db: &Database, claim: &Claim) -> Result<()> {
    over(Entity::update_many()).filter(held(claim)).exec(db.write()).await?;
    Ok(())
}

/// Frees the key of a claim whose change was not made; says whether it was so.
pub(super) async fn delete(db: &Database, claim: &Claim) -> Result<bool> {
    let free = Entity::delete_many().filter(held(claim)).filter(Column::IsCommitted.eq(false));
    Ok(free.exec(db.write()).await?.rows_affected > 0)
}

/// Deletes all that one has asked for, but for one claim.
pub(super) async fn delete_of(txn: &Transaction, holder: Uuid, but: Option<Uuid>) -> Result<()> {
    let mut own = Entity::delete_many().filter(Column::Holder.eq(holder));
    if let Some(claim) = but {
        own = own.filter(Column::Claim.ne(claim));
    }
    own.exec(txn).await?;
    Ok(())
}

/// Lets nobody claim a key or keep an answer until the transaction ends. Who has just noted a change commits first.
pub(super) async fn hold(txn: &Transaction) -> Result<()> {
    // SQLite has one writer at a time as it is.
    if txn.get_database_backend() == DbBackend::Postgres {
        txn.execute_unprepared("LOCK TABLE idempotency_keys IN SHARE ROW EXCLUSIVE MODE").await?;
    }
    Ok(())
}

/// Deletes every answer, and lets none be kept of what is at work now, but under one claim. Where nothing was changed, nothing has to be
/// known of it either.
pub(super) async fn delete_answers(txn: &Transaction, but: Option<Uuid>) -> Result<()> {
    let answered = Column::Answer.is_not_null();
    Entity::delete_many().filter(answered).filter(Column::IsCommitted.eq(false)).exec(txn).await?;
    let open = Condition::any().add(Column::Answer.is_not_null()).add(Column::LeaseEnds.ne(OVER));
    let set = over(Entity::update_many()).col_expr(Column::Answer, Expr::val(None::<String>)).filter(open);
    let others = Condition::all().add_option(but.map(|claim| Column::Claim.ne(claim)));
    set.filter(others).exec(txn).await?;
    Ok(())
}

/// The end of a lease that is over for good.
const OVER: i64 = 0;

fn over(update: UpdateMany<Entity>) -> UpdateMany<Entity> {
    update.col_expr(Column::LeaseEnds, Expr::val(OVER))
}

/// The row of a claim, as long as it is nobody else's.
fn held(claim: &Claim) -> Condition {
    Condition::all().add(Column::Holder.eq(claim.holder)).add(Column::Key.eq(claim.key.clone())).add(Column::Claim.eq(claim.id))
}

fn time(db: &Database) -> String {
    db.bell().time(db.backend())
}
