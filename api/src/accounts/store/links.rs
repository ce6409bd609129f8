//! Every SQL statement about links: what whoever holds one may do once.

use alliance_entity::account_link::{self, LinkPurpose};
use alliance_entity::id::{AccountId, AccountLinkId};
use alliance_entity::{account, account_role};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Condition, Expr, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use crate::accounts::store;
use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;

/// Notes that a link is to be sent.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(txn: &Transaction, row: account_link::Model) -> Result<()> {
    account_link::Entity::insert(row.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// A link by its id.
///
/// # Errors
/// Where the database does not answer.
pub async fn find(db: &impl ConnectionTrait, id: AccountLinkId) -> Result<Option<account_link::Model>> {
    Ok(account_link::Entity::find_by_id(id).one(db).await?)
}

/// A link that can still be used, by the hash of its token.
///
/// # Errors
/// Where the database does not answer.
pub async fn find_live(db: &impl ConnectionTrait, hash: &str, now: DateTime<Utc>) -> Result<Option<account_link::Model>> {
    Ok(live(hash, now).one(db).await?)
}

/// The same, held against others who would use it.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_live(txn: &Transaction, hash: &str, now: DateTime<Utc>) -> Result<Option<account_link::Model>> {
    Ok(live(hash, now).lock_exclusive().one(txn).await?)
}

fn live(hash: &str, now: DateTime<Utc>) -> sea_orm::Select<account_link::Entity> {
    account_link::Entity::find()
        .filter(account_link::Column::TokenHash.eq(hash))
        .filter(account_link::Column::UsedAt.is_null())
        .filter(account_link::Column::ExpiresAt.gt(now))
}

/// What a link depends on besides itself.
#[derive(Debug)]
pub struct Standing {
    /// Whether the installation has an operator or an admin.
    pub is_run: bool,
    /// Who sent an invitation, with their roles and whether their alliances want a second factor.
    pub inviter: Option<(account::Model, Vec<(account_role::Model, bool)>)>,
}

/// What a link depends on besides itself, as it is now.
///
/// # Errors
/// Where the database does not answer.
pub async fn standing(db: &impl ConnectionTrait, link: &account_link::Model) -> Result<Standing> {
    let inviter = match link.invited_by {
        Some(id) => match store::find(db, id).await? {
            Some(inviter) => Some((inviter, store::roles::with_rule(db, id).await?)),
            None => None,
        },
        None => None,
    };
    Ok(Standing { is_run: store::is_run(db).await?, inviter })
}

/// Gives a link its token, by the hash. One that was sent before is no longer valid then.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_token(db: &impl ConnectionTrait, id: AccountLinkId, hash: String) -> Result<()> {
    let set = account_link::Entity::update_many().col_expr(account_link::Column::TokenHash, Expr::val(hash));
    set.filter(account_link::Column::Id.eq(id)).exec(db).await?;
    Ok(())
}

/// Uses a link up, and every other for the same purpose of the same address.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_used(txn: &Transaction, link: &account_link::Model, now: DateTime<Utc>) -> Result<()> {
    let used = account_link::Entity::update_many().col_expr(account_link::Column::UsedAt, Expr::val(now));
    let which = match link.purpose {
        // Other alliances' invitations stand, and so does what another account asked for.
        LinkPurpose::Invitation | LinkPurpose::EmailChange => Condition::all().add(account_link::Column::Id.eq(link.id)),
        LinkPurpose::Registration | LinkPurpose::Setup | LinkPurpose::PasswordReset => Condition::all()
            .add(account_link::Column::Purpose.eq(link.purpose))
            .add(account_link::Column::EmailKey.eq(&link.email_key)),
    };
    used.filter(which).filter(account_link::Column::UsedAt.is_null()).exec(txn).await?;
    Ok(())
}

/// Deletes the links by which somebody could still take an account over: those that set a password, and those to another address.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_pending(txn: &Transaction, account: &account::Model) -> Result<()> {
    let resets = Condition::all()
        .add(account_link::Column::Purpose.eq(LinkPurpose::PasswordReset))
        .add(account_link::Column::EmailKey.eq(&account.email_key));
    let moves = Condition::all()
        .add(account_link::Column::Purpose.eq(LinkPurpose::EmailChange))
        .add(account_link::Column::AccountId.eq(account.id));
    let pending = account_link::Entity::delete_many().filter(Condition::any().add(resets).add(moves));
    pending.filter(account_link::Column::UsedAt.is_null()).exec(txn).await?;
    Ok(())
}

/// Deletes the invitations of an address to an alliance that have not been taken up.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_invitations(txn: &Transaction, like: &account_link::Model) -> Result<()> {
    let open = account_link::Entity::delete_many()
        .filter(account_link::Column::Purpose.eq(LinkPurpose::Invitation))
        .filter(account_link::Column::EmailKey.eq(&like.email_key))
        .filter(account_link::Column::AllianceId.eq(like.alliance_id))
        .filter(account_link::Column::UsedAt.is_null());
    open.exec(txn).await?;
    Ok(())
}

/// Deletes the links to an address for a purpose that have not been used.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_unused(app: &App, email_key: &str, purpose: LinkPurpose) -> Result<()> {
    let unused = account_link::Entity::delete_many()
        .filter(account_link::Column::EmailKey.eq(email_key))
        .filter(account_link::Column::Purpose.eq(purpose))
        .filter(account_link::Column::UsedAt.is_null());
    unused.exec(app.db().write()).await?;
    Ok(())
}

/// Deletes the links of an account, of its address, and of the addresses that it had.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_of(txn: &Transaction, account: &account::Model) -> Result<()> {
    account_link::Entity::delete_many().filter(own(txn, account).await?).exec(txn).await?;
    Ok(())
}

/// The same links, the newest first.
///
/// # Errors
/// Where the database does not answer.
pub async fn all_of(db: &impl ConnectionTrait, account: &account::Model) -> Result<Vec<account_link::Model>> {
    let own = account_link::Entity::find().filter(own(db, account).await?);
    Ok(own.order_by_desc(account_link::Column::Id).all(db).await?)
}

async fn own(db: &impl ConnectionTrait, account: &account::Model) -> Result<Condition> {
    let former = Condition::all()
        .add(account_link::Column::AccountId.is_null())
        .add(account_link::Column::EmailKey.is_in(former_addresses(db, account.id).await?));
    Ok(Condition::any()
        .add(account_link::Column::AccountId.eq(account.id))
        .add(account_link::Column::EmailKey.eq(&account.email_key))
        .add(former))
}

/// The keys of the addresses that an account has shown to be its own, as far as that is still known, and that nobody else has now.
///
/// # Errors
/// Where the database does not answer.
pub async fn former_addresses(db: &impl ConnectionTrait, id: AccountId) -> Result<Vec<String>> {
    let mut others = Query::select();
    others.column(account::Column::EmailKey).from(account::Entity).and_where(account::Column::Id.ne(id));
    let keys = account_link::Entity::find()
        .select_only()
        .column(account_link::Column::EmailKey)
        .distinct()
        .filter(account_link::Column::AccountId.eq(id))
        // Whoever asks for a change to an address has yet to show that it is theirs.
        .filter(account_link::Column::UsedAt.is_not_null())
        .filter(account_link::Column::EmailKey.not_in_subquery(others));
    Ok(keys.into_tuple().all(db).await?)
}
