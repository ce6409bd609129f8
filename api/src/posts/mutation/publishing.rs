//! postPublish, postSchedule, postUnschedule, postUnpublish, postArchive, postCorrect.

use alliance_entity::post_schedule::ScheduledAct;
use async_graphql::{Context, MaybeUndefined, Object};

use crate::context::Ask;
use crate::error::Result;
use crate::policy::staff::staff_only;
use crate::posts::actions::correct::{self, Correct};
use crate::posts::actions::publish;
use crate::posts::actions::schedule::{self, Schedule, When};
use crate::posts::mutation::{post_input, post_payload};
use crate::scalar::{DateTime, LocalDateTime, Text};

post_input! {
    /// Which post becomes public.
    PostPublishInput {}
}

post_input! {
    /// When a post becomes public by itself, and when it is withdrawn. What is left out stays as it is scheduled.
    PostScheduleInput {
        /// The moment at which it becomes public; null forgets it.
        publish_at: MaybeUndefined<DateTime>,
        /// The same, as the clocks of the alliance's city show it; instead of `publishAt`.
        publish_at_local: MaybeUndefined<LocalDateTime>,
        /// The moment at which it is withdrawn; null forgets it.
        unpublish_at: MaybeUndefined<DateTime>,
        /// The same, as the clocks of the alliance's city show it; instead of `unpublishAt`.
        unpublish_at_local: MaybeUndefined<LocalDateTime>,
    }
}

post_input! {
    /// Which post is not scheduled any more.
    PostUnscheduleInput {}
}

post_input! {
    /// Which post is withdrawn.
    PostUnpublishInput {
        /// Why, for those who work on it; at most 2,000 characters.
        reason: Option<Text>,
    }
}

post_input! {
    /// Which post is put away.
    PostArchiveInput {}
}

post_input! {
    /// How a public post is corrected.
    PostCorrectInput {
        /// What was wrong, and what is right: the public reads it beside the post. At most 2,000 characters of plain text.
        correction: Text,
        /// The title from now on; left out, it stays.
        title: Option<Text>,
        /// The whole article from now on, in Markdown; left out, it stays.
        body: Option<Text>,
        /// The gist from now on, in plain text; left out, it stays, and null takes the beginning of the body.
        excerpt: MaybeUndefined<Text>,
    }
}

post_payload! {
    /// What came of publishing.
    PostPublishPayload
}

post_payload! {
    /// What came of scheduling.
    PostSchedulePayload
}

post_payload! {
    /// What came of cancelling what was scheduled.
    PostUnschedulePayload
}

post_payload! {
    /// What came of withdrawing.
    PostUnpublishPayload
}

post_payload! {
    /// What came of putting away.
    PostArchivePayload
}

post_payload! {
    /// What came of correcting.
    PostCorrectPayload
}

fn when(moment: &MaybeUndefined<DateTime>, local: &MaybeUndefined<LocalDateTime>) -> When {
    When { moment: moment.value().map(|DateTime(at)| *at), local: local.value().map(|LocalDateTime(at)| *at) }
}

impl From<&PostScheduleInput> for Schedule {
    fn from(input: &PostScheduleInput) -> Self {
        let PostScheduleInput { id: _, version: _, publish_at, publish_at_local, unpublish_at, unpublish_at_local } = input;
        let acts = [
            (ScheduledAct::Publish, publish_at.is_null() || publish_at_local.is_null()),
            (ScheduledAct::Unpublish, unpublish_at.is_null() || unpublish_at_local.is_null()),
        ];
        Self {
            which: input.which(),
            publish: when(publish_at, publish_at_local),
            unpublish: when(unpublish_at, unpublish_at_local),
            forgotten: acts.into_iter().filter(|(_, is_null)| *is_null).map(|(act, _)| act).collect(),
        }
    }
}

/// The root fields.
#[derive(Debug, Default)]
pub struct PostPublishingMutation;

#[Object]
impl PostPublishingMutation {
    /// Makes the latest revision of a post public, now. A time at which that was to happen is forgotten. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_publish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: PostPublishInput,
    ) -> Result<PostPublishPayload> {
        let done = publish::publish(&ctx.caller(), input.which()).await;
        PostPublishPayload::of(ctx, input.id.0, done).await
    }

    /// Lets the latest revision of a post become public at a time, whatever is written after it, and lets a post be withdrawn at a time. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_schedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and when.")] input: PostScheduleInput,
    ) -> Result<PostSchedulePayload> {
        let done = schedule::schedule(&ctx.caller(), Schedule::from(&input)).await;
        PostSchedulePayload::of(ctx, input.id.0, done).await
    }

    /// Forgets all that was to happen to a post by itself. Where it waited to be published, it stands then where it stood before: a draft is a draft, what was
    /// reviewed is in review, and what was withdrawn or archived is that again. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_unschedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: PostUnscheduleInput,
    ) -> Result<PostUnschedulePayload> {
        let done = schedule::unschedule(&ctx.caller(), input.which()).await;
        PostUnschedulePayload::of(ctx, input.id.0, done).await
    }

    /// Withdraws a post: the public does not find it any more, and partners are told. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_unpublish(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and why.")] input: PostUnpublishInput,
    ) -> Result<PostUnpublishPayload> {
        let (which, reason) = (input.which(), input.reason.map(|Text(reason)| reason));
        let done = publish::unpublish(&ctx.caller(), which, reason).await;
        PostUnpublishPayload::of(ctx, which.id, done).await
    }

    /// Puts a post away: the public does not find it any more. An editor can publish it again. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post.")] input: PostArchiveInput,
    ) -> Result<PostArchivePayload> {
        let done = publish::archive(&ctx.caller(), input.which()).await;
        PostArchivePayload::of(ctx, input.id.0, done).await
    }

    /// Puts a notice with today's date on a public post, and changes what it says where that is given. Both are public at once. For editors.
    #[graphql(directive = staff_only::apply())]
    async fn post_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which post, and what was wrong.")] input: PostCorrectInput,
    ) -> Result<PostCorrectPayload> {
        let which = input.which();
        let PostCorrectInput { id: _, version: _, correction, title, body, excerpt } = input;
        let text = |given: Option<Text>| given.map(|Text(text)| text);
        let excerpt = excerpt.map_value(|Text(excerpt)| excerpt);
        let correct = Correct { which, text: correction.0, title: text(title), excerpt, body: text(body) };
        let done = correct::correct(&ctx.caller(), correct).await;
        PostCorrectPayload::of(ctx, which.id, done).await
    }
}
