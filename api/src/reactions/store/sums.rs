//! The sums of subjects, and whether they may be told.

use std::collections::HashMap;

use alliance_entity::reaction::{ReactionKind, SubjectType};
use alliance_entity::{campaign, event_campaign, post_campaign, reaction_counter};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, IntoTableRef, OnConflict, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use uuid::Uuid;

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::viewer::Viewer;

/// The sums of a subject, as a key to load them by. Who holds the id of a subject has read it, so that nothing else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SumsOf {
    /// What kind of subject.
    pub on: SubjectType,
    /// Which.
    pub id: Uuid,
}

/// How many reactions count, and whether those who gave them must not be found out.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// How many of each kind.
    pub counts: HashMap<ReactionKind, i64>,
    /// Whether it is, or belongs to, a campaign that is sensitive.
    pub is_sensitive: bool,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    /// None where the row says that the subject is sensitive.
    kind: Option<ReactionKind>,
    total: i64,
}

impl Load for SumsOf {
    type Value = Sums;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let (mut types, by_id): (Vec<SubjectType>, HashMap<Uuid, Self>) =
            (keys.iter().map(|key| key.on).collect(), keys.iter().map(|key| (key.id, *key)).collect());
        types.sort_unstable_by_key(|on| *on as u8);
        types.dedup();
        let ids = |on: Option<SubjectType>| -> Vec<Uuid> {
            keys.iter().filter(|key| on.is_none_or(|on| key.on == on)).map(|key| key.id).collect()
        };
        let mut select = counters(ids(None));
        for on in types {
            select.union(UnionType::All, sensitive(on, ids(Some(on))));
        }
        let mut sums: HashMap<Self, Sums> = HashMap::new();
        for row in app.db().read().query_all(&select).await? {
            let Row { id, kind, total } = Row::from_query_result(&row, "")?;
            let Some(key) = by_id.get(&id) else { continue };
            let sums = sums.entry(*key).or_default();
            match kind {
                Some(kind) => drop(sums.counts.insert(kind, total)),
                None => sums.is_sensitive = true,
            }
        }
        Ok(sums)
    }
}

fn counters(ids: Vec<Uuid>) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr_as(Expr::col(reaction_counter::Column::SubjectId), "id")
        .expr_as(Expr::col(reaction_counter::Column::Kind), "kind")
        .expr_as(Expr::col(reaction_counter::Column::Total), "total")
        .from(reaction_counter::Entity)
        .and_where(reaction_counter::Column::SubjectId.is_in(ids));
    select
}

/// Those of the subjects that are sensitive campaigns, or belong to one.
fn sensitive(on: SubjectType, ids: Vec<Uuid>) -> SelectStatement {
    match on {
        SubjectType::Campaign => {
            let mut select = marks((campaign::Entity, campaign::Column::Id));
            select.from(campaign::Entity).and_where(campaign::Column::Id.is_in(ids));
            select.and_where(campaign::Column::IsSensitive.eq(true));
            select
        }
        SubjectType::Post => belonging(
            post_campaign::Entity,
            (post_campaign::Entity, post_campaign::Column::PostId),
            (post_campaign::Entity, post_campaign::Column::CampaignId),
            ids,
        ),
        SubjectType::Event => belonging(
            event_campaign::Entity,
            (event_campaign::Entity, event_campaign::Column::EventId),
            (event_campaign::Entity, event_campaign::Column::CampaignId),
            ids,
        ),
    }
}

fn belonging(
    links: impl IntoTableRef,
    subject: impl IntoColumnRef + Clone,
    of: impl IntoColumnRef,
    ids: Vec<Uuid>,
) -> SelectStatement {
    let mut select = marks(subject.clone());
    select.from(links).inner_join(campaign::Entity, Expr::col(of).equals((campaign::Entity, campaign::Column::Id)));
    select.and_where(Expr::col(subject).is_in(ids)).and_where(campaign::Column::IsSensitive.eq(true));
    select
}

fn marks(subject: impl IntoColumnRef) -> SelectStatement {
    let mut select = Query::select();
    select
        .expr_as(Expr::col(subject), "id")
        .expr_as(Expr::cust("CAST(NULL AS TEXT)"), "kind")
        .expr_as(Expr::cust("CAST(0 AS BIGINT)"), "total");
    select
}

/// Whether somebody who reacts to a subject must not be found out.
///
/// # Errors
/// Where the database does not answer.
pub async fn is_sensitive(txn: &Transaction, on: SubjectType, id: Uuid) -> Result<bool> {
    Ok(txn.query_one(&sensitive(on, vec![id])).await?.is_some())
}

/// Counts more reactions of a kind, or fewer, with the change of the reactions themselves.
///
/// # Errors
/// Where the database does not answer.
pub async fn add(txn: &Transaction, subject_id: Uuid, kind: ReactionKind, more: i64) -> Result<()> {
    use reaction_counter::Column;
    if more > 0 {
        let counter = reaction_counter::ActiveModel {
            subject_id: sea_orm::Set(subject_id),
            kind: sea_orm::Set(kind),
            total: sea_orm::Set(more),
        };
        let total = Expr::col((reaction_counter::Entity, Column::Total)).add(more);
        let again = OnConflict::columns([Column::SubjectId, Column::Kind]).value(Column::Total, total).to_owned();
        reaction_counter::Entity::insert(counter).on_conflict(again).exec_without_returning(txn).await?;
    } else if more < 0 {
        let fewer = reaction_counter::Entity::update_many().col_expr(Column::Total, Expr::col(Column::Total).add(more));
        fewer.filter(Column::SubjectId.eq(subject_id)).filter(Column::Kind.eq(kind)).exec(txn).await?;
    }
    Ok(())
}
