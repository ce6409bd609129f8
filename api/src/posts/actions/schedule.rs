//! Times at which a post is published or withdrawn by itself.

use std::time::Duration;

use alliance_entity::post::PostStatus;
use alliance_entity::post_schedule::{self, ScheduledAct};
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::json;

use crate::alliances;
use crate::app::App;
use crate::caller::Caller;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::policy::Action;
use crate::posts::actions::{Act, Held, Which, hold, wrong_state};
use crate::posts::store::change;
use crate::posts::store::schedules::{self, Claimed, Due};
use crate::posts::zone;

/// How long what failed waits until it is tried again.
const LATER: Duration = Duration::from_secs(30);

/// When something is to happen, in one of two ways.
#[derive(Debug, Clone, Copy)]
pub struct When {
    /// At a moment.
    pub moment: Option<DateTime<Utc>>,
    /// When the clocks of the alliance's city show it.
    pub local: Option<NaiveDateTime>,
}

/// When a post becomes public, and when it is withdrawn.
type Times = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// What is to happen by itself. What is left out stays as it is scheduled.
#[derive(Debug)]
pub struct Schedule {
    /// To which post.
    pub which: Which,
    /// When it becomes public.
    pub publish: When,
    /// When it is withdrawn.
    pub unpublish: When,
    /// What is not to happen any more, though it was to.
    pub forgotten: Vec<ScheduledAct>,
}

/// Schedules a post: the revision that is written now will be published, whatever is written after it.
///
/// # Errors
/// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Refused`] where the post was changed since, for times that are over or that the
/// clocks do not show once, and where nothing waits to be published.
pub async fn schedule(caller: &Caller, input: Schedule) -> Result<()> {
    let Schedule { which, publish, unpublish, forgotten } = input;
    let mut held = hold(caller, which, Action::SchedulePost).await?;
    forget(&mut held, &forgotten).await?;
    let zone = alliances::store::time_zone_of(&held.txn, held.post.alliance_id).await?;
    let (publish, unpublish) = times(&held, &zone, (publish, unpublish), !forgotten.is_empty())?;
    let mut details = json!({});
    if let Some(at) = publish {
        if held.post.status == PostStatus::Published && held.post.draft_revision_id.is_none() {
            return Err(wrong_state("this post is public as it is: there are no changes to publish"));
        }
        let revision = held.latest().await?;
        put(caller, &held, (ScheduledAct::Publish, at), Some(&revision)).await?;
        held.post.scheduled_for = Some(at);
        held.waits();
        details["publishAt"] = json!(at);
        details["revision"] = json!(revision.number);
    }
    if let Some(at) = unpublish {
        if held.post.status != PostStatus::Published && held.post.scheduled_for.is_none() {
            return Err(wrong_state("only what is public, or will be, can be withdrawn at a time"));
        }
        put(caller, &held, (ScheduledAct::Unpublish, at), None).await?;
        held.post.unpublish_at = Some(at);
        details["unpublishAt"] = json!(at);
    }
    held.keep(caller, Act::new("postSchedule", "PostScheduled").with(details)).await.map(drop)
}

async fn forget(held: &mut Held, acts: &[ScheduledAct]) -> Result<()> {
    if acts.contains(&ScheduledAct::Publish) {
        schedules::delete_publication(&held.txn, &mut held.post).await?;
        held.waits_no_more();
    }
    if acts.contains(&ScheduledAct::Unpublish) {
        schedules::delete_withdrawal(&held.txn, &mut held.post).await?;
    }
    Ok(())
}

async fn put(
    caller: &Caller,
    held: &Held,
    (act, at): (ScheduledAct, DateTime<Utc>),
    revision: Option<&alliance_entity::post_revision::Model>,
) -> Result<()> {
    let row = post_schedule::Model {
        post_id: held.post.id,
        act,
        revision_id: revision.map(|revision| revision.id),
        due: at.timestamp_millis(),
        scheduled_for: at,
        created_by: caller.account(),
        created_at: held.now,
    };
    schedules::put(&held.txn, row).await
}

