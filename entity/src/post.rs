//! A post's state. What it says stands in its revisions.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, AllianceId, EventId, PersonId, PostId, PostRevisionId};

/// One row of `posts`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "posts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostId,
    pub alliance_id: AllianceId,
    pub slug: String,
    pub kind: PostKind,
    pub status: PostStatus,
    /// Where it stood before it was scheduled, and stands again where that is given up; none where it is not scheduled.
    pub earlier_status: Option<PostStatus>,
    /// Whose it is: the account that wrote it.
    pub owner_id: Option<AccountId>,
    pub author_id: Option<PersonId>,
    pub event_id: Option<EventId>,
    /// The revision that the public reads.
    pub live_revision_id: Option<PostRevisionId>,
    /// The revision that is being written, where the public reads another or none.
    pub draft_revision_id: Option<PostRevisionId>,
    /// When it was published last.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was published first.
    pub first_published_at: Option<DateTime<Utc>>,
    pub scheduled_for: Option<DateTime<Utc>>,
    /// When it is to be withdrawn.
    pub unpublish_at: Option<DateTime<Utc>>,
    /// Since when it waits to be deleted for good.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Its licence, where it is not its alliance's.
    pub licence: Option<String>,
    /// On what terms others carry it, where they are not its alliance's.
    pub usage_terms: Option<String>,
    /// Until when nobody may carry it.
    pub embargoed_until: Option<DateTime<Utc>>,
    /// What partners' desks are told of it.
    pub desk_note: Option<String>,
    /// Since when anyone could carry it: when it was public and under no embargo for the first time.
    pub carried_since: Option<DateTime<Utc>>,
    /// Counts what changed of it for those who carry it: saves of drafts are nobody's business.
    pub public_version: i32,
    pub version: i32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// What kind of article a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PostKind {
    /// What happened.
    #[sea_orm(string_value = "NEWS")]
    News,
    /// What the alliance says; institutions can sign it.
    #[sea_orm(string_value = "STATEMENT")]
    Statement,
    /// What the alliance found out.
    #[sea_orm(string_value = "REPORT")]
    Report,
}

/// Where a post stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumIter, sea_orm::DeriveActiveEnum, async_graphql::Enum)]
#[sea_orm(rs_type = "String", db_type = "Text")]
pub enum PostStatus {
    /// Being written.
    #[sea_orm(string_value = "DRAFT")]
    Draft,
    /// Waiting for an editor.
    #[sea_orm(string_value = "IN_REVIEW")]
    InReview,
    /// To be published at a set time; where that is given up, it stands where it stood before.
    #[sea_orm(string_value = "SCHEDULED")]
    Scheduled,
    /// Public.
    #[sea_orm(string_value = "PUBLISHED")]
    Published,
    /// Public once, and withdrawn.
    #[sea_orm(string_value = "UNPUBLISHED")]
    Unpublished,
    /// Put away for good.
    #[sea_orm(string_value = "ARCHIVED")]
    Archived,
}
