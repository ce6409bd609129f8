//! Updates by e-mail, as clients see them.

use alliance_entity::email_subscription::{self, ConsentSource, EmailFrequency, EmailSubscriptionState};
use alliance_entity::subscription_mail::SubscriptionMailState;
use async_graphql::{Context, ID, Object, SimpleObject};

use crate::alliances::object::Alliance;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::page::connection::{Asked, PageInfo};
use crate::page::store::Count;
use crate::policy::Action;
use crate::scalar::DateTime;
use crate::subscriptions::store::list::{self, Subscriptions};
use crate::subscriptions::store::requests;
use crate::subscriptions::store::topics::TopicsOf;
use crate::subscriptions::topic::Topic;

/// Somebody's subscription to updates by e-mail. Only they see it, and admins.
#[derive(Debug, Clone)]
pub struct EmailSubscription(pub email_subscription::Model);

impl From<email_subscription::Model> for EmailSubscription {
    fn from(row: email_subscription::Model) -> Self {
        Self(row)
    }
}

/// Somebody's subscription to an alliance's updates by e-mail. Whoever holds it sees it, by their account or by the link in each mail, and
/// the alliance's admins do.
#[Object]
impl EmailSubscription {
    /// The subscription's id.
    pub async fn id(&self) -> ID {
        self.0.id.to_string().into()
    }

    /// Whose updates.
    async fn alliance(&self, ctx: &Context<'_>) -> Result<Alliance> {
        let alliance = ctx.load(self.0.alliance_id).await?;
        alliance.map(Alliance::from).ok_or_else(|| Error::internal("a subscription's alliance is missing"))
    }

    /// Where they go.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// What their reader wants to be called; null where they have not said.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Whether updates are sent.
    async fn state(&self) -> EmailSubscriptionState {
        self.0.state
    }

    /// How often.
    async fn frequency(&self) -> EmailFrequency {
        self.0.frequency
    }

    /// What about.
    async fn topics(&self, ctx: &Context<'_>) -> Result<Vec<EmailTopic>> {
        let topics = ctx.load(TopicsOf(self.0.id)).await?.unwrap_or_default();
        futures_util::future::try_join_all(topics.into_iter().map(|topic| EmailTopic::of(ctx, topic))).await
    }

    /// What their reader has agreed to, and when.
    async fn consent(&self) -> EmailConsent {
        EmailConsent {
            wording: self.0.wording.clone(),
            version: self.0.wording_version,
            source: self.0.source,
            requested_at: DateTime(self.0.requested_at),
            confirmed_at: DateTime(self.0.confirmed_at),
        }
    }

    /// Since when nothing is sent; null while updates are.
    async fn ended_at(&self) -> Option<DateTime> {
        self.0.ended_at.map(DateTime)
    }
}

/// What updates are about: an alliance as a whole, a campaign or an institution.
#[derive(Debug, Clone, SimpleObject)]
pub struct EmailTopic {
    /// The id of the alliance, the campaign or the institution.
    pub id: ID,
    /// What it is called; null where it is not public any more.
    pub name: Option<String>,
}

impl EmailTopic {
    async fn of(ctx: &Context<'_>, topic: Topic) -> Result<Self> {
        let name = match topic {
            Topic::Alliance(id) => ctx.load(id).await?.map(|row| row.name),
            Topic::Campaign(id) => ctx.load(id).await?.map(|row| row.title.clone()),
            Topic::Institution(id) => ctx.load(id).await?.map(|row| row.name.clone()),
        };
        Ok(Self { id: topic.to_string().into(), name })
    }
}

/// What somebody has agreed to, when and where.
#[derive(Debug, Clone, SimpleObject)]
pub struct EmailConsent {
    /// What they agreed to, as it was shown.
    pub wording: String,
    /// Which of the alliance's wordings that was.
    pub version: i32,
    /// Where they signed up.
    pub source: ConsentSource,
    /// When they signed up.
    pub requested_at: DateTime,
    /// When they confirmed it by the link in the mail.
    pub confirmed_at: DateTime,
}

/// How many subscriptions are in a state.
#[derive(Debug, Clone, SimpleObject)]
pub struct EmailStateCount {
    /// The state.
    pub state: EmailSubscriptionState,
    /// How many.
    pub count: i64,
}

/// How many get updates about something.
#[derive(Debug, Clone, SimpleObject)]
pub struct EmailTopicCount {
    /// What about.
    pub topic: EmailTopic,
    /// How many.
    pub count: i64,
}

