//! Changing what an event says.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::{CampaignId, EventId};
use async_graphql::MaybeUndefined;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::caller::Caller;
use crate::editing::Act;
use crate::editing::given::{self, Problems, or_none};
use crate::editing::rendered::Ahead;
use crate::error::Result;
use crate::error::problem::UserErrorCode;
use crate::events::actions::{Change, Place, check_end, check_number, knows_campaigns, place};
use crate::events::rsvps::mailing::{self, What};
use crate::events::rsvps::places::Places;
use crate::events::store::change as store;
use crate::events::turnouts;
use crate::policy::Action;

const DONE: Act = Act { action: "eventEdit", event: "EventEdited" };

/// What is to be another.
#[derive(Debug)]
pub struct Edit {
    /// Which event.
    pub id: EventId,
    /// The version that was read.
    pub version: i32,
    /// Its title.
    pub title: MaybeUndefined<String>,
    /// Its slug.
    pub slug: MaybeUndefined<String>,
    /// What it is, in plain text.
    pub summary: MaybeUndefined<String>,
    /// The whole of it, in Markdown.
    pub body: MaybeUndefined<String>,
    /// When it starts.
    pub starts_at: MaybeUndefined<DateTime<Utc>>,
    /// When it ends.
    pub ends_at: MaybeUndefined<DateTime<Utc>>,
    /// The time zone of its place.
    pub time_zone: MaybeUndefined<String>,
    /// Where it takes place.
    pub venue: MaybeUndefined<Place>,
    /// How many people the place holds.
    pub capacity: MaybeUndefined<i32>,
    /// How many people came.
    pub attendance: MaybeUndefined<i32>,
    /// The campaigns that it belongs to.
    pub campaigns: MaybeUndefined<Vec<CampaignId>>,
}

/// Changes an event. When it takes place is changed so while it is a draft; what was announced is rescheduled, with a reason.
///
/// # Errors
/// [`crate::error::Error::NotFound`], [`crate::error::Error::Forbidden`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn edit(caller: &Caller, mut input: Edit) -> Result<()> {
    let (id, campaigns) = (input.id, std::mem::take(&mut input.campaigns));
    let ahead = Ahead::of_change(caller, &input.body).await?;
    let change = Change::begin(caller, id.0, input.version, Action::EditEvent).await?;
    let mut problems = Problems::default();
    let row = with(&mut problems, change.row.clone(), input);
    let campaigns = problems.links("campaigns", campaigns);
    if change.row.status != EventStatus::Draft && row.starts_at != change.row.starts_at {
        let problem = "this event was announced: move it by `eventReschedule`, which tells the reason";
        problems.add("startsAt", UserErrorCode::WrongState, problem);
    }
    ahead.check("body", &mut problems);
    problems.end()?;
    let row = change.write(row).await?;
    let mut left = Vec::new();
    change.keep_html(ahead).await?;
    match campaigns {
        None => store::set_start(&change.txn, &row).await?,
        Some(ids) => {
            knows_campaigns(caller, &change.txn, row.alliance_id, &ids).await?;
            left = store::campaigns_of(&change.txn, id).await?;
            store::set_campaigns(&change.txn, &row, &ids).await?;
        }
    }
    store::set_findable(&change.txn, &row).await?;
    follow(&change, &row).await?;
    change.keep_telling(DONE, json!({ "version": row.version }), json!({ "campaigns": left })).await
}

/// What follows for those who come: more places are for those who wait, and another place is told to all. Where there are fewer places than
/// people come, all of them keep theirs.
async fn follow(change: &Change<'_>, row: &event::Model) -> Result<()> {
    let (was, now) = (&change.row, change.now());
    turnouts::actions::check_attendance(&change.txn, row).await?;
    if row.capacity != was.capacity {
        Places::of(&change.txn, row, now).await?.promote().await?;
    }
    let is_same = (&row.venue_name, &row.venue_address) == (&was.venue_name, &was.venue_address);
    if row.status == EventStatus::Scheduled && !is_same {
        mailing::tell_all(&change.txn, now, row, What::Placed).await?;
    }
    Ok(())
}

/// The row after the changes.
fn with(problems: &mut Problems, was: event::Model, input: Edit) -> event::Model {
    let Edit {
        id: _,
        version: _,
        title,
        slug,
        summary,
        body,
        starts_at,
        ends_at,
        time_zone,
        venue,
        capacity,
        attendance,
        campaigns: _,
    } = input;
    let (venue_name, venue_address) = match venue {
        MaybeUndefined::Undefined => (was.venue_name.clone(), was.venue_address.clone()),
        given => place(problems, given.take()),
    };
    let starts_at = problems.kept("startsAt", starts_at, was.starts_at);
    let ends_at = or_none(ends_at, was.ends_at);
    check_end(problems, starts_at, ends_at);
    let (capacity, attendance) = (or_none(capacity, was.capacity), or_none(attendance, was.attendance));
    check_number(problems, "capacity", capacity);
    check_number(problems, "attendance", attendance);
    event::Model {
        title: problems.kept_text("title", title, was.title.clone(), given::title),
        slug: problems.kept_text("slug", slug, was.slug.clone(), given::slug_of),
        summary: problems.open_text("summary", summary, was.summary.clone(), given::sentences),
        body: problems.open_text("body", body, was.body.clone(), given::body),
        time_zone: problems.kept_text("timeZone", time_zone, was.time_zone.clone(), given::time_zone),
        starts_at,
        ends_at,
        venue_name,
        venue_address,
        capacity,
        attendance,
        ..was
    }
}
