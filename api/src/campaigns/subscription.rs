//! campaignChanged.

use alliance_entity::id::CampaignId;
use async_graphql::{Context, SimpleObject, Subscription};
use futures_util::Stream;

use crate::campaigns::object::Campaign;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::following::cursor::Cursor;
use crate::following::{Follow, Followed, Happened, follow};
use crate::outbox::topic::Topic;
use crate::scalar::IdOf;

const KINDS: [&str; 5] = ["CampaignClosed", "CampaignCreated", "CampaignDeleted", "CampaignEdited", "CampaignPublished"];

/// The root fields.
#[derive(Debug, Default)]
pub struct CampaignSubscription;

#[Subscription]
impl CampaignSubscription {
    /// What happens to one campaign: it is edited, closed, deleted.
    async fn campaign_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The campaign's id.")] id: IdOf<CampaignId>,
        #[graphql(
            desc = "Only what happened behind the event that carried this cursor: so you resume without a miss or a double."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = CampaignEvent>> {
        follow(ctx, Changed(id.0), after).await
    }
}

/// Something that happened to a campaign.
#[derive(Debug, SimpleObject)]
pub struct CampaignEvent {
    /// Where this event stands: give it as `after` to resume behind it.
    cursor: String,
    /// The campaign as it is at this moment; null where you may not see it any more: take it away then.
    campaign: Option<Campaign>,
}

struct Changed(CampaignId);

impl Follow for Changed {
    type Told = CampaignEvent;

    async fn open(&self, ctx: &Context<'_>, after: Option<&Cursor>) -> Result<Followed> {
        let topic = Topic::Subject(self.0.0);
        // Who was told of it before is told that it is gone.
        if !after.is_some_and(|cursor| cursor.shows(&topic)) {
            ctx.load(self.0).await?.ok_or(Error::NotFound("campaign"))?;
        }
        Ok(Followed::new(topic, &KINDS))
    }

    async fn tell(&self, ctx: &Context<'_>, happened: &Happened) -> Result<Option<CampaignEvent>> {
        let campaign = ctx.load(self.0).await?.map(Campaign::from);
        let has_gone = happened.memory.goes(campaign.is_some());
        let is_told = campaign.is_some() || has_gone;
        Ok(is_told.then(|| CampaignEvent { cursor: happened.cursor(ctx.app().keys()), campaign }))
    }
}
