//! The posts of a place that anyone may carry, as feeds list them, and those that were taken away.

use alliance_entity::{post, post_campaign, post_departure, post_institution, post_revision};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::app::App;
use crate::error::{Error, Result};
use crate::policy::syndication::carried_by_anyone;
use crate::posts::Scope;
use crate::posts::store::{BODY, Body, LivePost, live_posts, with_columns};
use crate::viewer::Viewer;

/// An alliance, a campaign or an institution that somebody may read.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// What it is.
    pub scope: Scope,
    /// Which.
    pub id: Uuid,
}

/// A time from one moment to before another.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Its first moment.
    pub from: DateTime<Utc>,
    /// The first moment after it.
    pub before: DateTime<Utc>,
}

/// Before a span, or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Before it.
    Before,
    /// After it.
    After,
}

/// A post that was taken away.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct Departure {
    /// Which.
    pub post_id: Uuid,
    /// When.
    pub left_at: DateTime<Utc>,
}

/// A post that came to a place, whether it is still there or not.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct Arrival {
    /// Which.
    pub post_id: Uuid,
    /// When it was taken away; none where it is there.
    pub left_at: Option<DateTime<Utc>>,
}

/// The newest posts of a place with their bodies, those that changed last, as many of each as `most`, and some others.
///
/// # Errors
/// Where the database does not answer.
pub async fn latest(app: &App, place: Place, most: u64, others: Vec<Uuid>) -> Result<Vec<LivePost>> {
    let now = app.clock().now();
    let first = |key: Expr| {
        let mut select = ids(place, now);
        select.order_by_expr(key, Order::Desc).order_by((post::Entity, post::Column::Id), Order::Desc).limit(most);
        select
    };
    let mut all = within(first(published(place)), "newest");
    all.union(UnionType::Distinct, within(first(Expr::col((post::Entity, post::Column::UpdatedAt))), "changed"));
    let id = || Expr::col((post::Entity, post::Column::Id));
    read(app, id().in_subquery(all).or(id().is_in(others))).await
}

/// These posts, with their bodies, as far as anyone may read them.
///
/// # Errors
/// Where the database does not answer.
pub async fn whole(app: &App, which: Vec<Uuid>) -> Result<Vec<LivePost>> {
    read(app, Expr::col((post::Entity, post::Column::Id)).is_in(which)).await
}

