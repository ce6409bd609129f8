//! A feed as JSON Feed 1.1, with all that Atom tells: what that has no names for stands under `_alliance`.

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::Result;
use crate::feeds::atom::moment;
use crate::feeds::place::Form;
use crate::feeds::{Departed, Entry, Feed, urn};

const VERSION: &str = "https://jsonfeed.org/version/1.1";

/// Writes a feed.
///
/// # Errors
/// Where it cannot be written.
pub fn write(app: &App, feed: &Feed) -> Result<String> {
    let Feed { place, page, updated, entries, departed, previous, next } = feed;
    let address = |page| place.feed(app, page, Form::Json);
    let deleted: Vec<Value> = departed.iter().map(|Departed { id, at }| json!({ "id": urn(*id), "when": moment(*at) })).collect();
    let ours = object(vec![
        ("id", Some(json!(urn(place.id())))),
        ("updated", Some(json!(moment(*updated)))),
        ("archive", page.map(|page| json!(page.to_string()))),
        ("current", page.map(|_| json!(address(None)))),
        ("nextArchive", next.map(|next| json!(address(Some(next))))),
        ("deleted", Some(json!(deleted))),
    ]);
    let feed = object(vec![
        ("version", Some(json!(VERSION))),
        ("title", Some(json!(place.title()))),
        ("description", place.subtitle().map(|text| json!(text))),
        ("home_page_url", Some(json!(place.page(app)))),
        ("feed_url", Some(json!(address(*page)))),
        // What came before: the pages of the archive, one after the other.
        ("next_url", previous.map(|previous| json!(address(Some(previous))))),
        ("language", Some(json!(place.alliance.language))),
        ("authors", Some(json!([{ "name": place.alliance.name }]))),
        ("_alliance", Some(ours)),
        ("items", Some(entries.iter().map(item).collect())),
    ]);
    Ok(feed.to_string())
}

fn item(entry: &Entry) -> Value {
    let corrections = entry.corrections.iter().map(|notice| json!({ "when": moment(notice.at), "text": notice.text }));
    let ours = object(vec![
        ("reactions", entry.reactions.map(|reactions| json!(reactions))),
        ("corrections", Some(corrections.collect())),
        ("licence", entry.licence.as_ref().map(|licence| json!(licence))),
        ("usageTerms", entry.usage_terms.as_ref().map(|terms| json!(terms))),
    ]);
    let tags: Vec<&str> = entry.campaigns.iter().map(|campaign| campaign.title.as_str()).collect();
    object(vec![
        ("id", Some(json!(urn(entry.id)))),
        ("url", Some(json!(entry.url))),
        ("title", Some(json!(entry.title))),
        ("content_html", Some(json!(entry.html))),
        ("summary", Some(json!(entry.summary)).filter(|_| !entry.summary.is_empty())),
        ("date_published", Some(json!(moment(entry.published)))),
        ("date_modified", Some(json!(moment(entry.updated)))),
        ("authors", entry.author.as_ref().map(|author| json!([{ "name": author }]))),
        ("tags", Some(json!(tags)).filter(|_| !tags.is_empty())),
        ("_alliance", Some(ours)),
    ])
}

/// An object of what is there.
fn object(members: Vec<(&str, Option<Value>)>) -> Value {
    let there = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(there.collect::<Map<_, _>>())
}
