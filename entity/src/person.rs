//! A person in a public role. No account is public; a person is not an account.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AllianceId, PersonId};

/// One row of `people`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    pub alliance_id: AllianceId,
    pub name: String,
    pub title: Option<String>,
    pub bio: Option<String>,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
