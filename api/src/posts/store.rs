//! Every SQL statement about posts.

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, EventId, PersonId, PostId, PostRevisionId};
use alliance_entity::post::{PostKind, PostStatus};
use alliance_entity::{post, post_campaign, post_institution, post_revision};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};

use crate::alliances;
use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::Lookup;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::readable_posts;
use crate::posts::{OrderDirection, PostFilter, PostOrder, PostOrderField};
use crate::viewer::Viewer;

/// A post with what its live revision says, but for the body.
#[derive(Debug, Clone, FromQueryResult)]
pub struct LivePost {
    /// Whose row it is.
    pub id: PostId,
    /// Whose post it is.
    pub alliance_id: AllianceId,
    /// Its name in addresses.
    pub slug: String,
    /// What kind of article it is.
    pub kind: PostKind,
    /// Where it stands.
    pub status: PostStatus,
    /// Who wrote it.
    pub author_id: Option<PersonId>,
    /// The event that it is about.
    pub event_id: Option<EventId>,
    /// When it was published last.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was published first.
    pub first_published_at: Option<DateTime<Utc>>,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
    /// The revision that is live.
    pub revision_id: PostRevisionId,
    /// Its title.
    pub title: String,
    /// Its beginning.
    pub excerpt: String,
    /// Whether the body says more.
    pub has_more: bool,
    /// How long it takes to read.
    pub reading_minutes: i32,
}

const POST: [post::Column; 10] = [
    post::Column::Id,
    post::Column::AllianceId,
    post::Column::Slug,
    post::Column::Kind,
    post::Column::Status,
    post::Column::AuthorId,
    post::Column::EventId,
    post::Column::PublishedAt,
    post::Column::FirstPublishedAt,
    post::Column::UpdatedAt,
];
const REVISION: [post_revision::Column; 4] = [
    post_revision::Column::Title,
    post_revision::Column::Excerpt,
    post_revision::Column::HasMore,
    post_revision::Column::ReadingMinutes,
];

fn live_posts(viewer: &Viewer) -> SelectStatement {
    let live = Expr::col((post_revision::Entity, post_revision::Column::Id)).equals((post::Entity, post::Column::LiveRevisionId));
    let mut select = Query::select();
    select.from(post::Entity).inner_join(post_revision::Entity, live).cond_where(readable_posts(viewer).condition());
    select
}

fn with_columns(select: &mut SelectStatement) {
    select
        .columns(POST.map(|column| (post::Entity, column)))
        .columns(REVISION.map(|column| (post_revision::Entity, column)))
        .expr_as(Expr::col((post_revision::Entity, post_revision::Column::Id)), "revision_id");
}

impl Load for PostId {
    type Value = LivePost;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut select = live_posts(viewer);
        with_columns(&mut select);
        select.and_where(post::Column::Id.is_in(keys));
        let rows = app.db().read().query_all(&select).await?;
        let posts = rows.iter().map(|row| LivePost::from_query_result(row, "").map(|post| (post.id, post)));
        Ok(posts.collect::<Result<_, _>>()?)
    }
}

/// The body of a revision, as a key to load it by. Who holds a revision's id has read its post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BodyOf(pub PostRevisionId);

/// A body, with the HTML that was made of it.
#[derive(Debug, Clone)]
pub struct Body {
    /// As it was written.
    pub markdown: String,
    /// What was made of it.
    pub html: String,
    /// By which rules.
    pub rendering: i32,
}

impl Load for BodyOf {
    type Value = Body;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let ids = keys.iter().map(|Self(id)| *id);
        let found = post_revision::Entity::find().filter(post_revision::Column::Id.is_in(ids)).all(app.db().read()).await?;
        let body = |r: post_revision::Model| (Self(r.id), Body { markdown: r.body, html: r.body_html, rendering: r.rendering });
        Ok(found.into_iter().map(body).collect())
    }
}

