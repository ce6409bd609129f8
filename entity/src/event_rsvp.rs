//! Whether somebody comes to an event, and how many they bring.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, EventId, RsvpId};

/// One row of `event_rsvps`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "event_rsvps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RsvpId,
    pub event_id: EventId,
    pub state: RsvpState,
    /// How many others come along.
    pub guests: i32,
    pub name: Option<String>,
    /// Where they are written to; none where an account is.
    pub email: Option<String>,
    /// The address as it is compared.
    pub email_key: Option<String>,
    pub account_id: Option<AccountId>,
    /// In what order the parties of an event came; none until the request is confirmed.
    pub turn: Option<i32>,
    /// Until when the request can be confirmed.
    pub expires_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// None is named: statements join by columns.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Without what a log must not show.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("event_rsvp::Model").field("id", &self.id).field("state", &self.state).finish_non_exhaustive()
    }
}

/// Whether somebody comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum RsvpState {
    /// Asked for without an account: it holds no place until it is confirmed by the link of a mail, within 72 hours.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// They come, and their places are kept.
    #[sea_orm(string_value = "COMING")]
    Coming,
    /// The event is full. They come as soon as there are places for all of them.
    #[sea_orm(string_value = "WAITING")]
    Waiting,
    /// They come no more.
    #[sea_orm(string_value = "CANCELLED")]
    Cancelled,
}
