//! Every SQL statement about what subscriptions are about.

use std::collections::{HashMap, HashSet};

use alliance_entity::id::{AllianceId, CampaignId, EmailSubscriptionId, InstitutionId, PostId};
use alliance_entity::{campaign, email_subscription_topic, institution, post_campaign, post_institution};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::policy::content::{readable_campaigns, readable_institutions};
use crate::subscriptions::topic::Topic;
use crate::viewer::Viewer;

/// Those topics that anybody may see and that are an alliance's, in their order.
///
/// # Errors
/// Where the database does not answer.
pub async fn known(db: &impl ConnectionTrait, alliance: AllianceId, topics: &[Topic]) -> Result<Vec<Topic>> {
    let stranger = Viewer::Anonymous;
    let campaigns: Vec<CampaignId> =
        topics.iter().filter_map(|topic| if let Topic::Campaign(id) = topic { Some(*id) } else { None }).collect();
    let institutions: Vec<InstitutionId> =
        topics.iter().filter_map(|topic| if let Topic::Institution(id) = topic { Some(*id) } else { None }).collect();
    let mut known: HashSet<Topic> = HashSet::from([Topic::Alliance(alliance)]);
    if !campaigns.is_empty() {
        let found = campaign::Entity::find()
            .select_only()
            .column(campaign::Column::Id)
            .filter(campaign::Column::Id.is_in(campaigns))
            .filter(campaign::Column::AllianceId.eq(alliance))
            .filter(readable_campaigns(&stranger).condition());
        known.extend(found.into_tuple::<CampaignId>().all(db).await?.into_iter().map(Topic::Campaign));
    }
    if !institutions.is_empty() {
        let found = institution::Entity::find()
            .select_only()
            .column(institution::Column::Id)
            .filter(institution::Column::Id.is_in(institutions))
            .filter(institution::Column::AllianceId.eq(alliance))
            .filter(readable_institutions(&stranger).condition());
        known.extend(found.into_tuple::<InstitutionId>().all(db).await?.into_iter().map(Topic::Institution));
    }
    Ok(topics.iter().copied().filter(|topic| known.contains(topic)).collect())
}

/// What somebody can be told about: the alliance's public campaigns and institutions, by their names.
///
/// # Errors
/// Where the database does not answer.
pub async fn offered(db: &impl ConnectionTrait, alliance: AllianceId) -> Result<Vec<(Topic, String)>> {
    /// More would be no list for a person.
    const MOST: u64 = 200;
    let stranger = Viewer::Anonymous;
    let campaigns = campaign::Entity::find()
        .filter(campaign::Column::AllianceId.eq(alliance))
        .filter(readable_campaigns(&stranger).condition())
        .order_by_asc(campaign::Column::SortTitle)
        .limit(MOST);
    let institutions = institution::Entity::find()
        .filter(institution::Column::AllianceId.eq(alliance))
        .filter(readable_institutions(&stranger).condition())
        .order_by_asc(institution::Column::SortName)
        .limit(MOST);
    let campaigns = campaigns.all(db).await?.into_iter().map(|row| (Topic::Campaign(row.id), row.title));
    let institutions = institutions.all(db).await?.into_iter().map(|row| (Topic::Institution(row.id), row.name));
    Ok(campaigns.chain(institutions).collect())
}

/// The topics of a subscription, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TopicsOf(pub EmailSubscriptionId);

impl Load for TopicsOf {
    type Value = Vec<Topic>;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let of = email_subscription_topic::Column::SubscriptionId.is_in(keys.iter().map(|key| key.0));
        let rows = email_subscription_topic::Entity::find().filter(of).order_by_asc(email_subscription_topic::Column::TopicId);
        let mut topics: HashMap<Self, Self::Value> = HashMap::new();
        for row in rows.all(app.db().read()).await? {
            topics.entry(Self(row.subscription_id)).or_default().push(of_row(&row));
        }
        Ok(topics)
    }
}

/// The topic of a row.
#[must_use]
pub fn of_row(row: &email_subscription_topic::Model) -> Topic {
    match (row.campaign_id, row.institution_id) {
        (Some(id), _) => Topic::Campaign(id),
        (None, Some(id)) => Topic::Institution(id),
        (None, None) => Topic::Alliance(AllianceId(row.topic_id)),
    }
}

/// Writes down what a subscription is about from now on.
///
/// # Errors
/// Where the database does not answer.
pub async fn set(txn: &Transaction, id: EmailSubscriptionId, topics: &[Topic]) -> Result<()> {
    let old = email_subscription_topic::Entity::delete_many().filter(email_subscription_topic::Column::SubscriptionId.eq(id));
    old.exec(txn).await?;
    let rows = topics.iter().map(|topic| {
        let (campaign_id, institution_id) = match topic {
            Topic::Alliance(_) => (None, None),
            Topic::Campaign(id) => (Some(*id), None),
            Topic::Institution(id) => (None, Some(*id)),
        };
        email_subscription_topic::Model { subscription_id: id, topic_id: topic.id(), campaign_id, institution_id }
    });
    email_subscription_topic::Entity::insert_many(rows.map(IntoActiveModel::into_active_model))
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// The ids of all that a post has to do with: its alliance, its campaigns and its institutions.
///
/// # Errors
/// Where the database does not answer.
pub async fn of_post(db: &impl ConnectionTrait, post: PostId, alliance: AllianceId) -> Result<Vec<Uuid>> {
    let campaigns = post_campaign::Entity::find().filter(post_campaign::Column::PostId.eq(post)).all(db).await?;
    let institutions = post_institution::Entity::find().filter(post_institution::Column::PostId.eq(post)).all(db).await?;
    let linked =
        campaigns.into_iter().map(|row| row.campaign_id.0).chain(institutions.into_iter().map(|row| row.institution_id.0));
    Ok(std::iter::once(alliance.0).chain(linked).collect())
}
