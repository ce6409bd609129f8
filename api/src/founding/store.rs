//! The SQL that counts what an alliance has, and deletes it with the alliance.

use alliance_entity::account_role;
use alliance_entity::id::{AccountId, AllianceId};
use alliance_entity::{
    account, account_link, alliance, api_key, campaign, email_subscription, enquiry, event, former_slug, institution, person,
    post, reaction, reaction_counter, rendered_text, search_document,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use crate::database::transaction::Transaction;
use crate::demo;
use crate::error::Result;
use crate::founding::Holdings;

/// Whose things are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Everybody's.
    All,
    /// Those that others made or changed since the demo was written; the account that asks is none of them.
    Others(Option<AccountId>),
}

/// The demo's alliance, held until the transaction ends.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock_demo(txn: &Transaction) -> Result<Option<alliance::Model>> {
    Ok(alliance::Entity::find_by_id(demo::alliance_id()).lock_exclusive().one(txn).await?)
}

/// The demo's accounts, but for the one that asks.
///
/// # Errors
/// Where the database does not answer.
pub async fn demo_accounts(txn: &Transaction, asking: Option<AccountId>) -> Result<Vec<AccountId>> {
    let found = account::Entity::find().filter(account::Column::EmailKey.is_in(demo::accounts::emails())).all(txn).await?;
    Ok(found.into_iter().map(|account| account.id).filter(|id| Some(*id) != asking).collect())
}

/// How many of each an alliance has.
///
/// # Errors
/// Where the database does not answer.
pub async fn count(txn: &Transaction, alliance: AllianceId, whose: Whose) -> Result<Holdings> {
    let reactions = reaction::Entity::find().filter(on_content(reaction::Column::SubjectId, alliance));
    let reactions = match whose {
        Whose::All => reactions,
        Whose::Others(_) => reactions.filter(of_the_demo().not()),
    };
    let mut members = account_role::Entity::find()
        .select_only()
        .column(account_role::Column::AccountId)
        .distinct()
        .filter(account_role::Column::AllianceId.eq(alliance));
    if let Whose::Others(asking) = whose {
        let mut own = Query::select();
        own.column(account::Column::Id).from(account::Entity);
        own.and_where(account::Column::EmailKey.is_in(demo::accounts::emails()));
        members = members.filter(account_role::Column::AccountId.not_in_subquery(own));
        members =
            members.filter(asking.map_or_else(Condition::all, |id| Condition::all().add(account_role::Column::AccountId.ne(id))));
    }
    let enquiries = enquiry::Entity::find().filter(enquiry::Column::AllianceId.eq(alliance));
    let keys = api_key::Entity::find().filter(api_key::Column::AllianceId.eq(alliance));
    let subscriptions = email_subscription::Entity::find().filter(email_subscription::Column::AllianceId.eq(alliance));
    Ok(Holdings {
        posts: number::<post::Entity>(txn, alliance, whose).await?,
        campaigns: number::<campaign::Entity>(txn, alliance, whose).await?,
        events: number::<event::Entity>(txn, alliance, whose).await?,
        institutions: number::<institution::Entity>(txn, alliance, whose).await?,
        people: number::<person::Entity>(txn, alliance, whose).await?,
        reactions: reactions.count(txn).await?,
        enquiries: enquiries.count(txn).await?,
        accounts: members.into_tuple::<AccountId>().all(txn).await?.len() as u64,
        api_keys: keys.count(txn).await?,
        email_subscriptions: subscriptions.count(txn).await?,
    })
}

async fn number<E>(txn: &Transaction, alliance: AllianceId, whose: Whose) -> Result<u64>
where
    E: EntityTrait<Model: Send + Sync>,
{
    let all = E::find().filter(Expr::col("alliance_id").eq(alliance));
    let counted = match whose {
        Whose::All => all,
        // What the demo wrote counts as somebody's once they have changed it.
        Whose::Others(_) => all.filter(of_the_demo().add(Expr::col("version").eq(1)).not()),
    };
    Ok(counted.count(txn).await?)
}

/// The ids that the demo gives.
fn of_the_demo() -> Condition {
    let (first, last) = (AllianceId::new(demo::BORN, [0; 10]), AllianceId::new(demo::BORN, [0xff; 10]));
    Condition::all().add(Expr::col("id").gte(first)).add(Expr::col("id").lte(last))
}

/// What is about a post, a campaign or an event of an alliance.
fn on_content(subject: impl ColumnTrait, alliance: AllianceId) -> Condition {
    let ids = |mut of: SelectStatement| of.and_where(Expr::col("alliance_id").eq(alliance)).to_owned();
    let posts = ids(Query::select().column(post::Column::Id).from(post::Entity).to_owned());
    let campaigns = ids(Query::select().column(campaign::Column::Id).from(campaign::Entity).to_owned());
    let events = ids(Query::select().column(event::Column::Id).from(event::Entity).to_owned());
    Condition::any().add(subject.in_subquery(posts)).add(subject.in_subquery(campaigns)).add(subject.in_subquery(events))
}

/// Deletes an alliance with all that is its own.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, id: AllianceId) -> Result<()> {
    reaction::Entity::delete_many().filter(on_content(reaction::Column::SubjectId, id)).exec(txn).await?;
    let sums = reaction_counter::Entity::delete_many().filter(on_content(reaction_counter::Column::SubjectId, id));
    sums.exec(txn).await?;
    // Posts name people and events, and what is linked goes with either end.
    all_of::<search_document::Entity>(txn, id).await?;
    all_of::<rendered_text::Entity>(txn, id).await?;
    all_of::<former_slug::Entity>(txn, id).await?;
    all_of::<post::Entity>(txn, id).await?;
    all_of::<enquiry::Entity>(txn, id).await?;
    all_of::<event::Entity>(txn, id).await?;
    all_of::<campaign::Entity>(txn, id).await?;
    all_of::<institution::Entity>(txn, id).await?;
    all_of::<person::Entity>(txn, id).await?;
    all_of::<api_key::Entity>(txn, id).await?;
    all_of::<account_link::Entity>(txn, id).await?;
    all_of::<account_role::Entity>(txn, id).await?;
    alliance::Entity::delete_by_id(id).exec(txn).await?;
    Ok(())
}

async fn all_of<E: EntityTrait>(txn: &Transaction, alliance: AllianceId) -> Result<()> {
    E::delete_many().filter(Expr::col("alliance_id").eq(alliance)).exec(txn).await?;
    Ok(())
}

/// Deletes accounts with all that hangs on them.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete_accounts(txn: &Transaction, ids: &[AccountId]) -> Result<()> {
    let mut addresses = Query::select();
    addresses.column(account::Column::EmailKey).from(account::Entity).and_where(account::Column::Id.is_in(ids.iter().copied()));
    let links = account_link::Entity::delete_many().filter(account_link::Column::EmailKey.in_subquery(addresses));
    links.exec(txn).await?;
    account::Entity::delete_many().filter(account::Column::Id.is_in(ids.iter().copied())).exec(txn).await?;
    Ok(())
}
