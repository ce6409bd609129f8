//! Every SQL statement about whom institutions bring to events.

use std::collections::HashMap;

use alliance_entity::id::{EventId, InstitutionId};
use alliance_entity::{event_turnout, institution};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::attendance::readable_turnouts;
use crate::viewer::Viewer;

/// What is known of an institution at an event.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(txn: &Transaction, event: EventId, institution: InstitutionId) -> Result<Option<event_turnout::Model>> {
    Ok(event_turnout::Entity::find_by_id((event, institution)).one(txn).await?)
}

/// Keeps what is known of an institution at an event; where that is nothing, it is taken off the list.
///
/// # Errors
/// Where the database does not answer.
pub async fn put(txn: &Transaction, row: event_turnout::Model) -> Result<()> {
    if row.pledged.is_none() && row.actual.is_none() {
        event_turnout::Entity::delete_by_id((row.event_id, row.institution_id)).exec(txn).await?;
        return Ok(());
    }
    let over = OnConflict::columns([event_turnout::Column::EventId, event_turnout::Column::InstitutionId])
        .update_columns([event_turnout::Column::Pledged, event_turnout::Column::Actual, event_turnout::Column::UpdatedAt])
        .to_owned();
    event_turnout::Entity::insert(row.into_active_model()).on_conflict(over).exec_without_returning(txn).await?;
    Ok(())
}

/// How many people institutions brought to an event.
///
/// # Errors
/// Where the database does not answer.
pub async fn brought(txn: &Transaction, event: EventId) -> Result<i64> {
    let mut select = Query::select();
    select
        .expr_as(Expr::cust("CAST(coalesce(SUM(actual), 0) AS BIGINT)"), "brought")
        .from(event_turnout::Entity)
        .and_where(event_turnout::Column::EventId.eq(event));
    let row = txn.query_one(&select).await?;
    row.map_or(Ok(0), |row| Ok(row.try_get("", "brought")?))
}

/// What institutions pledged for an event, and how many they brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sums {
    /// How many were pledged.
    pub pledged: Option<i64>,
    /// How many were brought.
    pub actual: Option<i64>,
}

/// The sums of an event, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SumsOf(pub EventId);

impl Load for SumsOf {
    type Value = Sums;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut select = Query::select();
        select
            .column(event_turnout::Column::EventId)
            .expr_as(Expr::cust("CAST(SUM(pledged) AS BIGINT)"), "pledged_sum")
            .expr_as(Expr::cust("CAST(SUM(actual) AS BIGINT)"), "actual_sum")
            .from(event_turnout::Entity)
            .and_where(event_turnout::Column::EventId.is_in(keys.iter().map(|Self(id)| *id)))
            .cond_where(readable_turnouts(viewer).condition())
            .group_by_col(event_turnout::Column::EventId);
        let mut found = HashMap::new();
        for row in app.db().read().query_all(&select).await? {
            let sums = Sums { pledged: row.try_get("", "pledged_sum")?, actual: row.try_get("", "actual_sum")? };
            found.insert(Self(row.try_get("", "event_id")?), sums);
        }
        Ok(found)
    }
}

/// What is known of institutions at an event, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Turnouts;

impl Listed for Turnouts {
    type Row = event_turnout::Model;

    fn order(&self) -> Order {
        let key = Expr::col((institution::Entity, institution::Column::SortName));
        Order { name: "turnouts.name.asc", key, like: Key::Text(String::new()), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((event_turnout::Entity, event_turnout::Column::InstitutionId))
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let mut select = Query::select();
        select
            .from(event_turnout::Entity)
            .inner_join(institution::Entity, self.id().equals((institution::Entity, institution::Column::Id)))
            .cond_where(readable_turnouts(viewer).condition());
        select.and_where_option(parent.map(|id| Expr::col((event_turnout::Entity, event_turnout::Column::EventId)).eq(id)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(event_turnout::Column::iter().map(|column| (event_turnout::Entity, column)));
    }
}
