//! The statements of schedules. What is due is known by the database's time, so that a node with a wrong clock does nothing early.

use std::time::Duration;

use alliance_entity::id::{PostId, PostRevisionId};
use alliance_entity::post;
use alliance_entity::post_schedule::{self, Column, Entity, ScheduledAct};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveEnum, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QuerySelect, Statement,
    TryGetable,
};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};

/// How many are looked for at once.
const BATCH: u64 = 50;

/// Something that is due, in the words of the database.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// To which post.
    pub post: PostId,
    /// What.
    pub act: ScheduledAct,
}

/// What is to be done now.
#[derive(Debug, Clone, Copy)]
pub struct Claimed {
    /// The revision that is published.
    pub revision: Option<PostRevisionId>,
    /// The time for which it was scheduled.
    pub scheduled_for: DateTime<Utc>,
    /// The time by the database.
    pub now: DateTime<Utc>,
}

/// Schedules an act, in the place of the same act at another time.
///
/// # Errors
/// Where the database does not answer.
pub async fn put(txn: &Transaction, row: post_schedule::Model) -> Result<()> {
    let others = Column::iter().filter(|column| !matches!(column, Column::PostId | Column::Act));
    let there = OnConflict::columns([Column::PostId, Column::Act]).update_columns(others).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(there).exec_without_returning(txn).await?;
    Ok(())
}

/// Forgets when a post was to be published.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_publication(txn: &Transaction, post: &mut post::Model) -> Result<()> {
    post.scheduled_for = None;
    Entity::delete_by_id((post.id, ScheduledAct::Publish)).exec(txn).await?;
    Ok(())
}

/// Forgets when a post was to be withdrawn.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_withdrawal(txn: &Transaction, post: &mut post::Model) -> Result<()> {
    post.unpublish_at = None;
    Entity::delete_by_id((post.id, ScheduledAct::Unpublish)).exec(txn).await?;
    Ok(())
}

/// Forgets all that was scheduled for a post; says whether that was anything.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_all(txn: &Transaction, post: &mut post::Model) -> Result<bool> {
    (post.scheduled_for, post.unpublish_at) = (None, None);
    Ok(Entity::delete_many().filter(Column::PostId.eq(post.id)).exec(txn).await?.rows_affected > 0)
}

/// What is due, the longest due first.
///
/// # Errors
/// Where the database does not answer.
pub async fn due(app: &App) -> Result<Vec<Due>> {
    let time = app.db().bell().time(app.db().backend());
    let sql = format!("SELECT post_id, act FROM post_schedules WHERE due <= {time} ORDER BY due, post_id LIMIT {BATCH}");
    let rows = app.db().read().query_all_raw(Statement::from_string(app.db().backend(), sql)).await?;
    let due = rows.iter().map(|row| {
        let act = ScheduledAct::try_from_value(&row.try_get::<String>("", "act")?)?;
        Ok(Due { post: row.try_get("", "post_id")?, act })
    });
    due.collect()
}

/// Holds the post of what is due; nothing where another node does.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: PostId) -> Result<Option<post::Model>> {
    let held = post::Entity::find_by_id(id).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    Ok(held.one(txn).await?)
}

/// What is to be done to a post that is held; nothing where it has been done, or is not to be done any more.
///
/// # Errors
/// Where the database does not answer.
pub async fn claim(txn: &Transaction, due: Due) -> Result<Option<Claimed>> {
    let backend = txn.get_database_backend();
    let time = txn.bell().time(backend);
    let sql = format!(
        "SELECT revision_id, scheduled_for, {time} AS now FROM post_schedules WHERE post_id = $1 AND act = $2 AND due <= {time}"
    );
    let values = [due.post.into(), due.act.to_value().into()];
    let Some(row) = txn.query_one_raw(Statement::from_sql_and_values(backend, sql, values)).await? else { return Ok(None) };
    let now = i64::try_get(&row, "", "now").map_err(sea_orm::DbErr::from)?;
    let now = DateTime::from_timestamp_millis(now).ok_or_else(|| Error::internal("the database has no time"))?;
    Ok(Some(Claimed { revision: row.try_get("", "revision_id")?, scheduled_for: row.try_get("", "scheduled_for")?, now }))
}

/// Lets what failed wait for a while, so that the others come first.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_later(app: &App, due: Due, after: Duration) -> Result<()> {
    let backend = app.db().backend();
    let time = app.db().bell().time(backend);
    let sql = format!("UPDATE post_schedules SET due = {time} + $3 WHERE post_id = $1 AND act = $2");
    let after = i64::try_from(after.as_millis()).unwrap_or(i64::MAX / 4);
    let values = [due.post.into(), due.act.to_value().into(), after.into()];
    app.db().write().execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}

/// What should have happened, and has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overdue {
    /// How much that is.
    pub acts: u64,
    /// For how many seconds the longest of it has been due, however often it was put off.
    pub seconds: u64,
}

/// How far behind schedules are, for whoever watches.
///
/// # Errors
/// Where the database does not answer.
pub async fn overdue(app: &App) -> Result<Overdue> {
    let time = Statement::from_string(app.db().backend(), format!("SELECT {}", app.db().bell().time(app.db().backend())));
    let Some(row) = app.db().read().query_one_raw(time).await? else { return Ok(Overdue::default()) };
    let now = DateTime::from_timestamp_millis(row.try_get_by_index(0)?).unwrap_or_default();
    let late = Entity::find()
        .select_only()
        .column_as(Column::PostId.count(), "acts")
        .column_as(Column::ScheduledFor.min(), "first")
        .filter(Column::ScheduledFor.lte(now));
    let late = late.into_tuple::<(i64, Option<DateTime<Utc>>)>().one(app.db().read()).await?;
    let Some((acts, Some(first))) = late else { return Ok(Overdue::default()) };
    let number = |whole: i64| u64::try_from(whole).unwrap_or_default();
    Ok(Overdue { acts: number(acts), seconds: number((now - first).num_seconds()) })
}