/// What came to a place in this span, when anyone could carry it for the first time, in order: so many after so many.
///
/// # Errors
/// Where the database does not answer.
pub async fn arrived(app: &App, place: Place, span: Span, (after, most): (u64, u64)) -> Result<Vec<Arrival>> {
    let mut select = Query::select();
    select.columns(["post_id", "left_at"]).from_subquery(arrivals(place, span, app.clock().now()), "arrivals");
    select.order_by("at", Order::Asc).order_by("post_id", Order::Asc).offset(after).limit(most);
    let rows = app.db().read().query_all(&select).await?;
    Ok(rows.iter().map(|row| Arrival::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// How much came to a place in this span.
///
/// # Errors
/// Where the database does not answer.
pub async fn count(app: &App, place: Place, span: Span) -> Result<u64> {
    let mut select = Query::select();
    select.expr_as(Expr::col("post_id").count(), "number").from_subquery(arrivals(place, span, app.clock().now()), "arrivals");
    let row = app.db().read().query_one(&select).await?.ok_or_else(|| Error::internal("a count has no row"))?;
    u64::try_from(row.try_get::<i64>("", "number")?).map_err(Error::internal)
}

/// The posts that left a place and have not come back, the latest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn departed(app: &App, place: Place, most: u64) -> Result<Vec<Departure>> {
    let mut select = departures(place, app.clock().now());
    let rows = app.db().read().query_all(select.limit(most)).await?;
    Ok(rows.iter().map(|row| Departure::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

fn arrivals(place: Place, span: Span, now: DateTime<Utc>) -> SelectStatement {
    let lies = |column: fn() -> Expr| column().gte(span.from).and(column().lt(span.before));
    let mut posts = ids(place, now);
    posts.clear_selects().expr_as(Expr::col((post::Entity, post::Column::Id)), "post_id");
    posts.expr_as(since_when(), "at").expr_as(Expr::val(None::<DateTime<Utc>>), "left_at").and_where(lies(since_when));
    let mut gone = departures(place, now);
    let column = |column| Expr::col((post_departure::Entity, column));
    gone.clear_selects().clear_order_by().expr_as(column(post_departure::Column::PostId), "post_id");
    gone.expr_as(gone_since(), "at").expr_as(column(post_departure::Column::LeftAt), "left_at").and_where(lies(gone_since));
    // It is told when each left where that is known, and so its column comes first.
    gone.union(UnionType::All, posts).to_owned()
}

fn gone_since() -> Expr {
    Expr::col((post_departure::Entity, post_departure::Column::CarriedSince))
}

/// When the last post came to a place before this span, whether it is still there or not; or the first one after it.
///
/// # Errors
/// Where the database does not answer.
pub async fn neighbour(app: &App, place: Place, span: Span, side: Side) -> Result<Option<DateTime<Utc>>> {
    let limit = |column: Expr| match side {
        Side::Before => column.lt(span.from),
        Side::After => column.gte(span.before),
    };
    let nearest = || if side == Side::Before { Order::Desc } else { Order::Asc };
    let mut posts = ids(place, app.clock().now());
    posts.clear_selects().expr_as(since_when(), "at").and_where(limit(since_when()));
    posts.order_by((post::Entity, post::Column::CarriedSince), nearest()).limit(1);
    let mut departures = departures(place, app.clock().now());
    departures.clear_selects().clear_order_by().expr_as(gone_since(), "at").and_where(limit(gone_since()));
    departures.order_by((post_departure::Entity, post_departure::Column::CarriedSince), nearest()).limit(1);
    let mut both = Query::select();
    both.column("at").from_subquery(posts, "posts");
    let mut other = Query::select();
    other.column("at").from_subquery(departures, "departures");
    both.union(UnionType::All, other);
    let mut times = Vec::new();
    for row in app.db().read().query_all(&both).await? {
        times.push(row.try_get::<DateTime<Utc>>("", "at")?);
    }
    Ok(if side == Side::Before { times.into_iter().max() } else { times.into_iter().min() })
}

/// The ids of the posts of a place that anyone may carry.
fn ids(place: Place, now: DateTime<Utc>) -> SelectStatement {
    let post = || Expr::col((post::Entity, post::Column::Id));
    let mut select = Query::select();
    select.expr_as(post(), "id").from(post::Entity).cond_where(carried_by_anyone(now).condition());
    match place.scope {
        Scope::All => {}
        Scope::Alliance => {
            select.and_where(Expr::col((post::Entity, post::Column::AllianceId)).eq(place.id));
        }
        Scope::Campaign => {
            let link = (post_campaign::Entity, post_campaign::Column::PostId);
            select.inner_join(post_campaign::Entity, post().equals(link));
            select.and_where(Expr::col((post_campaign::Entity, post_campaign::Column::CampaignId)).eq(place.id));
        }
        Scope::Institution => {
            let link = (post_institution::Entity, post_institution::Column::PostId);
            select.inner_join(post_institution::Entity, post().equals(link));
            select.and_where(Expr::col((post_institution::Entity, post_institution::Column::InstitutionId)).eq(place.id));
        }
    }
    select
}

/// The column of the table whose index holds a place's posts in order.
fn published(place: Place) -> Expr {
    match place.scope {
        Scope::All | Scope::Alliance => Expr::col((post::Entity, post::Column::PublishedAt)),
        Scope::Campaign => Expr::col((post_campaign::Entity, post_campaign::Column::PublishedAt)),
        Scope::Institution => Expr::col((post_institution::Entity, post_institution::Column::PublishedAt)),
    }
}

fn since_when() -> Expr {
    Expr::col((post::Entity, post::Column::CarriedSince))
}

fn within(ids: SelectStatement, name: &'static str) -> SelectStatement {
    let mut select = Query::select();
    select.column("id").from_subquery(ids, name);
    select
}

async fn read(app: &App, which: Expr) -> Result<Vec<LivePost>> {
    let mut select = live_posts(&Viewer::Anonymous);
    with_columns(&mut select);
    select
        .columns(BODY.map(|column| (post_revision::Entity, column)))
        .and_where(which)
        .order_by((post::Entity, post::Column::PublishedAt), Order::Desc)
        .order_by((post::Entity, post::Column::Id), Order::Desc);
    let mut posts = Vec::new();
    for row in app.db().read().query_all(&select).await? {
        let body = Some(Body::from_query_result(&row, "")?);
        posts.push(LivePost { body, ..LivePost::from_query_result(&row, "")? });
    }
    Ok(posts)
}

/// The departures from a place. What came back since, because its embargo ended, is none even where nobody has noted that yet.
fn departures(place: Place, now: DateTime<Utc>) -> SelectStatement {
    let mut back = ids(place, now);
    let same = (post_departure::Entity, post_departure::Column::PostId);
    back.and_where(Expr::col((post::Entity, post::Column::Id)).equals(same));
    let mut select = Query::select();
    select
        .columns([post_departure::Column::PostId, post_departure::Column::LeftAt])
        .from(post_departure::Entity)
        .and_where(Expr::col((post_departure::Entity, post_departure::Column::PlaceId)).eq(place.id))
        .and_where(Expr::exists(back).not())
        .order_by((post_departure::Entity, post_departure::Column::LeftAt), Order::Desc)
        .order_by((post_departure::Entity, post_departure::Column::PostId), Order::Desc);
    select
}
