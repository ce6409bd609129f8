//! The statements that read revisions, and what is scheduled.

use std::collections::HashMap;

use alliance_entity::id::{AccountId, EventId, PersonId, PostId, PostRevisionId};
use alliance_entity::post::PostKind;
use alliance_entity::post_schedule::{self, ScheduledAct};
use alliance_entity::{post, post_revision};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult};

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::posts::wholly_readable_posts;
use crate::viewer::Viewer;

/// A revision without its long texts.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Revision {
    /// Which.
    pub id: PostRevisionId,
    /// Of which post.
    pub post_id: PostId,
    /// Counted from 1 within the post.
    pub number: i32,
    /// Its title.
    pub title: String,
    /// Its beginning or gist.
    pub excerpt: String,
    /// Whether the body says more.
    pub has_more: bool,
    /// How long it takes to read.
    pub reading_minutes: i32,
    /// What kind of article it makes the post.
    pub kind: PostKind,
    /// Who it is by.
    pub author_id: Option<PersonId>,
    /// The event that it is about.
    pub event_id: Option<EventId>,
    /// The campaigns that it belongs to.
    pub campaign_ids: String,
    /// The institutions that it is about.
    pub institution_ids: String,
    /// Who saved it.
    pub created_by: Option<AccountId>,
    /// When.
    pub created_at: DateTime<Utc>,
}

const REVISION: [post_revision::Column; 14] = [
    post_revision::Column::Id,
    post_revision::Column::PostId,
    post_revision::Column::Number,
    post_revision::Column::Title,
    post_revision::Column::Excerpt,
    post_revision::Column::HasMore,
    post_revision::Column::ReadingMinutes,
    post_revision::Column::Kind,
    post_revision::Column::AuthorId,
    post_revision::Column::EventId,
    post_revision::Column::CampaignIds,
    post_revision::Column::InstitutionIds,
    post_revision::Column::CreatedBy,
    post_revision::Column::CreatedAt,
];

/// The revisions of a post, the newest first. Who lists them has been found to see all of the post.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Revisions;

impl Listed for Revisions {
    type Row = Revision;

    fn order(&self) -> Order {
        let key = Expr::col((post_revision::Entity, post_revision::Column::Number));
        Order { name: "post_revisions.number.desc", key, like: Key::Number(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((post_revision::Entity, post_revision::Column::Id))
    }

    fn rows(&self, _: &App, _: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let mut select = Query::select();
        select.from(post_revision::Entity);
        select.and_where_option(parent.map(|id| Expr::col((post_revision::Entity, post_revision::Column::PostId)).eq(id)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(REVISION.map(|column| (post_revision::Entity, column)));
    }
}

/// Something that will happen to a post by itself.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Scheduled {
    /// To which post.
    pub post_id: PostId,
    /// What.
    pub act: ScheduledAct,
    /// The revision that is published.
    pub revision_id: Option<PostRevisionId>,
    /// When.
    pub scheduled_for: DateTime<Utc>,
}

/// What is scheduled in an alliance, the next first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Calendar {
    /// The slug of the alliance.
    pub alliance: String,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

impl Listed for Calendar {
    type Row = Scheduled;

    fn order(&self) -> Order {
        let key = Expr::col((post_schedule::Entity, post_schedule::Column::ScheduledFor));
        Order { name: "post_schedules.time.asc", key, like: Key::Time(0), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((post_schedule::Entity, post_schedule::Column::PostId))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let of = |column| Expr::col((post_schedule::Entity, column));
        let mut select = Query::select();
        select
            .from(post_schedule::Entity)
            .inner_join(post::Entity, of(post_schedule::Column::PostId).equals((post::Entity, post::Column::Id)))
            .and_where(Expr::col((post::Entity, post::Column::AllianceId)).eq(alliance_called(&self.alliance)))
            .cond_where(wholly_readable_posts(viewer).condition())
            .and_where_option(self.from.map(|from| post_schedule::Column::ScheduledFor.gte(from)))
            .and_where_option(self.until.map(|until| post_schedule::Column::ScheduledFor.lt(until)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        let columns = [
            post_schedule::Column::PostId,
            post_schedule::Column::Act,
            post_schedule::Column::RevisionId,
            post_schedule::Column::ScheduledFor,
        ];
        select.columns(columns.map(|column| (post_schedule::Entity, column)));
    }
}

impl Load for PostRevisionId {
    type Value = Revision;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let of = Expr::col((post_revision::Entity, post_revision::Column::PostId));
        let mut select = Query::select();
        select
            .columns(REVISION.map(|column| (post_revision::Entity, column)))
            .from(post_revision::Entity)
            .inner_join(post::Entity, of.equals((post::Entity, post::Column::Id)))
            .and_where(post_revision::Column::Id.is_in(keys))
            .cond_where(wholly_readable_posts(viewer).condition());
        let rows = app.db().read().query_all(&select).await?;
        let revisions = rows.iter().map(|row| Revision::from_query_result(row, "").map(|revision| (revision.id, revision)));
        Ok(revisions.collect::<Result<_, _>>()?)
    }
}
