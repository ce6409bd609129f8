//! A sign-in that lasts: one device of one account.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, SessionId};

/// One row of `sessions`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    pub account_id: AccountId,
    /// Whether a browser keeps the refresh token in a cookie.
    pub in_cookie: bool,
    /// What the client called itself.
    pub user_agent: Option<String>,
    /// The network that it signed in from: a shortened address.
    pub network: Option<String>,
    pub created_at: DateTime<Utc>,
    /// When its refresh token was used last.
    pub used_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
