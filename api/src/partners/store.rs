//! Every SQL statement about partners.

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, CampaignId, PartnerId};
use alliance_entity::{api_key, campaign, partner, partner_campaign};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::editing::store::content;
use crate::editing::uses::Use;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::partners::PartnerFilter;
use crate::policy::syndication::readable_partners;
use crate::viewer::Viewer;

content!(partner: "partner", "PARTNER", None, alliance_id, readable_partners, |row| None);

impl Load for PartnerId {
    type Value = partner::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = partner::Entity::find().filter(partner::Column::Id.is_in(keys)).filter(readable_partners(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|partner| (partner.id, partner)).collect())
    }
}

/// The campaigns whose posts a partner may carry, as a key to load them by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CampaignsOf(pub PartnerId);

impl Load for CampaignsOf {
    type Value = Vec<CampaignId>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let readable = partner::Entity::find()
            .filter(partner::Column::Id.is_in(keys.iter().map(|Self(id)| *id)))
            .filter(readable_partners(viewer).condition());
        let readable: Vec<PartnerId> = readable.all(app.db().read()).await?.into_iter().map(|partner| partner.id).collect();
        let found = partner_campaign::Entity::find()
            .filter(partner_campaign::Column::PartnerId.is_in(readable))
            .order_by_asc(partner_campaign::Column::CampaignId);
        let mut campaigns: HashMap<Self, Self::Value> = HashMap::new();
        for row in found.all(app.db().read()).await? {
            campaigns.entry(Self(row.partner_id)).or_default().push(row.campaign_id);
        }
        Ok(campaigns)
    }
}

/// Lets a partner carry the posts of these campaigns and of no others. Says whether all of them belong to its alliance.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_campaigns(txn: &Transaction, row: &partner::Model, campaigns: &[CampaignId]) -> Result<bool> {
    // Held in order before anything is written: whoever deletes one of them waits, or is waited for, and not both.
    let own = campaign::Entity::find()
        .filter(campaign::Column::Id.is_in(campaigns.iter().copied()))
        .filter(campaign::Column::AllianceId.eq(row.alliance_id))
        .order_by_asc(campaign::Column::Id)
        .lock(LockType::KeyShare);
    if own.all(txn).await?.len() < campaigns.len() {
        return Ok(false);
    }
    partner_campaign::Entity::delete_many().filter(partner_campaign::Column::PartnerId.eq(row.id)).exec(txn).await?;
    let rows = campaigns.iter().map(|id| partner_campaign::Model { partner_id: row.id, campaign_id: *id }.into_active_model());
    if !campaigns.is_empty() {
        partner_campaign::Entity::insert_many(rows).exec_without_returning(txn).await?;
    }
    Ok(true)
}

/// How many partners an alliance has.
///
/// # Errors
/// Where the database does not answer.
pub async fn count(txn: &Transaction, alliance: AllianceId) -> Result<u64> {
    Ok(partner::Entity::find().filter(partner::Column::AllianceId.eq(alliance)).count(txn).await?)
}

/// Whether another partner of the alliance has this name.
///
/// # Errors
/// Where the database does not answer.
pub async fn exists(txn: &Transaction, row: &partner::Model) -> Result<bool> {
    let other = partner::Entity::find()
        .filter(partner::Column::AllianceId.eq(row.alliance_id))
        .filter(partner::Column::SortName.eq(&row.sort_name))
        .filter(partner::Column::Id.ne(row.id));
    Ok(other.count(txn).await? > 0)
}

/// What goes with a partner.
///
/// # Errors
/// Where the database does not answer.
pub async fn uses(txn: &Transaction, id: PartnerId, now: DateTime<Utc>) -> Result<[Use; 1]> {
    let keys = api_key::Entity::find().filter(api_key::Column::PartnerId.eq(id)).filter(api_key::Column::RevokedAt.is_null());
    let live = sea_orm::Condition::any().add(api_key::Column::ExpiresAt.is_null()).add(api_key::Column::ExpiresAt.gt(now));
    Ok([(keys.filter(live).count(txn).await?, "live key", "live keys")])
}

/// Partners, by their names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Partners {
    /// Which of them.
    pub filter: PartnerFilter,
}

impl Listed for Partners {
    type Row = partner::Model;

    fn order(&self) -> Order {
        let key = Expr::col((partner::Entity, partner::Column::SortName));
        Order { name: "partners.name", key, like: Key::Text(String::new()), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((partner::Entity, partner::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let PartnerFilter { alliance, is_suspended } = &self.filter;
        let mut select = Query::select();
        select.from(partner::Entity).cond_where(readable_partners(viewer).condition());
        if let Some(alliance) = alliance {
            select.and_where(Expr::col((partner::Entity, partner::Column::AllianceId)).eq(alliance_called(&alliance.0)));
        }
        let suspended = || Expr::col((partner::Entity, partner::Column::SuspendedAt));
        if let Some(is_suspended) = is_suspended {
            select.and_where(if *is_suspended { suspended().is_not_null() } else { suspended().is_null() });
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(partner::Column::iter().map(|column| (partner::Entity, column)));
    }
}
