//! oEmbed 1.0: how other sites show a post among their own words.

use alliance_entity::alliance;
use alliance_entity::id::PersonId;
use chrono_tz::Tz;
use quick_xml::escape::escape;
use serde_json::{Value, json};

use crate::alliances;
use crate::alliances::address::{self, Kind, Named};
use crate::app::App;
use crate::error::Result;
use crate::feeds::Notice;
use crate::feeds::gather::notices;
use crate::feeds::xml::Xml;
use crate::loader::Load;
use crate::lookup::Lookup;
use crate::policy::syndication::anyone_may_carry;
use crate::posts::store::notes::CorrectionsOf;
use crate::posts::store::{self, LivePost};
use crate::viewer::Viewer;

/// How wide a card is where nobody says how wide it may be, in pixels.
const WIDTH: u32 = 600;
/// Below this a card cannot be read: a link is shown instead, in pixels.
const LEAST: u32 = 220;
/// For how long a site may keep an answer, in seconds.
const KEPT: u32 = 300;

/// How much room there is, in pixels.
#[derive(Debug, Clone, Copy, Default)]
pub struct Room {
    /// How wide it may be.
    pub width: Option<u32>,
    /// How high it may be.
    pub height: Option<u32>,
}

/// How a card is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// As JSON.
    Json,
    /// As XML.
    Xml,
}

/// A post as other sites show it.
#[derive(Debug, Clone)]
pub struct Card(Vec<(&'static str, Value)>);

/// The card of the post that an address leads to; nothing where it leads to none that anyone may carry.
///
/// # Errors
/// Where the database does not answer.
pub async fn card(app: &App, url: &str, room: Room) -> Result<Option<Card>> {
    let Some((alliance, post)) = find(app, url).await? else { return Ok(None) };
    if !anyone_may_carry(post.status, post.embargoed_until, app.clock().now()) {
        return Ok(None);
    }
    let author = match post.author_id {
        Some(id) => PersonId::load(app, &Viewer::Anonymous, vec![id]).await?.remove(&id).map(|author| author.name),
        None => None,
    };
    let corrections = CorrectionsOf::load(app, &Viewer::Anonymous, vec![CorrectionsOf(post.id)]).await?;
    let corrections = corrections.into_values().flatten().map(|one| Notice { at: one.corrected_at, text: one.text });
    let mut members = vec![
        ("version", json!("1.0")),
        ("title", json!(post.title)),
        ("author_name", json!(author.as_deref().unwrap_or(&alliance.name))),
        ("provider_name", json!(alliance.name)),
        ("provider_url", json!(address::of_alliance(app, &alliance))),
        ("cache_age", json!(KEPT)),
    ];
    let is_narrow = [room.width, room.height].into_iter().flatten().any(|pixels| pixels < LEAST);
    if is_narrow {
        members.push(("type", json!("link")));
    } else {
        let corrections: Vec<_> = corrections.collect();
        members.push(("type", json!("rich")));
        members.push(("width", json!(room.width.map_or(WIDTH, |most| most.min(WIDTH)))));
        // It is as high as its words are with the fonts of who shows it, where nobody says how high it may be.
        members.push(("height", json!(room.height)));
        members.push(("html", json!(html(app, &alliance, &post, (author, corrections)))));
    }
    Ok(Some(Card(members)))
}

async fn find(app: &App, url: &str) -> Result<Option<(alliance::Model, LivePost)>> {
    let anyone = &Viewer::Anonymous;
    if let Some((alliance, slug)) = address::read_own(app, url)
        && let Some(alliance) = alliances::store::find(app, anyone, alliance).await?
    {
        let lookup = Lookup::Slug { slug: slug.to_owned(), alliance: alliance.slug.clone() };
        return Ok(store::find(app, anyone, &lookup, false).await?.map(|post| (alliance, post)));
    }
    for alliance in alliances::store::with_template(app).await? {
        let Some(named) = alliance.link_template.as_deref().and_then(|template| address::read(template, url)) else { continue };
        let lookup = match named {
            Named::Id(id) => Lookup::Id(id),
            Named::Slug(slug) => Lookup::Slug { slug, alliance: alliance.slug.clone() },
        };
        let found = store::find(app, anyone, &lookup, false).await?;
        // Whoever took an address first has it: no other alliance speaks for its pages.
        return Ok(found.filter(|post| post.alliance_id == alliance.id).map(|post| (alliance, post)));
    }
    Ok(None)
}

/// A quotation with its source, which needs no script and no style.
fn html(app: &App, alliance: &alliance::Model, post: &LivePost, (author, corrections): (Option<String>, Vec<Notice>)) -> String {
    let zone: Tz = alliance.time_zone.parse().unwrap_or(Tz::UTC);
    let url = address::of(app, alliance, Kind::Post, &post.slug, post.id.0);
    let by: Vec<&str> = author.as_deref().into_iter().chain([alliance.name.as_str()]).collect();
    let day = post.first_published_at.map(|at| at.with_timezone(&zone).format("%Y-%m-%d").to_string()).unwrap_or_default();
    format!(
        "<blockquote cite=\"{url}\"><p><a href=\"{url}\"><strong>{title}</strong></a></p>\n{notices}<p>{excerpt}</p>\n<footer>{by}, <time datetime=\"{day}\">{day}</time></footer></blockquote>",
        url = escape(url.as_str()),
        title = escape(post.title.as_str()),
        notices = notices(&corrections, zone),
        excerpt = escape(post.excerpt.as_str()),
        by = escape(by.join(", ")),
    )
}

impl Card {
    /// Writes it.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn write(self, form: Form) -> Result<String> {
        let Self(members) = self;
        if form == Form::Json {
            let members = members.into_iter().map(|(name, value)| (name.to_owned(), value));
            return Ok(Value::Object(members.collect()).to_string());
        }
        let mut xml = Xml::new("oembed", &[])?;
        for (name, value) in &members {
            let said = if value.is_null() { String::new() } else { value.to_string() };
            xml.text(name, &[], value.as_str().unwrap_or(&said))?;
        }
        xml.finish()
    }
}
