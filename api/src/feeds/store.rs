//! Every SQL statement about feeds, but for those about posts alone: the campaigns of posts, the index of feeds, and sitemaps.

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, PostId};
use alliance_entity::{campaign, event, institution, post, post_campaign};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::alliances::address::Kind;
use crate::app::App;
use crate::error::Result;
use crate::feeds::Tag;
use crate::policy::content::{readable_campaigns, readable_events, readable_institutions};
use crate::policy::posts::readable_posts;
use crate::viewer::Viewer;

/// The public campaigns of posts, by title.
///
/// # Errors
/// Where the database does not answer.
pub async fn campaigns_of(app: &App, posts: Vec<PostId>) -> Result<HashMap<PostId, Vec<Tag>>> {
    let column = |column| (campaign::Entity, column);
    let link = |column| Expr::col((post_campaign::Entity, column));
    let mut select = Query::select();
    select
        .column((post_campaign::Entity, post_campaign::Column::PostId))
        .columns([column(campaign::Column::Slug), column(campaign::Column::Title)])
        .from(post_campaign::Entity)
        .inner_join(campaign::Entity, link(post_campaign::Column::CampaignId).equals(column(campaign::Column::Id)))
        .and_where(link(post_campaign::Column::PostId).is_in(posts))
        .cond_where(readable_campaigns(&Viewer::Anonymous).condition())
        .order_by(column(campaign::Column::SortTitle), Order::Asc)
        .order_by(column(campaign::Column::Id), Order::Asc);
    let mut found: HashMap<PostId, Vec<Tag>> = HashMap::new();
    for row in app.db().read().query_all(&select).await? {
        let tag = Tag { slug: row.try_get("", "slug")?, title: row.try_get("", "title")? };
        found.entry(row.try_get("", "post_id")?).or_default().push(tag);
    }
    Ok(found)
}

/// The ids, slugs and titles of an alliance's public campaigns, by title, and the same of its public institutions, by name.
///
/// # Errors
/// Where the database does not answer.
pub async fn places(app: &App, alliance: AllianceId) -> Result<[Vec<(Uuid, String, String)>; 2]> {
    let campaigns = campaign::Entity::find()
        .select_only()
        .columns([campaign::Column::Id, campaign::Column::Slug, campaign::Column::Title])
        .filter(campaign::Column::AllianceId.eq(alliance))
        .filter(readable_campaigns(&Viewer::Anonymous).condition())
        .order_by_asc(campaign::Column::SortTitle)
        .order_by_asc(campaign::Column::Id);
    let institutions = institution::Entity::find()
        .select_only()
        .columns([institution::Column::Id, institution::Column::Slug, institution::Column::Name])
        .filter(institution::Column::AllianceId.eq(alliance))
        .filter(readable_institutions(&Viewer::Anonymous).condition())
        .order_by_asc(institution::Column::SortName)
        .order_by_asc(institution::Column::Id);
    let db = app.db().read();
    Ok([campaigns.into_tuple().all(db).await?, institutions.into_tuple().all(db).await?])
}

/// Something with a page of its own.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Page {
    /// Its id.
    pub id: Uuid,
    /// Its name in addresses.
    pub slug: String,
    /// When it changed last.
    pub updated_at: DateTime<Utc>,
}

/// The public pages of one kind of an alliance, in the order in which they were begun: so many after so many.
///
/// # Errors
/// Where the database does not answer.
pub async fn pages(app: &App, alliance: AllianceId, kind: Kind, (after, most): (u64, u64)) -> Result<Vec<Page>> {
    let mut select = public(alliance, kind);
    select.order_by("id", Order::Asc).offset(after).limit(most);
    let rows = app.db().read().query_all(&select).await?;
    Ok(rows.iter().map(|row| Page::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

/// How many public pages of a kind an alliance has, and when the latest of them changed.
///
/// # Errors
/// Where the database does not answer.
pub async fn extent(app: &App, alliance: AllianceId, kind: Kind) -> Result<(u64, Option<DateTime<Utc>>)> {
    let mut select = Query::select();
    select
        .expr_as(Expr::col("id").count(), "count")
        .expr_as(Expr::col("updated_at").max(), "latest")
        .from_subquery(public(alliance, kind), "pages");
    let Some(row) = app.db().read().query_one(&select).await? else { return Ok((0, None)) };
    let count: i64 = row.try_get("", "count")?;
    Ok((u64::try_from(count).unwrap_or_default(), row.try_get("", "latest")?))
}

fn public(alliance: AllianceId, kind: Kind) -> SelectStatement {
    let anyone = &Viewer::Anonymous;
    let mut select = Query::select();
    match kind {
        Kind::Post => {
            use post::Column::{AllianceId, Id, Slug, UpdatedAt};
            select.columns([Id, Slug, UpdatedAt]).from(post::Entity).and_where(Expr::col(AllianceId).eq(alliance));
            select.cond_where(readable_posts(anyone).condition());
        }
        Kind::Campaign => {
            use campaign::Column::{AllianceId, Id, Slug, UpdatedAt};
            select.columns([Id, Slug, UpdatedAt]).from(campaign::Entity).and_where(Expr::col(AllianceId).eq(alliance));
            select.cond_where(readable_campaigns(anyone).condition());
        }
        Kind::Event => {
            use event::Column::{AllianceId, Id, Slug, UpdatedAt};
            select.columns([Id, Slug, UpdatedAt]).from(event::Entity).and_where(Expr::col(AllianceId).eq(alliance));
            select.cond_where(readable_events(anyone).condition());
        }
        Kind::Institution => {
            use institution::Column::{AllianceId, Id, Slug, UpdatedAt};
            select.columns([Id, Slug, UpdatedAt]).from(institution::Entity).and_where(Expr::col(AllianceId).eq(alliance));
            select.cond_where(readable_institutions(anyone).condition());
        }
    }
    select
}
