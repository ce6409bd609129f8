//! Every SQL statement about enquiries and their steps.

use std::collections::HashMap;

use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{AccountId, AllianceId, EnquiryId};
use alliance_entity::{account, enquiry, enquiry_step};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::editing::store::content;
use crate::enquiries::{EnquiryFilter, EnquiryOrder, EnquiryOrderField};
use crate::error::Result;
use crate::loader::Load;
use crate::lookup::store::alliance_called;
use crate::page::OrderDirection;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::enquiries::{readable_enquiries, wholly_readable_enquiries};
use crate::scalar::{IdOf, Text};
use crate::viewer::Viewer;

content!(enquiry: "enquiry", "ENQUIRY", None, alliance_id, readable_enquiries, |row| None);

impl Load for EnquiryId {
    type Value = enquiry::Model;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = enquiry::Entity::find().filter(enquiry::Column::Id.is_in(keys));
        let found = found.filter(readable_enquiries(viewer).condition()).all(app.db().read()).await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }
}

/// An enquiry, whoever asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(app: &App, id: EnquiryId) -> Result<Option<enquiry::Model>> {
    Ok(enquiry::Entity::find_by_id(id).one(app.db().read()).await?)
}

/// Writes an enquiry down.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: &enquiry::Model) -> Result<()> {
    enquiry::Entity::insert(row.clone().into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Adds a step.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert_step(txn: &Transaction, step: &enquiry_step::Model) -> Result<()> {
    enquiry_step::Entity::insert(step.clone().into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Why an enquiry is not kept any longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Old {
    /// It is closed.
    Closed,
    /// It is not, and nobody has done anything about it.
    Untouched,
}

/// The first `most` enquiries that were closed before a time, or about which nothing was done since, held but for those that somebody holds.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_old(txn: &Transaction, old: Old, before: DateTime<Utc>, most: u64) -> Result<Vec<enquiry::Model>> {
    let found = enquiry::Entity::find().lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).limit(most);
    let found = match old {
        Old::Closed => found.filter(enquiry::Column::ClosedAt.lt(before)).order_by_asc(enquiry::Column::ClosedAt),
        Old::Untouched => {
            // A note is a step, and changes nothing of the enquiry itself.
            let mut touched = Query::select();
            touched.column(enquiry_step::Column::EnquiryId).from(enquiry_step::Entity);
            touched.and_where(enquiry_step::Column::CreatedAt.gte(before));
            let is_open = found.filter(enquiry::Column::ClosedAt.is_null()).filter(enquiry::Column::UpdatedAt.lt(before));
            let untouched = is_open.filter(enquiry::Column::Id.not_in_subquery(touched));
            untouched.order_by_asc(enquiry::Column::UpdatedAt)
        }
    };
    Ok(found.all(txn).await?)
}

/// Deletes an enquiry with its steps.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, id: EnquiryId) -> Result<()> {
    enquiry::Entity::delete_by_id(id).exec(txn).await?;
    Ok(())
}

/// Erases every enquiry that was written with an address, by the address's key, with all that was noted about it.
///
/// # Errors
/// Where the database does not answer.
pub async fn erase_address(txn: &Transaction, email_key: &str) -> Result<u64> {
    let of_address = enquiry::Entity::delete_many().filter(enquiry::Column::EmailKey.eq(email_key));
    Ok(of_address.exec(txn).await?.rows_affected)
}

/// Erases every enquiry that an account wrote, whatever address it gave. Returns the keys of those addresses.
///
/// # Errors
/// Where the database does not answer.
pub async fn erase_account(txn: &Transaction, id: AccountId) -> Result<Vec<String>> {
    let keys = of_account(txn, id).await?.into_iter().map(|row| row.email_key).collect();
    enquiry::Entity::delete_many().filter(enquiry::Column::AccountId.eq(id)).exec(txn).await?;
    Ok(keys)
}

/// What an account wrote, the latest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn of_account(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<enquiry::Model>> {
    let own = enquiry::Entity::find().filter(enquiry::Column::AccountId.eq(id));
    Ok(own.order_by_desc(enquiry::Column::Id).all(db).await?)
}

/// What was written with an address, by its key, the latest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn of_address(db: &impl ConnectionTrait, email_key: &str) -> Result<Vec<enquiry::Model>> {
    let own = enquiry::Entity::find().filter(enquiry::Column::EmailKey.eq(email_key));
    Ok(own.order_by_desc(enquiry::Column::Id).all(db).await?)
}

/// Somebody who works the enquiries of an alliance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Working {
    /// Their account.
    pub id: AccountId,
    /// Their name.
    pub name: String,
    /// Whether they are an organiser, and not an admin alone.
    pub is_organiser: bool,
}

/// The organisers and admins of an alliance who can sign in, by their names.
///
/// # Errors
/// Where the database does not answer.
pub async fn organisers(db: &impl ConnectionTrait, alliance: AllianceId) -> Result<Vec<Working>> {
    let mut all = organisers_of(db, &[alliance]).await?;
    Ok(all.remove(&alliance).unwrap_or_default())
}

