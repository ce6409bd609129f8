//! What was wrong with what the public had read of a post.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PostCorrectionId, PostId};

/// One row of `post_corrections`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_corrections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostCorrectionId,
    pub post_id: PostId,
    pub text: String,
    pub created_by: Option<AccountId>,
    pub corrected_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}
