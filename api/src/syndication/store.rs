//! Every SQL statement about what partners carry.

use std::collections::{HashMap, HashSet};

use alliance_entity::id::{CampaignId, PostId};
use alliance_entity::{campaign, post, post_campaign};
use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::policy::content::readable_campaigns;
use crate::policy::syndication;
use crate::viewer::{Carries, Viewer};

/// The next posts by their ids that may be carried now, each with when it was published.
///
/// # Errors
/// Where the database does not answer.
pub async fn carried(app: &App, carries: &Carries, after: Option<PostId>, limit: u64) -> Result<Vec<(PostId, DateTime<Utc>)>> {
    let now = app.clock().now();
    let mut posts = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::PublishedAt])
        .filter(syndication::carried(carries, now).condition())
        .order_by_asc(post::Column::Id)
        .limit(limit);
    if let Some(after) = after {
        posts = posts.filter(post::Column::Id.gt(after));
    }
    let found: Vec<(PostId, Option<DateTime<Utc>>)> = posts.into_tuple().all(app.db().read()).await?;
    Ok(found.into_iter().map(|(id, at)| (id, at.unwrap_or(now))).collect())
}

/// Those of some posts that may be carried now.
///
/// # Errors
/// Where the database does not answer.
pub async fn carried_among(app: &App, carries: &Carries, ids: impl Iterator<Item = PostId>) -> Result<HashSet<PostId>> {
    let posts = post::Entity::find()
        .select_only()
        .column(post::Column::Id)
        .filter(post::Column::Id.is_in(ids))
        .filter(syndication::carried(carries, app.clock().now()).condition());
    Ok(posts.into_tuple::<PostId>().all(app.db().read()).await?.into_iter().collect())
}

/// What some posts' public versions are, wherever they stand: nothing of those that were deleted for good.
///
/// # Errors
/// Where the database does not answer.
pub async fn versions(app: &App, ids: impl Iterator<Item = PostId>) -> Result<HashMap<PostId, i32>> {
    let posts = post::Entity::find()
        .select_only()
        .columns([post::Column::Id, post::Column::PublicVersion])
        .filter(post::Column::Id.is_in(ids));
    Ok(posts.into_tuple::<(PostId, i32)>().all(app.db().read()).await?.into_iter().collect())
}

/// The campaigns of a post by name, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CampaignsOf(pub PostId);

impl Load for CampaignsOf {
    type Value = Vec<(CampaignId, String)>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let links = post_campaign::Entity::find()
            .filter(post_campaign::Column::PostId.is_in(keys.iter().map(|Self(id)| *id)))
            .all(app.db().read())
            .await?;
        let readable = campaign::Entity::find()
            .filter(campaign::Column::Id.is_in(links.iter().map(|link| link.campaign_id)))
            .filter(readable_campaigns(viewer).condition())
            .order_by_asc(campaign::Column::SortTitle)
            .order_by_asc(campaign::Column::Id);
        let mut campaigns: HashMap<Self, Self::Value> = HashMap::new();
        for campaign in readable.all(app.db().read()).await? {
            for link in links.iter().filter(|link| link.campaign_id == campaign.id) {
                campaigns.entry(Self(link.post_id)).or_default().push((campaign.id, campaign.title.clone()));
            }
        }
        Ok(campaigns)
    }
}
