//! Every SQL statement about alliances.

use std::collections::HashMap;

use alliance_entity::alliance::{self, AllianceKind};
use alliance_entity::id::{AccountId, AllianceId};
use alliance_entity::{account, former_alliance_slug};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use crate::alliances::AllianceFilter;
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::editing::store::content;
use crate::error::{Error, Result};
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::content::readable_alliances;
use crate::viewer::Viewer;

content!(alliance: "alliance", "ALLIANCE", None, id, readable_alliances, |row| None);

impl Load for AllianceId {
    type Value = alliance::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found =
            alliance::Entity::find().filter(alliance::Column::Id.is_in(keys)).filter(readable_alliances(viewer).condition());
        Ok(found.all(app.db().read()).await?.into_iter().map(|alliance| (alliance.id, alliance)).collect())
    }
}

/// The alliance with this slug, or the one that had it once.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, viewer: &Viewer, slug: &str) -> Result<Option<alliance::Model>> {
    let id = Expr::col((alliance::Entity, alliance::Column::Id));
    let found = alliance::Entity::find().filter(id.eq(alliance_called(slug))).filter(readable_alliances(viewer).condition());
    Ok(found.one(app.db().read()).await?)
}

/// Whether a slug leads to another alliance that had it. Ask after the slug was written: whoever gives it up in the meantime has done so by
/// then, or waits.
///
/// # Errors
/// Where the database does not answer.
pub async fn leads_elsewhere(txn: &Transaction, id: AllianceId, slug: &str) -> Result<bool> {
    let other = former_alliance_slug::Entity::find_by_id(slug).filter(former_alliance_slug::Column::AllianceId.ne(id));
    Ok(other.one(txn).await?.is_some())
}

/// How many slugs lead to an alliance that it had once.
///
/// # Errors
/// Where the database does not answer.
pub async fn former_slugs(txn: &Transaction, id: AllianceId) -> Result<u64> {
    Ok(former_alliance_slug::Entity::find().filter(former_alliance_slug::Column::AllianceId.eq(id)).count(txn).await?)
}

/// Keeps a slug that an alliance gives up for another, so that the old one still leads to it.
///
/// # Errors
/// Where the database does not answer.
pub async fn retire(txn: &Transaction, id: AllianceId, (old, new): (&str, &str), now: DateTime<Utc>) -> Result<()> {
    // It may take back what it had before.
    former_alliance_slug::Entity::delete_by_id(new).exec(txn).await?;
    let row = former_alliance_slug::Model { slug: old.to_owned(), alliance_id: id, retired_at: now };
    former_alliance_slug::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// The alliance with this id, whoever asks: every alliance is public.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_by_id(db: &impl ConnectionTrait, id: AllianceId) -> Result<Option<alliance::Model>> {
    Ok(alliance::Entity::find_by_id(id).one(db).await?)
}

/// The name of an alliance, whoever asks: every alliance is public.
///
/// # Errors
/// Where the database does not answer.
pub async fn name_of(app: &App, id: AllianceId) -> Result<Option<String>> {
    Ok(alliance::Entity::find_by_id(id).one(app.db().read()).await?.map(|alliance| alliance.name))
}

/// The slug of an alliance, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn slug_of(app: &App, id: AllianceId) -> Result<Option<String>> {
    Ok(alliance::Entity::find_by_id(id).one(app.db().read()).await?.map(|alliance| alliance.slug))
}

/// The alliances whose own sites show what they publish, by their templates.
///
/// # Errors
/// Where the database does not answer.
pub async fn with_template(app: &App) -> Result<Vec<alliance::Model>> {
    Ok(alliance::Entity::find()
        .filter(alliance::Column::LinkTemplate.is_not_null())
        .order_by_asc(alliance::Column::Id)
        .all(app.db().read())
        .await?)
}

/// The time zone of an alliance's city.
///
/// # Errors
/// Where the database does not answer.
pub async fn time_zone_of(txn: &Transaction, id: AllianceId) -> Result<String> {
    let found = alliance::Entity::find_by_id(id).one(txn).await?;
    found.map(|alliance| alliance.time_zone).ok_or(Error::NotFound("alliance"))
}

/// The name of the only alliance that is written here; none where there are more.
///
/// # Errors
/// Where the database does not answer.
pub async fn only_name(app: &App) -> Result<Option<String>> {
    let hosted = alliance::Entity::find().filter(alliance::Column::Kind.eq(AllianceKind::Hosted)).limit(2);
    let mut hosted = hosted.all(app.db().read()).await?;
    Ok(if hosted.len() == 1 { hosted.pop().map(|alliance| alliance.name) } else { None })
}

/// An alliance that stays until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`] where there is none: an operator may name any.
pub async fn hold(txn: &Transaction, id: AllianceId) -> Result<alliance::Model> {
    let held = alliance::Entity::find_by_id(id).lock(LockType::KeyShare).one(txn).await?;
    held.ok_or(Error::NotFound("alliance"))
}

/// The same, held against all who would hold it: whoever counts what it has counts alone.
///
/// # Errors
/// [`Error::NotFound`] where there is none.
pub async fn hold_alone(txn: &Transaction, id: AllianceId) -> Result<alliance::Model> {
    let held = alliance::Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(txn).await?;
    held.ok_or(Error::NotFound("alliance"))
}

/// Adds an alliance; says whether its slug was free.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: &alliance::Model) -> Result<bool> {
    let taken = OnConflict::column(alliance::Column::Slug).do_nothing().to_owned();
    let insert = alliance::Entity::insert(row.clone().into_active_model()).on_conflict(taken);
    Ok(insert.exec_without_returning(txn).await? > 0)
}

/// Whether an account has a second factor.
///
/// # Errors
/// Where the database does not answer.
pub async fn has_second_factor(txn: &Transaction, id: AccountId) -> Result<bool> {
    let with = account::Entity::find_by_id(id).filter(account::Column::TwoFactorSince.is_not_null());
    Ok(with.one(txn).await?.is_some())
}

/// Alliances in the order of their names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Alliances {
    /// Which of them.
    pub filter: AllianceFilter,
}

impl Listed for Alliances {
    type Row = alliance::Model;

    fn order(&self) -> Order {
        let key = Expr::col((alliance::Entity, alliance::Column::SortName));
        Order { name: "alliances.name", key, like: Key::Text(String::new()), descending: false }
    }

    fn id(&self) -> Expr {
        Expr::col((alliance::Entity, alliance::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let AllianceFilter { kind } = &self.filter;
        let mut select = Query::select();
        select.from(alliance::Entity).cond_where(readable_alliances(viewer).condition());
        select.and_where_option(kind.map(|kind| alliance::Column::Kind.eq(kind)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(alliance::Column::iter().map(|column| (alliance::Entity, column)));
    }
}
