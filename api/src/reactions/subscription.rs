//! reactionsChanged, moderationQueueChanged.

use std::time::Duration;

use alliance_entity::id::{AllianceId, ReactionId};
use alliance_entity::reaction::SubjectType;
use async_graphql::{Context, ID, SimpleObject, Subscription};
use futures_util::Stream;
use uuid::Uuid;

use crate::alliances;
use crate::context::Ask;
use crate::error::{Error, Result, SIGN_IN};
use crate::following::cursor::Cursor;
use crate::following::{Follow, Followed, Happened, follow};
use crate::outbox::topic::Topic;
use crate::policy::Action;
use crate::policy::staff::staff_only;
use crate::reactions::object::Reaction;
use crate::reactions::subject;
use crate::reactions::summary::ReactionSummary;
use crate::scalar::Text;

/// However many react, sums are told three times a second.
const PACE: Duration = Duration::from_millis(333);

/// The root fields.
#[derive(Debug, Default)]
pub struct ReactionSubscription;

#[Subscription]
impl ReactionSubscription {
    /// How many people reacted to a post, a campaign or an event: at once, and whenever that changes, a few times a second at most. It never says
    /// who. What comes first is how it stands, so that there is nothing to resume.
    async fn reactions_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The id of a post, a campaign or an event.")] subject: ID,
    ) -> Result<impl Stream<Item = ReactionsEvent>> {
        let (on, id) = subject::named(&subject)?;
        follow(ctx, Sums { on, id }, None).await
    }

    /// The comments that the moderators of an alliance are to look at, or need not look at any more. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn moderation_queue_changed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The slug of the alliance.")] alliance: Text,
        #[graphql(
            desc = "Only what happened behind the event that carried this cursor: so you resume without a miss or a double."
        )]
        after: Option<String>,
    ) -> Result<impl Stream<Item = ReactionEvent>> {
        follow(ctx, Queue(alliance.0), after).await
    }
}

/// The sums of reactions as they are now.
#[derive(Debug, SimpleObject)]
pub struct ReactionsEvent {
    /// Where this event stands among all.
    cursor: String,
    /// How many people reacted, and how; null where you may not see what they reacted to any more.
    reactions: Option<ReactionSummary>,
}

/// Something that happened to a comment in the moderators' queue.
#[derive(Debug, SimpleObject)]
pub struct ReactionEvent {
    /// Where this event stands: give it as `after` to resume behind it.
    cursor: String,
    /// The id of the reaction that carries the comment.
    reaction_id: ID,
    /// The comment as it is at this moment; null where its writer took it back, or it was erased.
    reaction: Option<Reaction>,
}

struct Sums {
    on: SubjectType,
    id: Uuid,
}

impl Follow for Sums {
    type Told = ReactionsEvent;

    async fn open(&self, ctx: &Context<'_>, _: Option<&Cursor>) -> Result<Followed> {
        subject::of(ctx, self.on, self.id).await?;
        let kinds = match self.on {
            SubjectType::Post => &["ReactionsChanged", "PostUnpublished", "PostArchived", "PostDeleted", "PostPublished"][..],
            SubjectType::Campaign => &["ReactionsChanged", "CampaignEdited", "CampaignDeleted"],
            SubjectType::Event => &["ReactionsChanged", "EventEdited", "EventDeleted"],
        };
        Ok(Followed { begins: true, pace: PACE, ..Followed::new(Topic::Subject(self.id), kinds) })
    }

    async fn tell(&self, ctx: &Context<'_>, happened: &Happened) -> Result<Option<ReactionsEvent>> {
        let reactions = match subject::of(ctx, self.on, self.id).await {
            Ok(_) => Some(ReactionSummary::of(ctx, self.on, self.id).await?),
            Err(Error::NotFound(_)) => None,
            Err(error) => return Err(error),
        };
        // Where the sum is not told, nobody hears that it has changed.
        let told = reactions.as_ref().map_or_else(|| "gone".to_owned(), ReactionSummary::told_in_full);
        Ok(happened.memory.becomes(&told).then(|| ReactionsEvent { cursor: happened.cursor(ctx.app().keys()), reactions }))
    }
}

struct Queue(String);

impl Queue {
    async fn alliance(&self, ctx: &Context<'_>) -> Result<AllianceId> {
        if ctx.viewer().account().is_none() {
            return Err(Error::Unauthenticated(SIGN_IN));
        }
        let found = alliances::store::find(ctx.app(), ctx.viewer(), &self.0).await?;
        let alliance = found.ok_or(Error::NotFound("alliance"))?.id;
        ctx.viewer().must(Action::ModerateComments(alliance))?;
        Ok(alliance)
    }
}

impl Follow for Queue {
    type Told = ReactionEvent;

    async fn open(&self, ctx: &Context<'_>, _: Option<&Cursor>) -> Result<Followed> {
        Ok(Followed::new(Topic::Alliance(self.alliance(ctx).await?), &["ModerationQueueChanged"]))
    }

    async fn tell(&self, ctx: &Context<'_>, happened: &Happened) -> Result<Option<ReactionEvent>> {
        self.alliance(ctx).await?;
        let Some(event) = &happened.event else { return Ok(None) };
        let id = ReactionId(event.subject_id);
        let reaction = ctx.load(id).await?.map(Reaction::from);
        Ok(Some(ReactionEvent { cursor: happened.cursor(ctx.app().keys()), reaction_id: id.to_string().into(), reaction }))
    }
}
