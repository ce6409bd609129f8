//! What happened, written in the transaction of the change itself: if we crash between, neither is there.
//!
//! Readers follow positions, never ids: an id is given before its change is committed, so that who reads by ids loses those that
//! are committed late.

pub mod hear;
pub mod reader;
pub mod sequencer;
pub mod tail;
pub mod topic;

use alliance_entity::id::AllianceId;
use alliance_entity::outbox_event;
use chrono::{DateTime, Utc};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::EntityTrait;
use serde_json::Value;
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::Result;

/// Something that happened to one object.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// What, such as `ACCOUNT_CHANGED`.
    pub kind: &'static str,
    /// To what kind of object, such as `ACCOUNT`.
    pub subject_type: &'static str,
    /// To which.
    pub subject_id: Uuid,
    /// The alliance that it belongs to.
    pub alliance: Option<AllianceId>,
    /// What those who follow need besides; no secret, since it is kept for days.
    pub data: Value,
}

/// Records an event with the change that it tells of. Record it after the object was written: then the events of one object stand
/// in the order of its changes.
///
/// # Errors
/// Where the database does not answer.
pub async fn record(txn: &Transaction, now: DateTime<Utc>, event: &Event) -> Result<()> {
    let Event { kind, subject_type, subject_id, alliance, data } = event;
    let row = outbox_event::ActiveModel {
        id: NotSet,
        kind: Set((*kind).to_owned()),
        subject_type: Set((*subject_type).to_owned()),
        subject_id: Set(*subject_id),
        alliance_id: Set(*alliance),
        data: Set(data.to_string()),
        recorded_at: Set(now),
    };
    outbox_event::Entity::insert(row).exec_without_returning(txn).await?;
    txn.ring_after();
    Ok(())
}