/// The moments that are meant, where they are to come and in order.
fn times(held: &Held, zone: &str, (publish, unpublish): (When, When), is_enough: bool) -> Result<Times> {
    let mut problems = Vec::new();
    let mut moment = |field: &str, when: When| {
        let (field, at) = match (when.moment, when.local) {
            (None, None) => return None,
            (Some(at), None) => (field.to_owned(), Ok(at)),
            (None, Some(local)) => (format!("{field}Local"), zone::moment(local, zone)),
            (Some(_), Some(_)) => (field.to_owned(), Err(format!("give either `{field}` or `{field}Local`, not both"))),
        };
        let at = at.and_then(|at| if at > held.now { Ok(at) } else { Err("this time is over".to_owned()) });
        at.map_err(|problem| problems.push(Problem::of(&field, UserErrorCode::Invalid, problem))).ok()
    };
    let (from, until) = (moment("publishAt", publish), moment("unpublishAt", unpublish));
    if from.is_none() && until.is_none() && problems.is_empty() && !is_enough {
        problems.push(Problem::of("publishAt", UserErrorCode::Required, "say when it is to be published, or withdrawn"));
    }
    let public_from = from.or(held.post.scheduled_for);
    let (public_until, field) =
        if until.is_some() { (until, "unpublishAt") } else { (held.post.unpublish_at.filter(|_| from.is_some()), "publishAt") };
    if let (Some(from), Some(until)) = (public_from, public_until)
        && until <= from
    {
        problems.push(Problem::of(field, UserErrorCode::Invalid, "it is to be withdrawn before it is published"));
    }
    if problems.is_empty() { Ok((from, until)) } else { Err(Error::Refused(problems)) }
}

/// Forgets all that a post is scheduled for. It stands then where it stood before.
///
/// # Errors
/// As [`schedule`].
pub async fn unschedule(caller: &Caller, which: Which) -> Result<()> {
    let mut held = hold(caller, which, Action::SchedulePost).await?;
    if !schedules::delete_all(&held.txn, &mut held.post).await? {
        return Err(wrong_state("this post is not scheduled for anything"));
    }
    held.waits_no_more();
    held.keep(caller, Act::new("postUnschedule", "PostUnscheduled")).await.map(drop)
}

/// Does what is due. Returns how much that was.
///
/// # Errors
/// Where the database does not answer.
pub async fn work(app: &App) -> Result<usize> {
    let mut done = 0;
    loop {
        let due = schedules::due(app).await?;
        let before = done;
        for due in due {
            match run(app, due).await {
                Ok(true) => done += 1,
                // Another node is at it.
                Ok(false) => {}
                Err(Error::Unavailable) => return Err(Error::Unavailable),
                Err(error) => {
                    tracing::error!(error = %error, post = %due.post, "what was scheduled could not be done; it is tried again");
                    schedules::set_later(app, due, LATER).await?;
                }
            }
        }
        if done == before {
            return Ok(done);
        }
    }
}

async fn run(app: &App, due: Due) -> Result<bool> {
    let caller = Caller::system(app);
    let txn = app.db().begin().await?;
    let Some(post) = schedules::lock(&txn, due.post).await? else { return Ok(false) };
    let Some(claimed) = schedules::claim(&txn, due).await? else { return Ok(false) };
    let mut held = Held { txn, post, now: caller.now(), before: None };
    let Claimed { revision, scheduled_for, now } = claimed;
    let act = match due.act {
        ScheduledAct::Publish => {
            let revision = revision.ok_or_else(|| Error::internal("a schedule names no revision"))?;
            let revision = change::revision(&held.txn, revision).await?;
            let revision = revision.ok_or_else(|| Error::internal("a scheduled revision is missing"))?;
            schedules::delete_publication(&held.txn, &mut held.post).await?;
            held.go_live(&revision, now).await?;
            Act::new("postPublish", "PostPublished").with(json!({ "revision": revision.number, "scheduledFor": scheduled_for }))
        }
        ScheduledAct::Unpublish => {
            schedules::delete_all(&held.txn, &mut held.post).await?;
            held.go_off(PostStatus::Unpublished, now).await?;
            Act::new("postUnpublish", "PostUnpublished").with(json!({ "scheduledFor": scheduled_for }))
        }
    };
    held.keep(&caller, act).await?;
    Ok(true)
}