/// One subscription in a page, with its cursor.
#[derive(Debug, Clone, SimpleObject)]
pub struct EmailSubscriptionEdge {
    /// Where the item stands in the list; opaque. Give it as `after` or `before`.
    pub cursor: String,
    /// The subscription.
    pub node: EmailSubscription,
}

/// A page of subscriptions, and how many there are.
#[derive(Debug, Clone)]
pub struct EmailSubscriptionConnection {
    /// The page.
    pub page: Asked<Subscriptions>,
    /// The same subscriptions, and those that are only counted.
    pub counted: Subscriptions,
}

/// A page of subscriptions, and how many there are. Editors count those that they may not see one by one.
#[Object]
impl EmailSubscriptionConnection {
    /// The subscriptions of this page, each with its cursor: your own, and as an admin everybody's.
    async fn edges(&self, ctx: &Context<'_>) -> Result<Vec<EmailSubscriptionEdge>> {
        let order = self.page.order_name();
        let rows = self.page.page(ctx).await?.rows;
        Ok(rows.into_iter().map(|(at, row)| EmailSubscriptionEdge { cursor: at.encode(order), node: row.into() }).collect())
    }

    /// The subscriptions of this page: your own, and as an admin everybody's.
    async fn nodes(&self, ctx: &Context<'_>) -> Result<Vec<EmailSubscription>> {
        Ok(self.page.page(ctx).await?.rows.into_iter().map(|(_, row)| row.into()).collect())
    }

    /// Where this page stands in the list.
    async fn page_info(&self, ctx: &Context<'_>) -> Result<PageInfo> {
        self.page.page_info(ctx).await
    }

    /// How many there are, those too that you only count. They are counted when this is asked for, which takes time in proportion to them.
    async fn total_count(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.load(Count { of: self.counted.clone(), parent: None }).await?.unwrap_or_default())
    }

    /// How many there are in each state.
    async fn by_state(&self, ctx: &Context<'_>) -> Result<Vec<EmailStateCount>> {
        let counts = list::by_state(ctx.app(), ctx.viewer(), &self.counted).await?;
        Ok(counts.into_iter().map(|(state, count)| EmailStateCount { state, count }).collect())
    }

    /// How many of those that get updates get them about what, the most wanted first.
    async fn by_topic(&self, ctx: &Context<'_>) -> Result<Vec<EmailTopicCount>> {
        let counts = list::by_topic(ctx.app(), ctx.viewer(), &self.counted).await?;
        let each = counts
            .into_iter()
            .map(|(topic, count)| async move { EmailTopic::of(ctx, topic).await.map(|topic| EmailTopicCount { topic, count }) });
        futures_util::future::try_join_all(each).await
    }

    /// How many have signed up and have yet to confirm it; null to those who may not count. No filter narrows it.
    async fn pending_count(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        let alliance = self.counted.alliance;
        if !ctx.viewer().may(Action::CountEmailSubscriptions(alliance)) {
            return Ok(None);
        }
        Ok(i64::try_from(requests::count(ctx.app(), alliance).await?).ok())
    }
}

/// What became of the mails that tell of a post. `sent`, `failed`, `uncertain`, `suppressed` and `waiting` together are the audience.
#[derive(Debug, Clone, Default, SimpleObject)]
pub struct PostMailing {
    /// How many are told of it: those who had confirmed by the time that it was first published.
    pub audience: i64,
    /// How many mails the mail server has taken.
    pub sent: i64,
    /// How many mails the mail server has refused for good.
    pub failed: i64,
    /// Of how many mails nobody knows whether the mail server has taken them, since this server was stopped or the mail server did not
    /// answer in the midst of it. They are not sent again.
    pub uncertain: i64,
    /// How many mails were not sent, since the post was withdrawn, or they were not wanted any more.
    pub suppressed: i64,
    /// How many mails have yet to be sent; those of digests wait for their hour.
    pub waiting: i64,
}

impl PostMailing {
    /// The sums of mails in each state.
    #[must_use]
    pub fn of(counts: &[(SubscriptionMailState, i64)]) -> Self {
        let mut sums = Self::default();
        for (state, count) in counts {
            let sum = match state {
                SubscriptionMailState::Waiting | SubscriptionMailState::Sending => &mut sums.waiting,
                SubscriptionMailState::Sent => &mut sums.sent,
                SubscriptionMailState::Failed => &mut sums.failed,
                SubscriptionMailState::Uncertain => &mut sums.uncertain,
                SubscriptionMailState::Suppressed => &mut sums.suppressed,
            };
            *sum += count;
            sums.audience += count;
        }
        sums
    }
}
