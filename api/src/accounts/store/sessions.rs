//! Every SQL statement about sessions and their refresh tokens.

use std::collections::HashMap;

use alliance_entity::id::{AccountId, SessionId};
use alliance_entity::{account, refresh_token, session};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::viewer::Viewer;

/// The sessions that an account is signed in with, the newest first, as a key to load them by. Nobody but the account sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionsOf(pub AccountId);

impl Load for SessionsOf {
    type Value = Vec<session::Model>;

    async fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let own = keys.into_iter().filter(|Self(id)| viewer.account().is_some_and(|account| account.account == *id));
        let mut sessions = HashMap::new();
        for key in own {
            sessions.insert(key, live_of(app.db().read(), key.0, app.clock().now()).await?);
        }
        Ok(sessions)
    }
}

/// The sessions of an account that have not ended.
///
/// # Errors
/// Where the database does not answer.
pub async fn live_of(db: &impl ConnectionTrait, account: AccountId, now: DateTime<Utc>) -> Result<Vec<session::Model>> {
    let live = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::Id);
    Ok(live.all(db).await?)
}

/// Whether somebody has signed in from this network to the account with this address.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_known(db: &impl ConnectionTrait, email_key: &str, network: &str) -> Result<bool> {
    let mut of = Query::select();
    of.column(account::Column::Id).from(account::Entity).and_where(account::Column::EmailKey.eq(email_key));
    let known = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(session::Column::AccountId.in_subquery(of))
        .filter(session::Column::Network.eq(network));
    Ok(known.into_tuple::<SessionId>().one(db).await?.is_some())
}

/// Every session of an account that is still kept, ended ones too.
///
/// # Errors
/// Where the database does not answer.
pub async fn all_of(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<session::Model>> {
    let all = session::Entity::find().filter(session::Column::AccountId.eq(account)).order_by_desc(session::Column::Id);
    Ok(all.all(db).await?)
}

/// A session that has not ended, with its account.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_live(
    db: &impl ConnectionTrait,
    id: SessionId,
    now: DateTime<Utc>,
) -> Result<Option<(session::Model, account::Model)>> {
    let found =
        session::Entity::find_by_id(id).filter(session::Column::EndedAt.is_null()).filter(session::Column::ExpiresAt.gt(now));
    let Some(session) = found.one(db).await? else { return Ok(None) };
    let account = account::Entity::find_by_id(session.account_id).filter(account::Column::DisabledAt.is_null());
    Ok(account.one(db).await?.map(|account| (session, account)))
}

/// Begins a session with its first refresh token.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: session::Model, hash: String) -> Result<()> {
    let (session_id, created_at) = (row.id, row.created_at);
    session::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    insert_token(txn, hash, session_id, created_at).await
}

/// Adds a refresh token to a session.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert_token(txn: &Transaction, hash: String, session_id: SessionId, created_at: DateTime<Utc>) -> Result<()> {
    let row = refresh_token::Model { hash, session_id, created_at, replaced_at: None };
    refresh_token::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// A refresh token by its hash.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_token(db: &impl ConnectionTrait, hash: &str) -> Result<Option<refresh_token::Model>> {
    Ok(refresh_token::Entity::find_by_id(hash).one(db).await?)
}

/// A refresh token by its hash, held against others who would replace it.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_token(txn: &Transaction, hash: &str) -> Result<Option<refresh_token::Model>> {
    Ok(refresh_token::Entity::find_by_id(hash).lock_exclusive().one(txn).await?)
}

/// Notes that a refresh token has been replaced, and that its session goes on.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_replaced(
    txn: &Transaction,
    token: &refresh_token::Model,
    now: DateTime<Utc>,
    expires_at: DateTime<Utc>,
) -> Result<()> {
    let replaced = refresh_token::Entity::update_many().col_expr(refresh_token::Column::ReplacedAt, Expr::val(now));
    replaced.filter(refresh_token::Column::Hash.eq(&token.hash)).exec(txn).await?;
    let used = session::Entity::update_many()
        .col_expr(session::Column::UsedAt, Expr::val(now))
        .col_expr(session::Column::ExpiresAt, Expr::val(expires_at));
    used.filter(session::Column::Id.eq(token.session_id)).exec(txn).await?;
    Ok(())
}

/// Ends one session; says whether it had not ended yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_ended(txn: &Transaction, id: SessionId, now: DateTime<Utc>) -> Result<bool> {
    let ended = session::Entity::update_many().col_expr(session::Column::EndedAt, Expr::val(now));
    let ended = ended.filter(session::Column::Id.eq(id)).filter(session::Column::EndedAt.is_null()).exec(txn).await?;
    Ok(ended.rows_affected > 0)
}

/// Ends the sessions of an account, but for the one to keep; says how many.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_all_ended(txn: &Transaction, account: AccountId, keep: Option<SessionId>, now: DateTime<Utc>) -> Result<u64> {
    let mut ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::val(now))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::EndedAt.is_null());
    if let Some(keep) = keep {
        ended = ended.filter(session::Column::Id.ne(keep));
    }
    Ok(ended.exec(txn).await?.rows_affected)
}