/// One post.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, viewer: &Viewer, lookup: &Lookup<PostId>) -> Result<Option<LivePost>> {
    let mut select = live_posts(viewer);
    with_columns(&mut select);
    match lookup {
        Lookup::Id(id) => select.and_where(post::Column::Id.eq(*id)),
        Lookup::Slug { slug, alliance } => select
            .and_where(post::Column::Slug.eq(slug))
            .and_where(Expr::col((post::Entity, post::Column::AllianceId)).eq(alliances::store::id_of(alliance))),
    };
    let row = app.db().read().query_one(&select).await?;
    Ok(row.map(|row| LivePost::from_query_result(&row, "")).transpose()?)
}

/// Whose posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everybody's.
    All,
    /// An alliance's.
    Alliance,
    /// A campaign's.
    Campaign,
    /// An institution's.
    Institution,
}

/// Posts in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Posts {
    /// Whose.
    pub scope: Scope,
    /// Which of them.
    pub filter: PostFilter,
    /// In what order.
    pub order: PostOrder,
}

impl Listed for Posts {
    type Row = LivePost;

    fn order(&self) -> Order {
        let descending = self.order.direction == OrderDirection::Desc;
        let (name, key) = match (self.order.field, descending) {
            (PostOrderField::PublishedAt, true) => ("posts.published.desc", self.published_at()),
            (PostOrderField::PublishedAt, false) => ("posts.published.asc", self.published_at()),
            (PostOrderField::UpdatedAt, true) => ("posts.updated.desc", Expr::col((post::Entity, post::Column::UpdatedAt))),
            (PostOrderField::UpdatedAt, false) => ("posts.updated.asc", Expr::col((post::Entity, post::Column::UpdatedAt))),
        };
        Order { name, key, like: Key::Time(0), descending }
    }

    fn id(&self) -> Expr {
        match self.scope {
            Scope::All | Scope::Alliance => Expr::col((post::Entity, post::Column::Id)),
            Scope::Campaign => Expr::col((post_campaign::Entity, post_campaign::Column::PostId)),
            Scope::Institution => Expr::col((post_institution::Entity, post_institution::Column::PostId)),
        }
    }

    fn rows(&self, _: &App, viewer: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let PostFilter { kinds, published_from, published_before } = &self.filter;
        let mut select = live_posts(viewer);
        select.and_where_option(kinds.as_ref().map(|kinds| post::Column::Kind.is_in(kinds.iter().copied())));
        select.and_where_option(published_from.map(|from| self.published_at().gte(from)));
        select.and_where_option(published_before.map(|before| self.published_at().lt(before)));
        let Some(parent) = parent else { return select };
        let same_post = self.id().equals((post::Entity, post::Column::Id));
        match self.scope {
            Scope::All => {}
            Scope::Alliance => {
                select.and_where(Expr::col((post::Entity, post::Column::AllianceId)).eq(parent));
            }
            Scope::Campaign => {
                select.inner_join(post_campaign::Entity, same_post);
                select.and_where(Expr::col((post_campaign::Entity, post_campaign::Column::CampaignId)).eq(parent));
                select.and_where(self.published_at().is_not_null());
            }
            Scope::Institution => {
                select.inner_join(post_institution::Entity, same_post);
                select.and_where(Expr::col((post_institution::Entity, post_institution::Column::InstitutionId)).eq(parent));
                select.and_where(self.published_at().is_not_null());
            }
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        with_columns(select);
    }
}

impl Posts {
    /// The column of the table whose index holds this list in order.
    fn published_at(&self) -> Expr {
        match self.scope {
            Scope::All | Scope::Alliance => Expr::col((post::Entity, post::Column::PublishedAt)),
            Scope::Campaign => Expr::col((post_campaign::Entity, post_campaign::Column::PublishedAt)),
            Scope::Institution => Expr::col((post_institution::Entity, post_institution::Column::PublishedAt)),
        }
    }
}
