//! What a feed tells: the posts that anyone may carry, who wrote them, what was corrected, and what was taken away.

use std::collections::HashMap;
use std::fmt::Write;

use alliance_entity::alliance::{self, FeedContent};
use alliance_entity::id::{PersonId, PostId};
use alliance_entity::reaction::SubjectType;
use alliance_entity::{person, post_correction};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use quick_xml::escape::escape;

use crate::alliances::address::{self, Kind};
use crate::app::App;
use crate::error::{Error, Result};
use crate::feeds::month::{Month, Page};
use crate::feeds::place::{Of, Place};
use crate::feeds::{Departed, Entry, Feed, MOST, NEWEST, Notice, PART, SETTLED, TOLD_DAYS, Tag, store};
use crate::loader::Load;
use crate::posts::Scope;
use crate::posts::store::carried::{self, Arrival, Departure, Side, Span};
use crate::posts::store::notes::CorrectionsOf;
use crate::posts::store::{Body, LivePost};
use crate::reactions::store::sums::{Sums, SumsOf};
use crate::reactions::summary::ReactionSummary;
use crate::text::rich::RichText;
use crate::viewer::Viewer;

/// The feed of a place: its newest posts, those that changed last, and in any case those of this month that are on no page of the archive yet.
///
/// # Errors
/// Where the database does not answer.
pub async fn current(app: &App, place: Place) -> Result<Feed> {
    let (now, at) = (app.clock().now(), whereabouts(&place));
    let this = Month::of(now);
    let full = parts(app, at, this).await?;
    let others = carried::arrived(app, at, span(this), (u64::from(full) * PART, MOST)).await?;
    let others = others.iter().filter(|one| one.left_at.is_none()).map(|one| one.post_id).collect();
    let posts = carried::latest(app, at, NEWEST, others).await?;
    let mut departed = carried::departed(app, at, MOST).await?;
    let last = departed.first().map(|one| one.left_at);
    departed.retain(|one| one.left_at >= now - TimeDelta::days(TOLD_DAYS));
    let previous = before(app, at, Page { month: this, part: full + 1 }).await?;
    let entries = entries(app, &place.alliance, posts, true).await?;
    // What is told no more has changed the feed all the same: it never says that it is older than it was.
    let changed = Some(place.times().1).max(last);
    Ok(feed(place, (None, changed), entries, departed, [previous, None]))
}

/// A page of the archive of a place: what came to it in a month that is over, or as much of this month as fills a page. Nothing where there is
/// no such page.
///
/// # Errors
/// Where the database does not answer.
pub async fn archive(app: &App, place: Place, page: Page) -> Result<Option<Feed>> {
    let (at, Page { month, part }) = (whereabouts(&place), page);
    if month > Month::of(app.clock().now()) {
        return Ok(None);
    }
    let all = parts(app, at, month).await?;
    if part > all {
        return Ok(None);
    }
    let arrived = carried::arrived(app, at, span(month), (u64::from(part - 1) * PART, PART)).await?;
    let there = arrived.iter().filter(|one| one.left_at.is_none()).map(|one| one.post_id).collect();
    let gone = |one: &Arrival| Some(Departure { post_id: one.post_id, left_at: one.left_at? });
    let mut departed: Vec<Departure> = arrived.iter().filter_map(gone).collect();
    departed.sort_unstable_by_key(|one| std::cmp::Reverse((one.left_at, one.post_id)));
    let posts = carried::whole(app, there).await?;
    let beside = [before(app, at, page).await?, after(app, at, page, all).await?];
    let entries = entries(app, &place.alliance, posts, false).await?;
    // It changes with what is in it alone.
    Ok(Some(feed(place, (Some(page), None), entries, departed, beside)))
}

/// How many pages of the archive a month has: of this one those that are full, and to which nothing is added any more.
async fn parts(app: &App, at: carried::Place, month: Month) -> Result<u32> {
    let now = app.clock().now();
    let count =
        carried::count(app, at, Span { before: month.end().min(now - TimeDelta::seconds(SETTLED)), ..span(month) }).await?;
    let parts = if month < Month::of(now) { count.div_ceil(PART) } else { count / PART };
    u32::try_from(parts).map_err(Error::internal)
}

async fn before(app: &App, at: carried::Place, Page { month, part }: Page) -> Result<Option<Page>> {
    if part > 1 {
        return Ok(Some(Page { month, part: part - 1 }));
    }
    let Some(came) = carried::neighbour(app, at, span(month), Side::Before).await? else { return Ok(None) };
    let month = Month::of(came);
    Ok(Some(Page { month, part: parts(app, at, month).await? }))
}

async fn after(app: &App, at: carried::Place, Page { month, part }: Page, all: u32) -> Result<Option<Page>> {
    if part < all {
        return Ok(Some(Page { month, part: part + 1 }));
    }
    let Some(came) = carried::neighbour(app, at, span(month), Side::After).await? else { return Ok(None) };
    let month = Month::of(came);
    Ok((parts(app, at, month).await? > 0).then_some(Page { month, part: 1 }))
}

