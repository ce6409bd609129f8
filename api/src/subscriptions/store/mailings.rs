//! Every SQL statement about posts that go out by mail: who is told, and what became of it.

use std::collections::HashMap;

use alliance_entity::email_subscription::{self, EmailFrequency, EmailSubscriptionState};
use alliance_entity::id::{EmailSubscriptionId, PostId, SubscriptionMailId};
use alliance_entity::subscription_mail::{self, SubscriptionMailState};
use alliance_entity::{email_subscription_topic, post, post_mailing, subscription_mail_post};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Statement,
};
use uuid::Uuid;

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::Result;
use crate::loader::Load;
use crate::viewer::Viewer;

/// How many are written down at once.
pub const BATCH: u64 = 500;

/// Notes that a post goes out, where that is new, and returns how far that has come.
///
/// # Errors
/// Where the database does not answer.
pub async fn begin(app: &App, post: &post::Model, published_at: DateTime<Utc>) -> Result<Option<post_mailing::Model>> {
    let row = post_mailing::Model {
        post_id: post.id,
        alliance_id: post.alliance_id,
        published_at,
        reached: None,
        gathered_at: None,
        closed_at: None,
        audience: 0,
        sent: 0,
        failed: 0,
        uncertain: 0,
        suppressed: 0,
    };
    let known = OnConflict::column(post_mailing::Column::PostId).do_nothing().to_owned();
    let insert = post_mailing::Entity::insert(row.into_active_model()).on_conflict(known);
    insert.exec_without_returning(app.db().write()).await?;
    Ok(post_mailing::Entity::find_by_id(post.id).one(app.db().write()).await?)
}

/// How far it has come, held against others who gather its audience.
///
/// # Errors
/// Where the database does not answer.
pub async fn lock(txn: &Transaction, post: PostId) -> Result<Option<post_mailing::Model>> {
    Ok(post_mailing::Entity::find_by_id(post).lock_exclusive().one(txn).await?)
}

/// Writes down how far it has come.
///
/// # Errors
/// Where the database does not answer.
pub async fn set(txn: &Transaction, row: post_mailing::Model) -> Result<()> {
    post_mailing::Entity::update(row.into_active_model().reset_all()).exec(txn).await?;
    Ok(())
}

/// Somebody who is told.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct Told {
    /// Whose subscription.
    pub id: EmailSubscriptionId,
    /// How soon.
    pub frequency: EmailFrequency,
}

/// The next of those who had confirmed by the time of a post and want to be told of one of these topics.
///
/// # Errors
/// Where the database does not answer.
pub async fn audience(txn: &Transaction, mailing: &post_mailing::Model, topics: &[Uuid]) -> Result<Vec<Told>> {
    let column = |column| (email_subscription::Entity, column);
    let mut about = Query::select();
    about
        .expr(Expr::val(1))
        .from(email_subscription_topic::Entity)
        .and_where(
            Expr::col((email_subscription_topic::Entity, email_subscription_topic::Column::SubscriptionId))
                .equals(column(email_subscription::Column::Id)),
        )
        .and_where(email_subscription_topic::Column::TopicId.is_in(topics.iter().copied()));
    let mut next = email_subscription::Entity::find()
        .select_only()
        .columns([email_subscription::Column::Id, email_subscription::Column::Frequency])
        .filter(email_subscription::Column::AllianceId.eq(mailing.alliance_id))
        .filter(email_subscription::Column::State.eq(EmailSubscriptionState::Confirmed))
        .filter(email_subscription::Column::ConfirmedAt.lte(mailing.published_at))
        .filter(Expr::exists(about))
        .order_by_asc(email_subscription::Column::Id)
        .limit(BATCH);
    if let Some(reached) = mailing.reached {
        next = next.filter(email_subscription::Column::Id.gt(reached));
    }
    Ok(next.into_model().all(txn).await?)
}

/// When a mail may go, by the database's clock: a digest at its time, another at once.
#[derive(Debug, Clone, Copy)]
pub struct Due {
    /// In milliseconds since 1970.
    pub at: i64,
    /// Whether it is a digest.
    pub is_digest: bool,
}

