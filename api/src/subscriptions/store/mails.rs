//! Every SQL statement about mails to subscribers. A mail is claimed before it is handed over, and whoever does not tell in time what
//! came of it leaves it uncertain: it is never sent twice.

use std::time::Duration;

use alliance_entity::id::{AllianceId, EmailSubscriptionId, PostId, SubscriptionMailId};
use alliance_entity::post::PostStatus;
use alliance_entity::{alliance, email_subscription, post, post_revision, subscription_mail_post};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, Statement, Value};

use crate::app::App;
use crate::database::Database;
use crate::error::Result;

/// A mail that this process may hand over until its lease ends.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct Claimed {
    /// Which.
    pub id: SubscriptionMailId,
    /// Of which alliance.
    pub alliance_id: AllianceId,
    /// Whose; none where that is gone.
    pub subscription_id: Option<EmailSubscriptionId>,
    /// Whether it is a digest.
    pub is_digest: bool,
    /// Which attempt it is. Only who holds this number tells what came of it.
    pub attempt: i32,
}

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Whether a mail is due.
    pub is_due: bool,
    /// Whether somebody has not told in time what came of one.
    pub is_overdue: bool,
}

/// Looks what there is to do, and writes nothing.
///
/// # Errors
/// Where the database does not answer.
pub async fn look(db: &Database) -> Result<Look> {
    let time = db.bell().time(db.backend());
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM subscription_mails WHERE state = 'WAITING' AND due <= {time}), \
         EXISTS (SELECT 1 FROM subscription_mails WHERE state = 'SENDING' AND lease <= {time})"
    );
    let row = db.read().query_one_raw(Statement::from_string(db.backend(), sql)).await?;
    let Some(row) = row else { return Ok(Look { is_due: false, is_overdue: false }) };
    Ok(Look { is_due: row.try_get_by_index(0)?, is_overdue: row.try_get_by_index(1)? })
}

/// Nobody knows what came of mails whose lease has ended. Returns how many those are.
///
/// # Errors
/// Where the database does not answer.
pub async fn set_overdue_uncertain(db: &Database) -> Result<u64> {
    let time = db.bell().time(db.backend());
    let sql = format!("UPDATE subscription_mails SET state = 'UNCERTAIN' WHERE state = 'SENDING' AND lease <= {time}");
    Ok(db.write().execute_raw(Statement::from_string(db.backend(), sql)).await?.rows_affected())
}

/// Takes the mails that have been due for the longest, so many at most, and holds them for `lease`.
///
/// # Errors
/// Where the database does not answer.
pub async fn claim(db: &Database, most: u64, lease: Duration) -> Result<Vec<Claimed>> {
    let time = db.bell().time(db.backend());
    let skip = if db.is_sqlite() { "" } else { "FOR UPDATE SKIP LOCKED" };
    let sql = format!(
        "UPDATE subscription_mails SET state = 'SENDING', attempt = attempt + 1, lease = {time} + $1 WHERE id IN (\
           SELECT id FROM subscription_mails WHERE state = 'WAITING' AND due <= {time} ORDER BY due, id LIMIT $2 {skip}\
         ) RETURNING id, alliance_id, subscription_id, is_digest, attempt"
    );
    let values: [Value; 2] = [millis(lease).into(), i64::try_from(most).unwrap_or(i64::MAX).into()];
    let rows = db.write().query_all_raw(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
    Ok(rows.iter().map(|row| Claimed::from_query_result(row, "")).collect::<Result<_, _>>()?)
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX / 4)
}

/// What came of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken it.
    Sent,
    /// It never will.
    Failed,
    /// Nobody knows.
    Uncertain,
    /// It was not wanted any more.
    Suppressed,
    /// It was not sent, and waits for another try.
    Again(Duration),
}

