//! A supporter's answer to a post, a campaign or an event.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, PostRevisionId, ReactionId};

/// One row of `reactions`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reactions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReactionId,
    pub subject_type: SubjectType,
    /// The id of the post, campaign or event.
    pub subject_id: uuid::Uuid,
    /// The revision of the post that was read.
    pub revision_id: Option<PostRevisionId>,
    /// Whose it is, where its writer had an account.
    pub account_id: Option<AccountId>,
    pub kind: ReactionKind,
    pub state: ReactionState,
    pub has_comment: bool,
    /// Plain text.
    pub comment: Option<String>,
    /// The name that the writer chose to be shown.
    pub author_name: Option<String>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What a reaction says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ReactionKind {
    /// I support this.
    #[sea_orm(string_value = "SUPPORT")]
    Support,
    /// Thank you.
    #[sea_orm(string_value = "THANKS")]
    Thanks,
    /// I stand with you.
    #[sea_orm(string_value = "SOLIDARITY")]
    Solidarity,
    /// This is worth celebrating.
    #[sea_orm(string_value = "CELEBRATE")]
    Celebrate,
    /// This worries me.
    #[sea_orm(string_value = "CONCERN")]
    Concern,
}

/// Where a reaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum ReactionState {
    /// Waiting for confirmation or for a moderator.
    #[sea_orm(string_value = "PENDING")]
    Pending,
    /// Counted, and shown where it has a comment.
    #[sea_orm(string_value = "COUNTED")]
    Counted,
    /// Taken back by its writer.
    #[sea_orm(string_value = "WITHDRAWN")]
    Withdrawn,
    /// Removed by a moderator.
    #[sea_orm(string_value = "REMOVED")]
    Removed,
}

/// What can be reacted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum SubjectType {
    /// A post.
    #[sea_orm(string_value = "POST")]
    Post,
    /// A campaign.
    #[sea_orm(string_value = "CAMPAIGN")]
    Campaign,
    /// An event.
    #[sea_orm(string_value = "EVENT")]
    Event,
}
