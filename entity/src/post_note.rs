//! What those who write a post and those who review it tell each other.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PostId, PostNoteId};

/// One row of `post_notes`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_notes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostNoteId,
    pub post_id: PostId,
    pub kind: PostNoteKind,
    /// The revision that it is about.
    pub revision_number: i32,
    pub text: Option<String>,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a note goes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PostNoteKind {
    /// A remark by itself.
    #[sea_orm(string_value = "NOTE")]
    Note,
    /// The post was submitted for review.
    #[sea_orm(string_value = "SUBMITTED")]
    Submitted,
    /// The post was returned to who wrote it, for the reason that the text gives.
    #[sea_orm(string_value = "RETURNED")]
    Returned,
}
