//! Every SQL statement about roles.

use std::collections::HashMap;

use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{AccountId, AllianceId};
use alliance_entity::{account, alliance};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationDef,
};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::loader::Load;
use crate::policy::accounts::readable_roles;
use crate::viewer::Viewer;

/// The roles of an account, as a key to load them by: all of them for the account itself, and those in their own alliances for
/// admins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RolesOf(pub AccountId);

impl Load for RolesOf {
    type Value = Vec<account_role::Model>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let accounts = keys.iter().map(|Self(id)| *id);
        let found = account_role::Entity::find()
            .filter(account_role::Column::AccountId.is_in(accounts))
            .filter(readable_roles(viewer).condition())
            .order_by_asc(account_role::Column::AllianceId)
            .order_by_asc(account_role::Column::Role)
            .all(app.db().read())
            .await?;
        let mut roles: HashMap<Self, Self::Value> = keys.iter().map(|key| (*key, Vec::new())).collect();
        for role in found {
            roles.entry(Self(role.account_id)).or_default().push(role);
        }
        Ok(roles)
    }
}

/// The roles of an account.
///
/// # Errors
/// Where the database does not answer.
pub async fn of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<account_role::Model>> {
    let of = account_role::Entity::find().filter(account_role::Column::AccountId.eq(account));
    Ok(of.order_by_asc(account_role::Column::AllianceId).order_by_asc(account_role::Column::Role).all(db).await?)
}

/// The roles of an account, each with whether its alliance wants a second factor of its staff.
///
/// # Errors
/// Where the database does not answer.
pub async fn with_rule(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<(account_role::Model, bool)>> {
    let roles = of(db, account).await?;
    if roles.is_empty() {
        return Ok(Vec::new());
    }
    let named = alliance::Entity::find()
        .filter(alliance::Column::Id.is_in(roles.iter().map(|role| role.alliance_id)))
        .filter(alliance::Column::TwoFactorRequired.eq(true))
        .all(db)
        .await?;
    let strict = |role: &account_role::Model| named.iter().any(|alliance| alliance.id == role.alliance_id);
    Ok(roles
        .into_iter()
        .map(|role| {
            let is_strict = strict(&role);
            (role, is_strict)
        })
        .collect())
}

/// Gives an account a role; says whether it had it not yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(
    txn: &Transaction,
    (account_id, alliance_id, role): (AccountId, AllianceId, Role),
    granted_at: DateTime<Utc>,
) -> Result<bool> {
    let row = account_role::Model { account_id, alliance_id, role, granted_at };
    let key = [account_role::Column::AccountId, account_role::Column::AllianceId, account_role::Column::Role];
    let insert = account_role::Entity::insert(row.into_active_model());
    let insert = insert.on_conflict(OnConflict::columns(key).do_nothing().to_owned());
    Ok(insert.exec_without_returning(txn).await? > 0)
}

/// Takes a role from an account; says whether it had it.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, account: AccountId, alliance: AllianceId, role: Role) -> Result<bool> {
    let deleted = account_role::Entity::delete_by_id((account, alliance, role)).exec(txn).await?;
    Ok(deleted.rows_affected > 0)
}

/// Holds an alliance's roles against others who would change them until the transaction ends.
///
/// # Errors
/// [`Error::NotFound`] where there is no such alliance: an operator may name any.
pub async fn lock(txn: &Transaction, alliance: AllianceId) -> Result<()> {
    let held = alliance::Entity::find_by_id(alliance).lock_exclusive().one(txn).await?;
    held.map(drop).ok_or(Error::NotFound("alliance"))
}

/// Whether some alliance has an admin.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_any_admin(db: &impl ConnectionTrait) -> Result<bool> {
    let admins = account_role::Entity::find().filter(account_role::Column::Role.eq(Role::Admin));
    Ok(admins.limit(1).one(db).await?.is_some())
}

/// How many accounts beside this one are admins of an alliance and can sign in.
///
/// # Errors
/// Where the database does not answer.
pub async fn count_other_admins(txn: &Transaction, alliance: AllianceId, beside: AccountId) -> Result<u64> {
    let others = account_role::Entity::find()
        .join(JoinType::InnerJoin, account_of_role())
        .filter(account_role::Column::AllianceId.eq(alliance))
        .filter(account_role::Column::Role.eq(Role::Admin))
        .filter(account_role::Column::AccountId.ne(beside))
        .filter(account::Column::DisabledAt.is_null());
    Ok(others.count(txn).await?)
}

fn account_of_role() -> RelationDef {
    account_role::Entity::belongs_to(account::Entity).from(account_role::Column::AccountId).to(account::Column::Id).into()
}