fn whereabouts(place: &Place) -> carried::Place {
    let scope = match place.of {
        Of::Alliance => Scope::Alliance,
        Of::Campaign(_) => Scope::Campaign,
        Of::Institution(_) => Scope::Institution,
    };
    carried::Place { scope, id: place.id() }
}

fn span(month: Month) -> Span {
    Span { from: month.start(), before: month.end() }
}

fn feed(
    place: Place,
    (page, changed): (Option<Page>, Option<DateTime<Utc>>),
    entries: Vec<Entry>,
    departed: Vec<Departure>,
    [previous, next]: [Option<Page>; 2],
) -> Feed {
    let departed: Vec<_> = departed.into_iter().map(|one| Departed { id: one.post_id, at: one.left_at }).collect();
    let moments = entries.iter().map(|entry| entry.updated).chain(departed.iter().map(|one| one.at));
    let updated = moments.chain(changed).max().unwrap_or(place.times().0);
    Feed { place, page, updated, entries, departed, previous, next }
}

/// What is told of posts beside themselves.
struct Beside {
    authors: HashMap<PersonId, person::Model>,
    campaigns: HashMap<PostId, Vec<Tag>>,
    corrections: HashMap<CorrectionsOf, Vec<post_correction::Model>>,
    /// None where sums are not told.
    sums: Option<HashMap<SumsOf, Sums>>,
}

async fn entries(app: &App, alliance: &alliance::Model, posts: Vec<LivePost>, counted: bool) -> Result<Vec<Entry>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    let (anyone, ids) = (&Viewer::Anonymous, || posts.iter().map(|post| post.id));
    let mut authors: Vec<PersonId> = posts.iter().filter_map(|post| post.author_id).collect();
    authors.sort_unstable();
    authors.dedup();
    let sums = || ids().map(|id| SumsOf { on: SubjectType::Post, id: id.0 }).collect();
    let mut beside = Beside {
        authors: PersonId::load(app, anyone, authors).await?,
        campaigns: store::campaigns_of(app, ids().collect()).await?,
        corrections: CorrectionsOf::load(app, anyone, ids().map(CorrectionsOf).collect()).await?,
        sums: if counted { Some(SumsOf::load(app, anyone, sums()).await?) } else { None },
    };
    posts.into_iter().map(|post| entry(app, alliance, post, &mut beside)).collect()
}

fn entry(app: &App, alliance: &alliance::Model, post: LivePost, beside: &mut Beside) -> Result<Entry> {
    let missing = |what| Error::internal(format!("a public post has no {what}"));
    let published = post.first_published_at.ok_or_else(|| missing("day of publication"))?;
    let corrections = beside.corrections.remove(&CorrectionsOf(post.id)).unwrap_or_default();
    let corrections: Vec<_> = corrections.into_iter().map(|one| Notice { at: one.corrected_at, text: one.text }).collect();
    let body = post.body.ok_or_else(|| missing("body"))?;
    let zone = alliance.time_zone.parse().unwrap_or(Tz::UTC);
    let sums = beside.sums.as_mut().map(|sums| sums.remove(&SumsOf { on: SubjectType::Post, id: post.id.0 }).unwrap_or_default());
    Ok(Entry {
        id: post.id.0,
        url: address::of(app, alliance, Kind::Post, &post.slug, post.id.0),
        html: notices(&corrections, zone) + &content(alliance.feed_content, &post.excerpt, body),
        title: post.title,
        summary: post.excerpt,
        published,
        updated: post.updated_at.max(published),
        author: post.author_id.and_then(|id| beside.authors.get(&id)).map(|author| author.name.clone()),
        campaigns: beside.campaigns.remove(&post.id).unwrap_or_default(),
        reactions: sums.and_then(|sums| ReactionSummary::new(app, post.id.0, sums).told()),
        corrections,
        licence: post.licence.or_else(|| alliance.licence.clone()),
        usage_terms: post.usage_terms.or_else(|| alliance.usage_terms.clone()),
    })
}

/// What was wrong, before all else: whoever carries a post carries its corrections.
pub(super) fn notices(corrections: &[Notice], zone: Tz) -> String {
    let mut html = String::new();
    for Notice { at, text } in corrections {
        let day = at.with_timezone(&zone).format("%Y-%m-%d");
        let lines: Vec<_> = text.lines().map(escape).collect();
        let said = lines.join("<br>");
        writeln!(html, "<p><strong>Correction (<time datetime=\"{day}\">{day}</time>):</strong> {said}</p>").expect("text grows");
    }
    html
}

fn content(content: FeedContent, excerpt: &str, body: Body) -> String {
    match content {
        FeedContent::Full => RichText::rendered(body.markdown, body.html, body.rendering).sanitised().into_owned(),
        FeedContent::Excerpt => format!("<p>{}</p>", escape(excerpt)),
    }
}
