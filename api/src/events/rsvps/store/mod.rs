//! Every SQL statement about who comes to events; lists are in `list.rs`.

pub mod list;

use std::collections::HashMap;

use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::id::{AccountId, EventId, RsvpId};
use alliance_entity::{account, event, rsvp_counter};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::policy::attendance::readable_rsvps;
use crate::viewer::Viewer;

impl Load for RsvpId {
    type Value = event_rsvp::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = event_rsvp::Entity::find().filter(event_rsvp::Column::Id.is_in(keys));
        let found = found.filter(readable_rsvps(viewer).condition()).all(app.db().read()).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// An event, whoever asks, held against others who would change it or its places until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_event(txn: &Transaction, id: EventId) -> Result<Option<event::Model>> {
    Ok(event::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(txn).await?)
}

/// An event, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_event(db: &impl ConnectionTrait, id: EventId) -> Result<Option<event::Model>> {
    Ok(event::Entity::find_by_id(id).one(db).await?)
}

/// An answer, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: RsvpId) -> Result<Option<event_rsvp::Model>> {
    Ok(event_rsvp::Entity::find_by_id(id).one(db).await?)
}

/// What somebody has answered to an event: their account, or else their address.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_of(
    txn: &Transaction,
    event: EventId,
    account: Option<AccountId>,
    email_key: &str,
) -> Result<Option<event_rsvp::Model>> {
    let whose = Condition::any()
        .add(event_rsvp::Column::EmailKey.eq(email_key))
        .add_option(account.map(|id| event_rsvp::Column::AccountId.eq(id)));
    let mut found = event_rsvp::Entity::find()
        .filter(event_rsvp::Column::EventId.eq(event))
        .filter(event_rsvp::Column::State.ne(RsvpState::Pending))
        .filter(whose)
        .all(txn)
        .await?;
    found.sort_by_key(|row| row.account_id.is_none());
    Ok(found.into_iter().next())
}

/// An account's own answer to an event.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_own(txn: &Transaction, event: EventId, account: AccountId) -> Result<Option<event_rsvp::Model>> {
    let own = event_rsvp::Entity::find()
        .filter(event_rsvp::Column::EventId.eq(event))
        .filter(event_rsvp::Column::AccountId.eq(account));
    Ok(own.one(txn).await?)
}

/// Writes an answer down, or over what it was.
///
/// # Errors
/// Where the database does not answer.
pub async fn put(txn: &Transaction, row: &event_rsvp::Model) -> Result<()> {
    let update = event_rsvp::Entity::update(row.clone().into_active_model().reset_all()).validate()?;
    match update.exec_without_returning(txn).await {
        Ok(_) => Ok(()),
        Err(DbErr::RecordNotUpdated) => {
            event_rsvp::Entity::insert(row.clone().into_active_model()).exec_without_returning(txn).await?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Deletes answers.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, rows: &[event_rsvp::Model]) -> Result<()> {
    let which = event_rsvp::Entity::delete_many().filter(event_rsvp::Column::Id.is_in(rows.iter().map(|row| row.id)));
    which.exec(txn).await?;
    Ok(())
}

/// Deletes what an address has asked for of an event and has not confirmed.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_pending(txn: &Transaction, event: EventId, email_key: &str) -> Result<()> {
    let pending = event_rsvp::Entity::delete_many()
        .filter(event_rsvp::Column::EventId.eq(event))
        .filter(event_rsvp::Column::EmailKey.eq(email_key))
        .filter(event_rsvp::Column::State.eq(RsvpState::Pending));
    pending.exec(txn).await?;
    Ok(())
}

/// The sums of an event, which begin at nothing.
///
/// # Errors
/// Where the database does not answer.
pub async fn sums(txn: &Transaction, event: EventId) -> Result<rsvp_counter::Model> {
    let found = rsvp_counter::Entity::find_by_id(event).one(txn).await?;
    Ok(found.unwrap_or(rsvp_counter::Model { event_id: event, coming: 0, waiting: 0, parties: 0, turns: 0 }))
}

/// Keeps the sums of an event.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_sums(txn: &Transaction, sums: &rsvp_counter::Model) -> Result<()> {
    use rsvp_counter::Column;
    let columns = [Column::Coming, Column::Waiting, Column::Parties, Column::Turns];
    let over = OnConflict::column(Column::EventId).update_columns(columns).to_owned();
    let put = rsvp_counter::Entity::insert(sums.clone().into_active_model()).on_conflict(over);
    put.exec_without_returning(txn).await?;
    Ok(())
}

