//! Every SQL statement about posts: here those that read one, and beside them the lists and what editing needs.

pub mod carried;
pub mod change;
pub mod departures;
pub mod list;
pub mod notes;
pub mod previews;
pub mod revisions;
pub mod schedules;

use std::collections::HashMap;

use alliance_entity::id::{AccountId, AllianceId, EventId, PersonId, PostId, PostRevisionId};
use alliance_entity::post::{PostKind, PostStatus};
use alliance_entity::search_document::SearchType;
use alliance_entity::{post, post_revision};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, FromQueryResult};

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::Lookup;
use crate::lookup::store::alliance_called;
use crate::policy::posts::readable_posts;
use crate::slugs;
use crate::viewer::Viewer;

/// A post with what its live revision says.
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
    /// The account that wrote it.
    pub owner_id: Option<AccountId>,
    /// The person that it is by.
    pub author_id: Option<PersonId>,
    /// The event that it is about.
    pub event_id: Option<EventId>,
    /// When it was published last.
    pub published_at: Option<DateTime<Utc>>,
    /// When it was published first.
    pub first_published_at: Option<DateTime<Utc>>,
    /// When it is to be published.
    pub scheduled_for: Option<DateTime<Utc>>,
    /// When it is to be withdrawn.
    pub unpublish_at: Option<DateTime<Utc>>,
    /// Since when it is deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Its licence, where it has one of its own.
    pub licence: Option<String>,
    /// On what terms others carry it, where it has its own.
    pub usage_terms: Option<String>,
    /// Until when nobody may carry it.
    pub embargoed_until: Option<DateTime<Utc>>,
    /// What partners' desks are told of it.
    pub desk_note: Option<String>,
    /// Counts what changed of it for those who carry it.
    pub public_version: i32,
    /// The revision that is being written.
    pub draft_revision_id: Option<PostRevisionId>,
    /// The revision that the public reads, or read last.
    pub live_revision_id: Option<PostRevisionId>,
    /// Counts its changes.
    pub version: i32,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
    /// The revision that is shown: the one that is live, or else the draft.
    pub revision_id: PostRevisionId,
    /// Its title.
    pub title: String,
    /// Its beginning.
    pub excerpt: String,
    /// Whether the body says more.
    pub has_more: bool,
    /// How long it takes to read.
    pub reading_minutes: i32,
    /// The whole of it, where that was read with it.
    #[sea_orm(skip)]
    pub body: Option<Body>,
    /// The slug that it was looked up by, where that is an old one.
    #[sea_orm(skip)]
    pub redirected_from: Option<String>,
    /// What the shown revision is linked to, where a preview token shows it.
    #[sea_orm(skip)]
    pub previewed: Option<Previewed>,
}

/// The links of a revision that a preview token shows, as its row keeps them.
#[derive(Debug, Clone)]
pub struct Previewed {
    /// The campaigns.
    pub campaigns: String,
    /// The institutions.
    pub institutions: String,
}

const POST: [post::Column; 22] = [
    post::Column::Id,
    post::Column::AllianceId,
    post::Column::Slug,
    post::Column::Kind,
    post::Column::Status,
    post::Column::OwnerId,
    post::Column::AuthorId,
    post::Column::EventId,
    post::Column::PublishedAt,
    post::Column::FirstPublishedAt,
    post::Column::ScheduledFor,
    post::Column::UnpublishAt,
    post::Column::DeletedAt,
    post::Column::Licence,
    post::Column::UsageTerms,
    post::Column::EmbargoedUntil,
    post::Column::DeskNote,
    post::Column::PublicVersion,
    post::Column::DraftRevisionId,
    post::Column::LiveRevisionId,
    post::Column::Version,
    post::Column::UpdatedAt,
];
const REVISION: [post_revision::Column; 4] = [
    post_revision::Column::Title,
    post_revision::Column::Excerpt,
    post_revision::Column::HasMore,
    post_revision::Column::ReadingMinutes,
];

const BODY: [post_revision::Column; 3] =
    [post_revision::Column::Body, post_revision::Column::BodyHtml, post_revision::Column::Rendering];

fn live_posts(viewer: &Viewer) -> SelectStatement {
    let revision = Expr::col((post_revision::Entity, post_revision::Column::Id));
    let live = (post::Entity, post::Column::LiveRevisionId);
    let live = match viewer.is_staff() {
        false => revision.equals(live),
        // What was never published has a draft alone.
        true => revision.eq(Expr::col(live).if_null(Expr::col((post::Entity, post::Column::DraftRevisionId)))),
    };
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
#[derive(Debug, Clone, FromQueryResult)]
pub struct Body {
    /// As it was written.
    #[sea_orm(from_alias = "body")]
    pub markdown: String,
    /// What was made of it.
    #[sea_orm(from_alias = "body_html")]
    pub html: String,
    /// By which rules.
    pub rendering: i32,
}

impl Load for BodyOf {
    type Value = Body;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut select = Query::select();
        select
            .column((post_revision::Entity, post_revision::Column::Id))
            .columns(BODY.map(|column| (post_revision::Entity, column)))
            .from(post_revision::Entity)
            .and_where(post_revision::Column::Id.is_in(keys.iter().map(|Self(id)| *id)));
        let rows = app.db().read().query_all(&select).await?;
        let bodies = rows.iter().map(|row| Ok((Self(row.try_get("", "id")?), Body::from_query_result(row, "")?)));
        bodies.collect()
    }
}

/// When something was published last; null where nothing is public.
///
/// # Errors
/// Where the database does not answer.
pub async fn last_published_at(app: &App, viewer: &Viewer) -> Result<Option<DateTime<Utc>>> {
    let mut select = Query::select();
    select
        .column(post::Column::PublishedAt)
        .from(post::Entity)
        .cond_where(readable_posts(viewer).condition())
        .order_by(post::Column::PublishedAt, Order::Desc)
        .limit(1);
    let row = app.db().read().query_one(&select).await?;
    row.map_or(Ok(None), |row| Ok(row.try_get("", "published_at")?))
}

/// One post, with its body where `whole`. What had the slug once is found by it where nothing has it now.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, viewer: &Viewer, lookup: &Lookup<PostId>, whole: bool) -> Result<Option<LivePost>> {
    let column = |column| Expr::col((post::Entity, column));
    match lookup {
        Lookup::Id(id) => one(app, viewer, post::Column::Id.eq(*id), whole).await,
        Lookup::Slug { slug, alliance } => {
            let now = column(post::Column::Slug).eq(slug).and(column(post::Column::AllianceId).eq(alliance_called(alliance)));
            if let Some(post) = one(app, viewer, now, whole).await? {
                return Ok(Some(post));
            }
            let formerly = column(post::Column::Id).in_subquery(slugs::store::formerly(SearchType::Post, slug, alliance));
            let found = one(app, viewer, formerly, whole).await?;
            Ok(found.map(|post| LivePost { redirected_from: Some(slug.clone()), ..post }))
        }
    }
}

async fn one(app: &App, viewer: &Viewer, which: Expr, whole: bool) -> Result<Option<LivePost>> {
    let mut select = live_posts(viewer);
    with_columns(&mut select);
    if whole {
        select.columns(BODY.map(|column| (post_revision::Entity, column)));
    }
    select.and_where(which);
    let Some(row) = app.db().read().query_one(&select).await? else { return Ok(None) };
    let body = if whole { Some(Body::from_query_result(&row, "")?) } else { None };
    Ok(Some(LivePost { body, ..LivePost::from_query_result(&row, "")? }))
}
