//! Which institutions a post belongs to, in the order of the posts' publication.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{InstitutionId, PostId};

/// One row of `post_institutions`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_institutions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub post_id: PostId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub institution_id: InstitutionId,
    /// The post's own `published_at` while it is live, else null.
    pub published_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
