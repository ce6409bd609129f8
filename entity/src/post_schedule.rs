//! What is to be done to a post at a time.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PostId, PostRevisionId};

/// One row of `post_schedules`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_schedules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub act: ScheduledAct,
    /// The revision that is published, whatever is written after it.
    pub revision_id: Option<PostRevisionId>,
    /// The time in milliseconds since 1970, to compare with the database's own.
    pub due: i64,
    pub scheduled_for: DateTime<Utc>,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What is done to a post at its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ScheduledAct {
    /// It becomes public.
    #[sea_orm(string_value = "PUBLISH")]
    Publish,
    /// It is withdrawn.
    #[sea_orm(string_value = "UNPUBLISH")]
    Unpublish,
}
