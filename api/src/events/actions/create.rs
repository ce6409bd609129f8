//! Writing an event.

use alliance_entity::event::{self, EventStatus};
use alliance_entity::id::{AllianceId, CampaignId};
use chrono::{DateTime, Utc};

use crate::alliances;
use crate::caller::Caller;
use crate::editing::given::{self, Problems};
use crate::editing::rendered::Ahead;
use crate::editing::{self, Act};
use crate::error::Result;
use crate::events::actions::{Place, check_end, check_number, knows_campaigns, place};
use crate::events::store::change as store;
use crate::id;
use crate::policy::Action;

const DONE: Act = Act { action: "eventCreate", event: "EventCreated" };

/// What the event says.
#[derive(Debug)]
pub struct Create {
    /// Whose it is.
    pub alliance: AllianceId,
    /// Its title.
    pub title: String,
    /// Its slug; else one made of the title.
    pub slug: Option<String>,
    /// What it is, in plain text.
    pub summary: Option<String>,
    /// The whole of it, in Markdown.
    pub body: Option<String>,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// The time zone of its place; else its alliance's.
    pub time_zone: Option<String>,
    /// Where it takes place.
    pub venue: Option<Place>,
    /// How many people the place holds.
    pub capacity: Option<i32>,
    /// The campaigns that it belongs to.
    pub campaigns: Vec<CampaignId>,
}

/// Writes an event as a draft.
///
/// # Errors
/// [`crate::error::Error::Forbidden`], [`crate::error::Error::NotFound`]; [`crate::error::Error::Refused`] with what is wrong.
pub async fn create(caller: &Caller, input: Create) -> Result<event::Model> {
    caller.viewer.must(Action::CreateEvent(input.alliance))?;
    let alliance = input.alliance;
    let ahead = Ahead::of(caller, input.body.as_deref()).await?;
    let (row, slug, campaigns) = read(caller, input, &ahead)?;
    let txn = caller.app.db().begin().await?;
    let alliances_zone = alliances::store::hold(&txn, alliance).await?.time_zone;
    knows_campaigns(caller, &txn, alliance, &campaigns).await?;
    let time_zone = if row.time_zone.is_empty() { alliances_zone } else { row.time_zone.clone() };
    let new = |slug| event::Model { slug, time_zone: time_zone.clone(), ..row.clone() };
    let row = editing::add::<event::Entity>(&txn, slug, alliance, new).await?;
    store::set_campaigns(&txn, &row, &campaigns).await?;
    ahead.keep(&txn, alliance, row.id.0).await?;
    editing::record_new::<event::Entity>(caller, &txn, DONE, &row).await?;
    caller.commit(txn).await?;
    Ok(row)
}

/// The row, as far as it follows from what was given.
fn read(caller: &Caller, input: Create, ahead: &Ahead) -> Result<(event::Model, editing::NewSlug, Vec<CampaignId>)> {
    let Create { alliance, title, slug, summary, body, starts_at, ends_at, time_zone, venue, capacity, campaigns } = input;
    let (mut problems, now) = (Problems::default(), caller.now());
    let title = problems.text("title", &title, given::title);
    let slug = problems.new_slug(slug.as_deref(), &title, "event");
    let (venue_name, venue_address) = place(&mut problems, venue);
    check_end(&mut problems, starts_at, ends_at);
    check_number(&mut problems, "capacity", capacity);
    let row = event::Model {
        id: id::new(now),
        alliance_id: alliance,
        slug: String::new(),
        status: EventStatus::Draft,
        summary: problems.text("summary", summary.as_deref().unwrap_or_default(), given::sentences),
        body: problems.text("body", body.as_deref().unwrap_or_default(), given::body),
        title,
        starts_at,
        ends_at,
        time_zone: time_zone.map_or_else(String::new, |zone| problems.text("timeZone", &zone, given::time_zone)),
        rescheduled_from: None,
        reschedule_reason: None,
        cancel_reason: None,
        venue_name,
        venue_address,
        capacity,
        attendance: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let campaigns = problems.new_links("campaigns", campaigns);
    ahead.check("body", &mut problems);
    problems.end()?;
    Ok((row, slug, campaigns))
}