/// The first `most` of the parties that wait and for each of which alone there is room, in their order, each with its guests.
///
/// # Errors
/// Where the database does not answer.
pub async fn waiting(txn: &Transaction, event: EventId, (free, most): (i32, u64)) -> Result<Vec<(RsvpId, i32)>> {
    let waiting = event_rsvp::Entity::find()
        .select_only()
        .columns([event_rsvp::Column::Id, event_rsvp::Column::Guests])
        .filter(event_rsvp::Column::EventId.eq(event))
        .filter(event_rsvp::Column::State.eq(RsvpState::Waiting))
        .filter(event_rsvp::Column::Guests.lt(free))
        .order_by_asc(event_rsvp::Column::Turn)
        .limit(most);
    Ok(waiting.into_tuple().all(txn).await?)
}

/// Lets parties come that waited.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_coming(txn: &Transaction, ids: &[RsvpId], now: DateTime<Utc>) -> Result<()> {
    for ids in ids.chunks(500) {
        let set = event_rsvp::Entity::update_many()
            .col_expr(event_rsvp::Column::State, Expr::val(RsvpState::Coming))
            .col_expr(event_rsvp::Column::UpdatedAt, Expr::val(now))
            .filter(event_rsvp::Column::Id.is_in(ids.iter().copied()));
        set.exec(txn).await?;
    }
    Ok(())
}

/// The parties that come to an event or wait.
///
/// # Errors
/// Where the database does not answer.
pub async fn settled(txn: &Transaction, event: EventId) -> Result<Vec<RsvpId>> {
    let settled = event_rsvp::Entity::find()
        .select_only()
        .column(event_rsvp::Column::Id)
        .filter(event_rsvp::Column::EventId.eq(event))
        .filter(event_rsvp::Column::State.is_in([RsvpState::Coming, RsvpState::Waiting]))
        .order_by_asc(event_rsvp::Column::Turn);
    Ok(settled.into_tuple().all(txn).await?)
}

/// What an account answered, or some addresses did, by event.
///
/// # Errors
/// Where the database does not answer.
pub async fn of_person(
    db: &impl ConnectionTrait,
    account: Option<AccountId>,
    email_keys: &[String],
) -> Result<Vec<event_rsvp::Model>> {
    let whose = Condition::any()
        .add(event_rsvp::Column::EmailKey.is_in(email_keys))
        .add_option(account.map(|id| event_rsvp::Column::AccountId.eq(id)));
    let found = event_rsvp::Entity::find().filter(whose).order_by_asc(event_rsvp::Column::EventId);
    Ok(found.order_by_asc(event_rsvp::Column::Id).all(db).await?)
}

/// The sums of an event, as a key to load them by. Who holds the event's id has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SumsOf(pub EventId);

impl Load for SumsOf {
    type Value = rsvp_counter::Model;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = rsvp_counter::Entity::find().filter(rsvp_counter::Column::EventId.is_in(keys.iter().map(|Self(id)| *id)));
        Ok(found.all(app.db().read()).await?.into_iter().map(|row| (Self(row.event_id), row)).collect())
    }
}

/// The viewer's own answer to an event, as a key to load it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OwnOf(pub EventId);

impl Load for OwnOf {
    type Value = event_rsvp::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let Some(own) = viewer.account() else { return Ok(HashMap::new()) };
        let found = event_rsvp::Entity::find()
            .filter(event_rsvp::Column::AccountId.eq(own.account))
            .filter(event_rsvp::Column::EventId.is_in(keys.iter().map(|Self(id)| *id)));
        Ok(found.all(app.db().read()).await?.into_iter().map(|row| (Self(row.event_id), row)).collect())
    }
}

/// Where the holder of an account that comes is written to, as a key to load it by. Who asks has been found to see who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AddressOf(pub AccountId);

impl Load for AddressOf {
    type Value = String;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = account::Entity::find().filter(account::Column::Id.is_in(keys.iter().map(|Self(id)| *id)));
        Ok(found.all(app.db().read()).await?.into_iter().map(|row| (Self(row.id), row.email)).collect())
    }
}
