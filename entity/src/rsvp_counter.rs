//! How many people come to an event, and how many wait.

use sea_orm::entity::prelude::*;

use crate::id::EventId;

/// One row of `rsvp_counters`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rsvp_counters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: EventId,
    /// People, guests among them.
    pub coming: i32,
    pub waiting: i32,
    /// How many of those who come have answered themselves: the others are guests of theirs.
    pub parties: i32,
    /// The last turn that was given.
    pub turns: i32,
}

impl ActiveModelBehavior for ActiveModel {}