/// Writes down what came of mails, where that is all the same. Whoever was late may still tell what they know: nobody else has sent them.
///
/// # Errors
/// Where the database does not answer.
pub async fn settle(db: &Database, outcome: Outcome, mails: &[Claimed]) -> Result<()> {
    let time = db.bell().time(db.backend());
    let (state, due) = match outcome {
        Outcome::Sent => ("SENT", String::new()),
        Outcome::Failed => ("FAILED", String::new()),
        Outcome::Uncertain => ("UNCERTAIN", String::new()),
        Outcome::Suppressed => ("SUPPRESSED", String::new()),
        Outcome::Again(wait) => ("WAITING", format!(", due = {time} + {}", millis(wait))),
    };
    let which: Vec<String> = (0..mails.len()).map(|at| format!("(id = ${} AND attempt = ${})", 2 * at + 1, 2 * at + 2)).collect();
    let sql = format!(
        "UPDATE subscription_mails SET state = '{state}', lease = NULL{due} WHERE state IN ('SENDING', 'UNCERTAIN') AND ({})",
        which.join(" OR ")
    );
    let values = mails.iter().flat_map(|mail| [Value::from(mail.id.0), Value::from(mail.attempt)]);
    db.write().execute_raw(Statement::from_sql_and_values(db.backend(), sql, values)).await?;
    Ok(())
}

/// A post that a mail tells of, as the public reads it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Told {
    /// Which mail.
    pub mail_id: SubscriptionMailId,
    /// Which post.
    pub id: PostId,
    /// Its name in addresses.
    pub slug: String,
    /// Where it stands.
    pub status: PostStatus,
    /// Since when it is deleted.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Its title.
    pub title: Option<String>,
    /// Its beginning.
    pub excerpt: Option<String>,
    /// Whether it says more.
    pub has_more: Option<bool>,
}

impl Told {
    /// Whether the public reads it now.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.status == PostStatus::Published && self.deleted_at.is_none()
    }
}

/// What mails need: whose they are, of which alliances, and what they tell of.
#[derive(Debug, Default)]
pub struct Needed {
    /// The subscriptions.
    pub subscriptions: Vec<email_subscription::Model>,
    /// The alliances.
    pub alliances: Vec<alliance::Model>,
    /// The posts of each mail, the oldest first.
    pub posts: Vec<Told>,
}

/// Reads what mails need, once for all of them.
///
/// # Errors
/// Where the database does not answer.
pub async fn needed(app: &App, mails: &[Claimed]) -> Result<Needed> {
    let db = app.db().read();
    let subscriptions = mails.iter().filter_map(|mail| mail.subscription_id);
    let subscriptions =
        email_subscription::Entity::find().filter(email_subscription::Column::Id.is_in(subscriptions)).all(db).await?;
    let alliances = alliance::Entity::find().filter(alliance::Column::Id.is_in(mails.iter().map(|mail| mail.alliance_id)));
    let rows = db.query_all(&posts(mails)).await?;
    let posts = rows.iter().map(|row| Told::from_query_result(row, "")).collect::<Result<_, _>>()?;
    Ok(Needed { subscriptions, alliances: alliances.all(db).await?, posts })
}

fn posts(mails: &[Claimed]) -> sea_orm::sea_query::SelectStatement {
    let told = |column| (subscription_mail_post::Entity, column);
    let of_post = |column| (post::Entity, column);
    let revision = |column| (post_revision::Entity, column);
    let mut select = Query::select();
    select
        .column(told(subscription_mail_post::Column::MailId))
        .columns([post::Column::Id, post::Column::Slug, post::Column::Status, post::Column::DeletedAt].map(of_post))
        .columns([post_revision::Column::Title, post_revision::Column::Excerpt, post_revision::Column::HasMore].map(revision))
        .from(subscription_mail_post::Entity)
        .inner_join(post::Entity, Expr::col(of_post(post::Column::Id)).equals(told(subscription_mail_post::Column::PostId)))
        .join(
            JoinType::LeftJoin,
            post_revision::Entity,
            Expr::col(revision(post_revision::Column::Id)).equals(of_post(post::Column::LiveRevisionId)),
        )
        .and_where(Expr::col(told(subscription_mail_post::Column::MailId)).is_in(mails.iter().map(|mail| mail.id)))
        .order_by(of_post(post::Column::FirstPublishedAt), Order::Asc)
        .order_by(of_post(post::Column::Id), Order::Asc);
    select
}

/// Notes that a mail goes without a post, which is not public now.
///
/// # Errors
/// Where the database does not answer.
pub async fn leave_out(db: &Database, told: &Told) -> Result<()> {
    let left = subscription_mail_post::Entity::update_many()
        .col_expr(subscription_mail_post::Column::LeftOut, Expr::val(true))
        .filter(subscription_mail_post::Column::MailId.eq(told.mail_id))
        .filter(subscription_mail_post::Column::PostId.eq(told.id));
    left.exec(db.write()).await?;
    Ok(())
}