async fn organisers_of(db: &impl ConnectionTrait, alliances: &[AllianceId]) -> Result<HashMap<AllianceId, Vec<Working>>> {
    let mut select = Query::select();
    select
        .column((account_role::Entity, account_role::Column::AllianceId))
        .column((account_role::Entity, account_role::Column::Role))
        .column((account::Entity, account::Column::Id))
        .column((account::Entity, account::Column::Name))
        .from(account_role::Entity)
        .inner_join(
            account::Entity,
            Expr::col((account_role::Entity, account_role::Column::AccountId)).equals((account::Entity, account::Column::Id)),
        )
        .and_where(account_role::Column::AllianceId.is_in(alliances.iter().copied()))
        .and_where(account_role::Column::Role.is_in([Role::Admin, Role::Organiser]))
        .and_where(account::Column::DisabledAt.is_null());
    let mut all: HashMap<AllianceId, Vec<Working>> = HashMap::new();
    for row in db.query_all(&select).await? {
        let (alliance, role, id): (AllianceId, Role, AccountId) =
            (row.try_get("", "alliance_id")?, row.try_get("", "role")?, row.try_get("", "id")?);
        let (found, is_organiser) = (all.entry(alliance).or_default(), role == Role::Organiser);
        match found.iter_mut().find(|one| one.id == id) {
            Some(one) => one.is_organiser |= is_organiser,
            None => found.push(Working { id, name: row.try_get("", "name")?, is_organiser }),
        }
    }
    for found in all.values_mut() {
        found.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    }
    Ok(all)
}

/// Those who work an alliance's enquiries, as a key to load them by. Who asks has been found to be one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrganisersOf(pub AllianceId);

impl Load for OrganisersOf {
    type Value = Vec<Working>;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let alliances: Vec<AllianceId> = keys.iter().map(|Self(id)| *id).collect();
        let found = organisers_of(app.db().read(), &alliances).await?;
        Ok(found.into_iter().map(|(id, all)| (Self(id), all)).collect())
    }
}

/// The name of whoever works an enquiry or noted something, as a key to load it by. Who asks has been found to work it as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NameOf(pub AccountId);

impl Load for NameOf {
    type Value = String;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let found = account::Entity::find().filter(account::Column::Id.is_in(keys.iter().map(|Self(id)| *id)));
        Ok(found.all(app.db().read()).await?.into_iter().map(|row| (Self(row.id), row.name)).collect())
    }
}

/// Enquiries in an order.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Enquiries {
    /// Which of them.
    pub filter: EnquiryFilter,
    /// In what order.
    pub order: EnquiryOrder,
}

impl Listed for Enquiries {
    type Row = enquiry::Model;

    fn order(&self) -> Order {
        let (name, column, descending) = match (self.order.field, self.order.direction) {
            (EnquiryOrderField::CreatedAt, OrderDirection::Asc) => ("enquiries.created.asc", enquiry::Column::CreatedAt, false),
            (EnquiryOrderField::CreatedAt, OrderDirection::Desc) => ("enquiries.created.desc", enquiry::Column::CreatedAt, true),
            (EnquiryOrderField::UpdatedAt, OrderDirection::Asc) => ("enquiries.updated.asc", enquiry::Column::UpdatedAt, false),
            (EnquiryOrderField::UpdatedAt, OrderDirection::Desc) => ("enquiries.updated.desc", enquiry::Column::UpdatedAt, true),
        };
        Order { name, key: Expr::col((enquiry::Entity, column)), like: Key::Time(0), descending }
    }

    fn id(&self) -> Expr {
        Expr::col((enquiry::Entity, enquiry::Column::Id))
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let EnquiryFilter { alliance, states, organiser, is_assigned, institution } = &self.filter;
        let column = |column: enquiry::Column| Expr::col((enquiry::Entity, column));
        let mut select = Query::select();
        select.from(enquiry::Entity).cond_where(readable_enquiries(viewer).condition());
        select.and_where_option(states.as_ref().map(|states| enquiry::Column::State.is_in(states.iter().copied())));
        select.and_where_option(organiser.map(|IdOf(id)| column(enquiry::Column::OrganiserId).eq(id)));
        select.and_where_option(institution.map(|IdOf(id)| column(enquiry::Column::InstitutionId).eq(id)));
        select.and_where_option(is_assigned.map(|is| match is {
            true => column(enquiry::Column::OrganiserId).is_not_null(),
            false => column(enquiry::Column::OrganiserId).is_null(),
        }));
        if organiser.is_some() || is_assigned.is_some() {
            // Who works an enquiry is nothing that its writer may find out.
            select.cond_where(wholly_readable_enquiries(viewer).condition());
        }
        if let Some(Text(slug)) = alliance {
            select.and_where(column(enquiry::Column::AllianceId).eq(alliance_called(slug)));
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(enquiry::Column::iter().map(|column| (enquiry::Entity, column)));
    }
}

/// The steps of an enquiry, the latest first. Who lists them has been found to see all of the enquiry.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Steps;

impl Listed for Steps {
    type Row = enquiry_step::Model;

    fn order(&self) -> Order {
        let key = Expr::col((enquiry_step::Entity, enquiry_step::Column::CreatedAt));
        Order { name: "enquiry_steps.created.desc", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        Expr::col((enquiry_step::Entity, enquiry_step::Column::Id))
    }

    fn rows(&self, _: &App, _: &Viewer, parent: Option<Expr>) -> SelectStatement {
        let mut select = Query::select();
        select.from(enquiry_step::Entity);
        select.and_where_option(parent.map(|id| Expr::col((enquiry_step::Entity, enquiry_step::Column::EnquiryId)).eq(id)));
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(enquiry_step::Column::iter().map(|column| (enquiry_step::Entity, column)));
    }
}
