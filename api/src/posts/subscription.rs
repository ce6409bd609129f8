//! postPublished, postChanged.

use alliance_entity::id::{AllianceId, CampaignId, PostId};
use alliance_entity::post::PostStatus;
use async_graphql::{Context, SimpleObject, Subscription};
use futures_util::Stream;

use crate::alliances;
use crate::context::Ask;
use crate::error::{Error, Result};
use crate::following::cursor::Cursor;
use crate::following::{Follow, Followed, Happened, follow};
use crate::outbox::topic::Topic;
use crate::policy::{Action, Owned};
use crate::posts::object::Post;
use crate::posts::store::list;
use crate::scalar::{IdOf, Text};

/// What the public may see of a change to a post.
const PUBLIC: [&str; 6] = ["PostArchived", "PostCorrected", "PostDeleted", "PostPublished", "PostRenamed", "PostUnpublished"];
/// What those who work on it see.
const ALL: [&str; 14] = [
    "PostArchived",
    "PostCorrected",
    "PostCreated",
    "PostDeleted",
    "PostEdited",
    "PostNoted",
    "PostPublished",
    "PostRenamed",
    "PostRestored",
    "PostReturned",
    "PostScheduled",
    "PostSubmitted",
    "PostUnpublished",
    "PostUnscheduled",
];

/// The root fields.
#[derive(Debug, Default)]
pub struct PostSubscription;

#[Subscription]
impl PostSubscription {
    /// Each post that is published from now on, at once or by its schedule, as it is when it is told; so also one that is published again after it
    /// was changed or withdrawn.
    async fn post_published(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only posts of the alliance with this slug.")] alliance: Option<Text>,
        #[graphql(desc = "Only posts that belong to the campaign with this id.")] campaign: Option<IdOf<CampaignId>>,
        #[graphql(
            desc = "Only what happened behind the event that carried this cursor: so you resume without a miss or a double."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = PostEvent>> {
        follow(ctx, Published { alliance, campaign: campaign.map(|id| id.0) }, after).await
    }

    /// What happens to one post: it is published, corrected, withdrawn. Those who work on it are told of drafts and reviews, too.
    async fn post_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The post's id.")] id: IdOf<PostId>,
        #[graphql(
            desc = "Only what happened behind the event that carried this cursor: so you resume without a miss or a double."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = PostEvent>> {
        follow(ctx, Changed(id.0), after).await
    }
}

/// Something that happened to a post.
#[derive(Debug, SimpleObject)]
pub struct PostEvent {
    /// Where this event stands: give it as `after` to resume behind it.
    cursor: String,
    /// The post as it is at this moment; null where you may not see it any more: take it away then.
    post: Option<Post>,
}

struct Published {
    alliance: Option<Text>,
    campaign: Option<CampaignId>,
}

impl Published {
    async fn alliance(&self, ctx: &Context<'_>) -> Result<Option<AllianceId>> {
        let Some(Text(slug)) = &self.alliance else { return Ok(None) };
        let found = alliances::store::find(ctx.app(), ctx.viewer(), slug).await?;
        found.map(|alliance| Some(alliance.id)).ok_or(Error::NotFound("alliance"))
    }
}

impl Follow for Published {
    type Told = PostEvent;

    async fn open(&self, ctx: &Context<'_>, _: Option<&Cursor>) -> Result<Followed> {
        self.alliance(ctx).await?;
        if let Some(campaign) = self.campaign {
            ctx.load(campaign).await?.ok_or(Error::NotFound("campaign"))?;
        }
        Ok(Followed::new(Topic::Kind("PostPublished".into()), &["PostPublished"]))
    }

    async fn tell(&self, ctx: &Context<'_>, happened: &Happened) -> Result<Option<PostEvent>> {
        let Some(event) = &happened.event else { return Ok(None) };
        let alliance = self.alliance(ctx).await?;
        if alliance.is_some() && alliance != event.alliance {
            return Ok(None);
        }
        let id = PostId(event.subject_id);
        if let Some(campaign) = self.campaign
            && !list::is_in_campaign(ctx.app(), ctx.viewer(), id, campaign).await?
        {
            return Ok(None);
        }
        // It may have been withdrawn since.
        let post = ctx.load(id).await?.filter(|post| post.status == PostStatus::Published);
        Ok(post.map(|post| PostEvent { cursor: happened.cursor(ctx.app().keys()), post: Some(post.into()) }))
    }
}

struct Changed(PostId);

impl Follow for Changed {
    type Told = PostEvent;

    async fn open(&self, ctx: &Context<'_>, after: Option<&Cursor>) -> Result<Followed> {
        let topic = Topic::Subject(self.0.0);
        // Who was told of it before is told that it is gone.
        if !after.is_some_and(|cursor| cursor.shows(&topic)) {
            ctx.load(self.0).await?.ok_or(Error::NotFound("post"))?;
        }
        Ok(Followed::new(topic, if ctx.viewer().is_staff() { &ALL } else { &PUBLIC }))
    }

    async fn tell(&self, ctx: &Context<'_>, happened: &Happened) -> Result<Option<PostEvent>> {
        let Some(event) = &happened.event else { return Ok(None) };
        let post = ctx.load(self.0).await?.map(Post::from);
        let has_gone = happened.memory.goes(post.is_some());
        let is_told = post.as_ref().map_or(has_gone, |Post(row)| {
            let rule = Owned { owner: row.owner_id, alliance: row.alliance_id, state: row.status };
            PUBLIC.contains(&event.kind.as_str()) || ctx.viewer().may(Action::ReadWholePost(rule))
        });
        Ok(is_told.then(|| PostEvent { cursor: happened.cursor(ctx.app().keys()), post }))
    }
}
