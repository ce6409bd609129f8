//! A supporter's answer to a post, a campaign or an event.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AllianceId, PostRevisionId, ReactionId, VisitorId};

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
    /// The alliance of the subject.
    pub alliance_id: AllianceId,
    /// The revision of the post that was read.
    pub revision_id: Option<PostRevisionId>,
    /// Whose it is, where its writer had an account.
    pub account_id: Option<AccountId>,
    /// Whose it is, where its writer had a visitor's token.
    pub visitor_id: Option<VisitorId>,
    /// A keyed hash of the address that a visitor confirms with.
    pub address_hash: Option<String>,
    pub kind: ReactionKind,
    pub state: ReactionState,
    pub has_comment: bool,
    /// Plain text.
    pub comment: Option<String>,
    /// The name that the writer chose to be shown.
    pub author_name: Option<String>,
    /// Until when its writer can confirm it; none where that is not needed, or not any more.
    pub confirm_by: Option<DateTime<Utc>>,
    /// Whether a moderator is to look at it.
    pub to_moderate: bool,
    /// What a moderator is warned of, by the names of [`CommentConcern`], with commas between.
    pub concerns: String,
    /// Why a moderator removed it, for its writer.
    pub moderation_reason: Option<String>,
    /// When a moderator decided about it, or its writer took it back.
    pub settled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// One that counts, says nothing beyond its kind, and is nobody's.
    #[must_use]
    pub fn counted(
        id: ReactionId,
        (subject_type, subject_id): (SubjectType, uuid::Uuid),
        alliance_id: AllianceId,
        kind: ReactionKind,
        created_at: DateTime<Utc>,
    ) -> Self {
        Self {
            id,
            subject_type,
            subject_id,
            alliance_id,
            revision_id: None,
            account_id: None,
            visitor_id: None,
            address_hash: None,
            kind,
            state: ReactionState::Counted,
            has_comment: false,
            comment: None,
            author_name: None,
            confirm_by: None,
            to_moderate: false,
            concerns: String::new(),
            moderation_reason: None,
            settled_at: None,
            created_at,
        }
    }

    /// What a moderator is warned of.
    #[must_use]
    pub fn concerned(&self) -> Vec<CommentConcern> {
        use sea_orm::{ActiveEnum, Iterable};
        CommentConcern::iter().filter(|concern| self.concerns.split(',').any(|of| of == concern.to_value())).collect()
    }

    /// The same, with what a moderator is warned of.
    #[must_use]
    pub fn with_concerns(self, concerns: &[CommentConcern]) -> Self {
        use sea_orm::ActiveEnum;
        let concerns: Vec<String> = concerns.iter().map(ActiveEnum::to_value).collect();
        Self { concerns: concerns.join(","), ..self }
    }
}

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

/// Why a comment is held back for a moderator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum CommentConcern {
    /// It holds a word that the alliance has blocked.
    #[sea_orm(string_value = "BLOCKED_WORD")]
    BlockedWord,
    /// It holds the address of a site, or of a person.
    #[sea_orm(string_value = "LINK")]
    Link,
    /// A comment of the same writer was removed before.
    #[sea_orm(string_value = "REMOVED_BEFORE")]
    RemovedBefore,
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
