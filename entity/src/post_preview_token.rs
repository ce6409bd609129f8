//! A token that shows one revision of a post to whoever holds it.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PostId, PostPreviewTokenId, PostRevisionId};

/// One row of `post_preview_tokens`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_preview_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostPreviewTokenId,
    pub post_id: PostId,
    pub revision_id: PostRevisionId,
    /// Of the token, which is kept nowhere.
    #[sea_orm(unique)]
    pub hash: String,
    pub created_by: Option<AccountId>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub revoked_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
