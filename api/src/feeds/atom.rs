//! A feed as Atom, RFC 4287, with what was taken away as RFC 6721 has it, and pages of its archive as RFC 5005 has them.

use chrono::{DateTime, SecondsFormat, Utc};
use url::Url;

use crate::app::App;
use crate::error::Result;
use crate::feeds::place::Form;
use crate::feeds::xml::Xml;
use crate::feeds::{Departed, Entry, Feed, urn};

/// What our own elements are of: how many reacted, and what was wrong.
pub const OURS: &str = "urn:uuid:0c1e7a52-6d4b-5f38-9b0e-3a7d5c2f8e64";
const FEED: [(&str, &str); 4] = [
    ("xmlns", "http://www.w3.org/2005/Atom"),
    ("xmlns:at", "http://purl.org/atompub/tombstones/1.0"),
    ("xmlns:fh", "http://purl.org/syndication/history/1.0"),
    ("xmlns:alliance", OURS),
];
const TYPE: (&str, &str) = ("type", "application/atom+xml");

/// Writes a feed.
///
/// # Errors
/// Where it cannot be written.
pub fn write(app: &App, feed: &Feed) -> Result<String> {
    let Feed { place, page, updated, entries, departed, previous, next } = feed;
    let [xmlns, at, fh, ours] = FEED;
    let mut xml = Xml::new("feed", &[xmlns, at, fh, ours, ("xml:lang", &place.alliance.language)])?;
    xml.text("id", &[], &urn(place.id()))?;
    xml.text("title", &[], &place.title())?;
    if let Some(subtitle) = place.subtitle() {
        xml.text("subtitle", &[], subtitle)?;
    }
    xml.text("updated", &[], &moment(*updated))?;
    xml.begin("author", &[])?;
    xml.text("name", &[], &place.alliance.name)?;
    xml.end()?;
    xml.text("generator", &[("version", env!("CARGO_PKG_VERSION"))], "Alliance")?;
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &place.page(app))])?;
    let mut link = |rel, page| xml.empty("link", &[("rel", rel), TYPE, ("href", &place.feed(app, page, Form::Atom))]);
    link("self", *page)?;
    if page.is_some() {
        link("current", None)?;
    }
    if previous.is_some() {
        link("prev-archive", *previous)?;
    }
    if next.is_some() {
        link("next-archive", *next)?;
    }
    if page.is_some() {
        xml.empty("fh:archive", &[])?;
    }
    for gone in departed {
        self::departed(&mut xml, gone)?;
    }
    for entry in entries {
        self::entry(&mut xml, entry)?;
    }
    xml.finish()
}

fn departed(xml: &mut Xml, Departed { id, at }: &Departed) -> Result<()> {
    xml.empty("at:deleted-entry", &[("ref", &urn(*id)), ("when", &moment(*at))])
}

fn entry(xml: &mut Xml, entry: &Entry) -> Result<()> {
    xml.begin("entry", &[])?;
    xml.text("id", &[], &urn(entry.id))?;
    xml.text("title", &[], &entry.title)?;
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &entry.url)])?;
    xml.text("published", &[], &moment(entry.published))?;
    xml.text("updated", &[], &moment(entry.updated))?;
    if let Some(author) = &entry.author {
        xml.begin("author", &[])?;
        xml.text("name", &[], author)?;
        xml.end()?;
    }
    for campaign in &entry.campaigns {
        xml.empty("category", &[("term", &campaign.slug), ("label", &campaign.title)])?;
    }
    rights(xml, entry)?;
    if !entry.summary.is_empty() {
        xml.text("summary", &[], &entry.summary)?;
    }
    // Notes at its foot are linked to within it: they are found on its page.
    xml.text("content", &[("type", "html"), ("xml:base", &entry.url)], &entry.html)?;
    if let Some(reactions) = entry.reactions {
        xml.text("alliance:reactions", &[], &reactions.to_string())?;
    }
    for notice in &entry.corrections {
        xml.text("alliance:correction", &[("when", &moment(notice.at))], &notice.text)?;
    }
    xml.end()
}

fn rights(xml: &mut Xml, entry: &Entry) -> Result<()> {
    let said: Vec<&str> = [&entry.licence, &entry.usage_terms].into_iter().flatten().map(String::as_str).collect();
    if !said.is_empty() {
        xml.text("rights", &[], &said.join("\n"))?;
    }
    // RFC 4946: a licence that is an address.
    let address = entry.licence.as_deref().and_then(|licence| Url::parse(licence).ok());
    match address.filter(|address| matches!(address.scheme(), "https" | "http")) {
        Some(address) => xml.empty("link", &[("rel", "license"), ("href", address.as_str())]),
        None => Ok(()),
    }
}

/// A moment as RFC 3339 has it.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
