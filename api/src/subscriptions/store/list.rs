//! The SQL of the list of subscriptions, and of their counts.

use alliance_entity::email_subscription::{self, EmailSubscriptionState};
use alliance_entity::email_subscription_topic;
use alliance_entity::id::{AllianceId, CampaignId, InstitutionId};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, Iterable};
use uuid::Uuid;

use crate::app::App;
use crate::error::Result;
use crate::page::cursor::Key;
use crate::page::store::{Listed, Order};
use crate::policy::Action;
use crate::policy::subscriptions::{countable_subscriptions, readable_subscriptions};
use crate::subscriptions::EmailSubscriptionFilter;
use crate::subscriptions::topic::Topic;
use crate::viewer::Viewer;

/// The subscriptions of an alliance, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subscriptions {
    /// Whose.
    pub alliance: AllianceId,
    /// Which of them.
    pub filter: EmailSubscriptionFilter,
    /// Whether they are only counted, where that is allowed.
    pub counted: bool,
}

fn id() -> Expr {
    Expr::col((email_subscription::Entity, email_subscription::Column::Id))
}

impl Listed for Subscriptions {
    type Row = email_subscription::Model;

    fn order(&self) -> Order {
        let key = Expr::col((email_subscription::Entity, email_subscription::Column::ConfirmedAt));
        Order { name: "subscriptions.confirmed", key, like: Key::Time(0), descending: true }
    }

    fn id(&self) -> Expr {
        id()
    }

    fn rows(&self, _: &App, viewer: &Viewer, _: Option<Expr>) -> SelectStatement {
        let EmailSubscriptionFilter { states, frequency, topic } = &self.filter;
        let counts = self.counted && viewer.may(Action::CountEmailSubscriptions(self.alliance));
        let readable = if counts { countable_subscriptions(viewer) } else { readable_subscriptions(viewer) };
        let mut select = Query::select();
        select.from(email_subscription::Entity).cond_where(readable.condition());
        select.and_where(Expr::col((email_subscription::Entity, email_subscription::Column::AllianceId)).eq(self.alliance));
        select.and_where_option(states.as_ref().map(|states| email_subscription::Column::State.is_in(states.iter().copied())));
        select.and_where_option(frequency.map(|frequency| email_subscription::Column::Frequency.eq(frequency)));
        if let Some(topic) = topic {
            let mut about = Query::select();
            about
                .column(email_subscription_topic::Column::SubscriptionId)
                .from(email_subscription_topic::Entity)
                // What is no topic is nobody's.
                .and_where(email_subscription_topic::Column::TopicId.eq(Topic::parse(topic).map_or(Uuid::nil(), Topic::id)));
            select.and_where(id().in_subquery(about));
        }
        select
    }

    fn columns(&self, select: &mut SelectStatement) {
        select.columns(email_subscription::Column::iter().map(|column| (email_subscription::Entity, column)));
    }
}

/// How many there are in each state.
///
/// # Errors
/// Where the database does not answer.
pub async fn by_state(app: &App, viewer: &Viewer, of: &Subscriptions) -> Result<Vec<(EmailSubscriptionState, i64)>> {
    let mut select = of.rows(app, viewer, None);
    let state = (email_subscription::Entity, email_subscription::Column::State);
    select.column(state).expr_as(Expr::cust("COUNT(*)"), "total").group_by_col(state);
    let rows = app.db().read().query_all(&select).await?;
    let mut counts: Vec<(EmailSubscriptionState, i64)> = EmailSubscriptionState::iter().map(|state| (state, 0)).collect();
    for row in rows {
        let state: EmailSubscriptionState = row.try_get("", "state")?;
        let total = row.try_get("", "total")?;
        counts.iter_mut().filter(|(known, _)| *known == state).for_each(|(_, count)| *count = total);
    }
    Ok(counts)
}

/// How many that are confirmed are about each topic, the most wanted first.
///
/// # Errors
/// Where the database does not answer.
pub async fn by_topic(app: &App, viewer: &Viewer, of: &Subscriptions) -> Result<Vec<(Topic, i64)>> {
    let column = |column| (email_subscription_topic::Entity, column);
    let mut select = of.rows(app, viewer, None);
    select
        .inner_join(
            email_subscription_topic::Entity,
            Expr::col(column(email_subscription_topic::Column::SubscriptionId)).eq(id()),
        )
        .and_where(email_subscription::Column::State.eq(EmailSubscriptionState::Confirmed))
        .expr_as(Expr::cust("COUNT(*)"), "total");
    for grouped in [
        email_subscription_topic::Column::TopicId,
        email_subscription_topic::Column::CampaignId,
        email_subscription_topic::Column::InstitutionId,
    ] {
        select.column(column(grouped)).group_by_col(column(grouped));
    }
    let rows = app.db().read().query_all(&select).await?;
    let mut counts = Vec::new();
    for row in rows {
        let (campaign_id, institution_id): (Option<CampaignId>, Option<InstitutionId>) =
            (row.try_get("", "campaign_id")?, row.try_get("", "institution_id")?);
        let topic = match (campaign_id, institution_id) {
            (Some(id), _) => Topic::Campaign(id),
            (None, Some(id)) => Topic::Institution(id),
            (None, None) => Topic::Alliance(row.try_get("", "topic_id")?),
        };
        counts.push((topic, row.try_get::<i64>("", "total")?));
    }
    counts.sort_by_key(|(topic, count)| (-count, *topic));
    Ok(counts)
}