/// Writes down mails to each of these that tell of a post. A digest that waits already tells of it, too.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert_mails(
    txn: &Transaction,
    mailing: &post_mailing::Model,
    due: Due,
    told: &[EmailSubscriptionId],
    now: DateTime<Utc>,
) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let mails: Vec<subscription_mail::Model> = told
        .iter()
        .map(|subscription| subscription_mail::Model {
            id: crate::id::new(now),
            alliance_id: mailing.alliance_id,
            subscription_id: Some(*subscription),
            is_digest: due.is_digest,
            state: SubscriptionMailState::Waiting,
            due: due.at,
            lease: None,
            attempt: 0,
            created_at: now,
        })
        .collect();
    let mut ids: Vec<(EmailSubscriptionId, SubscriptionMailId)> =
        told.iter().copied().zip(mails.iter().map(|mail| mail.id)).collect();
    let rows = subscription_mail::Entity::insert_many(mails.into_iter().map(IntoActiveModel::into_active_model));
    if due.is_digest {
        rows.on_conflict(OnConflict::new().do_nothing().to_owned()).exec_without_returning(txn).await?;
        ids = digests(txn, due.at, told).await?;
    } else {
        rows.exec_without_returning(txn).await?;
    }
    let rows = ids.into_iter().map(|(subscription, mail_id)| {
        let row = subscription_mail_post::Model {
            post_id: mailing.post_id,
            mail_id,
            subscription_id: Some(subscription),
            left_out: false,
        };
        row.into_active_model()
    });
    let known = OnConflict::new().do_nothing().to_owned();
    subscription_mail_post::Entity::insert_many(rows).on_conflict(known).exec_without_returning(txn).await?;
    Ok(())
}

/// The digests of this time that wait.
async fn digests(
    txn: &Transaction,
    due: i64,
    told: &[EmailSubscriptionId],
) -> Result<Vec<(EmailSubscriptionId, SubscriptionMailId)>> {
    let waiting = subscription_mail::Entity::find()
        .select_only()
        .columns([subscription_mail::Column::SubscriptionId, subscription_mail::Column::Id])
        .filter(subscription_mail::Column::IsDigest.eq(true))
        .filter(subscription_mail::Column::State.eq(SubscriptionMailState::Waiting))
        .filter(subscription_mail::Column::Due.eq(due))
        .filter(subscription_mail::Column::SubscriptionId.is_in(told.iter().copied()));
    Ok(waiting.into_tuple().all(txn).await?)
}

/// The database's time, in milliseconds since 1970.
///
/// # Errors
/// Where the database does not answer.
pub async fn time(db: &impl ConnectionTrait, app: &App) -> Result<i64> {
    let backend = app.db().backend();
    let sql = format!("SELECT {}", app.db().bell().time(backend));
    let row = db.query_one_raw(Statement::from_string(backend, sql)).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

/// What became of a post's mails, as a key to load it by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailsOf(pub PostId);

/// What is known of a post's mails.
#[derive(Debug, Clone)]
pub struct Known {
    /// The post that went out, with sums that were kept.
    pub mailing: post_mailing::Model,
    /// How many of its mails are in each state.
    pub counts: Vec<(SubscriptionMailState, i64)>,
}

impl Load for MailsOf {
    type Value = Known;

    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let posts: Vec<PostId> = keys.iter().map(|key| key.0).collect();
        let which = post_mailing::Column::PostId.is_in(posts.iter().copied());
        let rows = post_mailing::Entity::find().filter(which).all(app.db().read()).await?;
        let known = |mailing: post_mailing::Model| (Self(mailing.post_id), Known { mailing, counts: Vec::new() });
        let mut all: HashMap<Self, Known> = rows.into_iter().map(known).collect();
        let listed: Vec<String> = (1..=posts.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "SELECT told.post_id, CASE WHEN told.left_out THEN 'SUPPRESSED' ELSE mail.state END AS state, COUNT(*) AS total \
             FROM subscription_mail_posts AS told JOIN subscription_mails AS mail ON mail.id = told.mail_id \
             WHERE told.post_id IN ({}) GROUP BY 1, 2",
            listed.join(", ")
        );
        let values = posts.into_iter().map(|post| post.0.into());
        let rows = app.db().read().query_all_raw(Statement::from_sql_and_values(app.db().backend(), sql, values)).await?;
        for row in rows {
            if let Some(known) = all.get_mut(&Self(row.try_get("", "post_id")?)) {
                known.counts.push((row.try_get("", "state")?, row.try_get("", "total")?));
            }
        }
        Ok(all)
    }
}
