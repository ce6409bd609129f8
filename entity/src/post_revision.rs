//! One immutable version of a post's content.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{AccountId, EventId, PersonId, PostId, PostRevisionId};
use crate::post::PostKind;

/// One row of `post_revisions`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "post_revisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PostRevisionId,
    pub post_id: PostId,
    /// Counted from 1 within the post.
    pub number: i32,
    pub title: String,
    pub excerpt: String,
    /// Whether the body says more than the excerpt.
    pub has_more: bool,
    pub reading_minutes: i32,
    pub created_at: DateTime<Utc>,
    /// Markdown.
    pub body: String,
    /// The body as sanitised HTML, by the rules numbered in `rendering`.
    pub body_html: String,
    /// Which rules made `body_html`; by older ones it is made anew when read.
    pub rendering: i32,
    pub kind: PostKind,
    pub author_id: Option<PersonId>,
    pub event_id: Option<EventId>,
    /// The campaigns that it belongs to: their ids in hexadecimal, with commas between.
    pub campaign_ids: String,
    /// The institutions that it is about, in the same way.
    pub institution_ids: String,
    /// Whether the excerpt was written, and not taken from the body.
    pub excerpt_is_own: bool,
    /// Who wrote it.
    pub created_by: Option<AccountId>,
}

impl ActiveModelBehavior for ActiveModel {}
