//! Reading a partner's feed: a page of it, from where the partner stands.

use alliance_entity::id::{AllianceId, PostId};
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::error::{Error, Result};
use crate::outbox::tail::Tail;
use crate::outbox::topic::{self, Topic};
use crate::syndication::cursor::Place;
use crate::syndication::object::SyndicationChangeKind;
use crate::syndication::{change, store};
use crate::viewer::Carries;

/// How often events are read for one page: most of them may be of no matter to this partner.
const READS: usize = 20;
/// What a partner is told who would miss something.
const LOST: &str = "what happened behind this cursor is not known any more: read the feed anew without `after`, and take away what is not \
                    in it any more";

/// Something that happened to a post.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    /// What.
    pub kind: SyndicationChangeKind,
    /// To which post.
    pub post: PostId,
    /// When.
    pub at: DateTime<Utc>,
    /// Where a partner goes on behind it.
    pub place: Place,
}

/// A page of the feed.
#[derive(Debug)]
pub struct Found {
    /// What happened, in order.
    pub changes: Vec<Change>,
    /// Where a partner goes on behind it; where nothing happened, too.
    pub end: Place,
    /// Whether there is more to be told at once.
    pub has_next: bool,
}

/// The next changes that somebody is to know who carries posts.
///
/// # Errors
/// [`Error::Resync`] where that is not known any more.
pub async fn read(app: &App, carries: &Carries, place: Option<Place>, first: usize) -> Result<Found> {
    let Some(alliance) = alliance(carries) else {
        let end = Place::Behind(Tail::at_end(app.db()).await?.position());
        return Ok(Found { changes: Vec::new(), end: place.unwrap_or(end), has_next: false });
    };
    let place = match place {
        Some(place) => place,
        None => Place::Beginning { until: Tail::at_end(app.db()).await?.position(), after: None },
    };
    let mut found = Found { changes: Vec::new(), end: place, has_next: true };
    if let Place::Beginning { until, after } = place {
        begin(app, carries, (until, after), &mut found, first).await?;
    }
    if let Place::Behind(position) = found.end
        && found.changes.len() < first
    {
        go_on(app, (alliance, carries), position, &mut found, first).await?;
        // Looked at behind the reading: what is deleted meanwhile is not passed over.
        if !topic::is_known_since(app.db(), position).await? {
            return Err(Error::Resync(LOST));
        }
    }
    Ok(found)
}

/// The alliance whose posts are carried.
#[must_use]
pub fn alliance(carries: &Carries) -> Option<AllianceId> {
    match carries {
        Carries::Nothing => None,
        Carries::All(alliance) | Carries::Campaigns(alliance, _) => Some(*alliance),
    }
}

/// What is public now, as it was published.
async fn begin(
    app: &App,
    carries: &Carries,
    (until, after): (i64, Option<PostId>),
    found: &mut Found,
    first: usize,
) -> Result<()> {
    let posts = store::carried(app, carries, after, first as u64).await?;
    let is_last = posts.len() < first;
    for (post, at) in posts {
        let place = Place::Beginning { until, after: Some(post) };
        found.changes.push(Change { kind: SyndicationChangeKind::Published, post, at, place });
        found.end = place;
    }
    if is_last {
        found.end = Place::Behind(until);
    }
    Ok(())
}

/// What happened since.
async fn go_on(
    app: &App,
    (alliance, carries): (AllianceId, &Carries),
    position: i64,
    found: &mut Found,
    first: usize,
) -> Result<()> {
    let (db, mut position) = (app.db(), position);
    let until = Tail::at_end(db).await?.position();
    for _ in 0..READS {
        let events = Topic::Alliance(alliance).between(db, position, until).await?;
        let Some(last) = events.last() else {
            (found.end, found.has_next) = (Place::Behind(until), false);
            return Ok(());
        };
        position = last.position;
        for event in events {
            let Some(kind) = change(&event, carries) else { continue };
            let place = Place::Behind(event.position);
            found.changes.push(Change { kind, post: PostId(event.subject_id), at: event.recorded_at, place });
            if found.changes.len() == first {
                found.end = place;
                return Ok(());
            }
        }
        found.end = Place::Behind(position);
    }
    Ok(())
}
