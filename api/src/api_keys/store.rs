//! Every SQL statement about partners' keys.

use std::collections::HashMap;

use alliance_entity::id::{AllianceId, ApiKeyId, PartnerId};
use alliance_entity::{api_key, partner, partner_campaign};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::api_keys::ApiKeyFilter;
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::accounts::readable_api_keys;
use crate::viewer::{Carries, Viewer};

/// How exact the time is that a key was used last.
const ABOUT: TimeDelta = TimeDelta::minutes(1);

impl Load for ApiKeyId {
    type Value = api_key::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = api_key::Entity::find().filter(api_key::Column::Id.is_in(keys)).filter(readable_api_keys(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|key| (key.id, key)).collect())
    }
}

/// A live key by its hash.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_live(db: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<Option<api_key::Model>> {
    Ok(api_key::Entity::find().filter(api_key::Column::Hash.eq(hash)).filter(live(now)).one(db).await?)
}

fn live(now: DateTime<Utc>) -> Condition {
    let unexpired = Condition::any().add(api_key::Column::ExpiresAt.is_null()).add(api_key::Column::ExpiresAt.gt(now));
    Condition::all().add(api_key::Column::RevokedAt.is_null()).add(unexpired)
}

/// A key by its id, held against others who would change it.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, id: ApiKeyId) -> Result<Option<api_key::Model>> {
    Ok(api_key::Entity::find_by_id(id).lock_exclusive().one(txn).await?)
}

/// What a partner may carry at this moment.
///
/// # Errors
/// Where the database does not answer.
pub async fn carries(db: &impl ConnectionTrait, id: PartnerId) -> Result<Carries> {
    let active = partner::Entity::find_by_id(id).filter(partner::Column::SuspendedAt.is_null());
    let Some(partner) = active.one(db).await? else { return Ok(Carries::Nothing) };
    if partner.carries_all {
        return Ok(Carries::All(partner.alliance_id));
    }
    // In order: cursors are bound to them.
    let campaigns = partner_campaign::Entity::find()
        .filter(partner_campaign::Column::PartnerId.eq(id))
        .order_by_asc(partner_campaign::Column::CampaignId)
        .all(db)
        .await?;
    Ok(Carries::Campaigns(partner.alliance_id, campaigns.into_iter().map(|one| one.campaign_id).collect()))
}

/// How many live keys there are of whose a key is.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_live(txn: &Transaction, key: &api_key::Model, now: DateTime<Utc>) -> Result<u64> {
    let whose = match key.partner_id {
        Some(partner) => api_key::Column::PartnerId.eq(partner),
        None => api_key::Column::Holder.eq(&key.holder).and(api_key::Column::PartnerId.is_null()),
    };
    let of = api_key::Entity::find().filter(api_key::Column::AllianceId.eq(key.alliance_id)).filter(whose).filter(live(now));
    Ok(of.count(txn).await?)
}

/// A partner of an alliance.
///
/// # Errors
/// Where the database does not answer.
pub async fn partner(db: &impl ConnectionTrait, alliance: AllianceId, id: PartnerId) -> Result<Option<partner::Model>> {
    Ok(partner::Entity::find_by_id(id).filter(partner::Column::AllianceId.eq(alliance)).one(db).await?)
}

/// Makes a key.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: api_key::Model) -> Result<()> {
    api_key::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Revokes a key.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_revoked(txn: &Transaction, id: ApiKeyId, now: DateTime<Utc>) -> Result<()> {
    let set = api_key::Entity::update_many().col_expr(api_key::Column::RevokedAt, Expr::val(now));
    set.filter(api_key::Column::Id.eq(id)).exec(txn).await?;
    Ok(())
}

/// Notes that a key was used, unless that was noted lately.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_used(app: &App, row: &api_key::Model, now: DateTime<Utc>) -> Result<()> {
    if row.used_at.is_some_and(|at| now - at < ABOUT) {
        return Ok(());
    }
    let set = api_key::Entity::update_many().col_expr(api_key::Column::UsedAt, Expr::val(now));
    set.filter(api_key::Column::Id.eq(row.id)).exec(app.db().write()).await?;
    Ok(())
}

/// Keys, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ApiKeys {
    /// Which of them.
    pub filter: ApiKeyFilter,
}

impl Listed for ApiKeys {
    type Row = api_key::Model;

    fn order(&self) -> Order {
        let key = Expr::col((api_key::Entity, api_key::Column::CreatedAt));
        Order { name: "apiKeys.created.desc", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((api_key::Entity, api_key::Column::Id))
    }

    fn rows(&self, app: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let ApiKeyFilter { alliance, holder, is_live } = &self.filter;
        let mut select = Query::select();
        select.from(api_key::Entity).cond_where(readable_api_keys(viewer).condition());
        if let Some(alliance) = alliance {
            select.and_where(Expr::col(api_key::Column::AllianceId).eq(alliance_called(&alliance.0)));
        }
        select.and_where_option(holder.as_ref().map(|holder| api_key::Column::Holder.eq(&holder.0)));
        if let Some(is_live) = is_live {
            let live = live(app.clock().now());
            select.cond_where(if *is_live { live } else { live.not() });
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(api_key::Column::iter().map(|column| (api_key::Entity, column)));
    }
}
