//! The headings of a text: each has an anchor to which a link may lead.

use std::collections::{HashMap, HashSet};

use async_graphql::SimpleObject;
use html5ever::interface::QualName;
use html5ever::{Attribute, LocalName, Namespace};
use unicode_normalization::char::is_combining_mark;

use crate::text::sanitiser::PREFIX;
use crate::text::tags::{self, Piece};

/// How many characters of a heading its anchor has.
const LONGEST: usize = 80;

/// A heading of a formatted text: a line of its table of contents.
#[derive(Debug, Clone, PartialEq, Eq, SimpleObject)]
pub struct Heading {
    /// How far down it stands, from 1 to 6, as it was written: a text may begin with 2, and may leave one out.
    pub level: i32,
    /// What it says, as plain text.
    pub text: String,
    /// The id that it has in `html`: a link to it is `#` and this.
    pub anchor: String,
}

/// Sanitised HTML with an anchor at each heading that says something. Each id stands there once: it is the first one's.
#[must_use]
pub fn anchored(html: &str) -> String {
    let mut pieces = tags::pieces(html);
    let mut anchors = Anchors::default();
    for piece in &mut pieces {
        if let Piece::Open(_, attributes) = piece {
            attributes.retain(|attribute| &*attribute.name.local != "id" || anchors.taken.insert(attribute.value.to_string()));
        }
    }
    for Found { at, text, .. } in found(&pieces) {
        let anchor = anchors.anchor(&text);
        if let Piece::Open(_, attributes) = &mut pieces[at] {
            let name = QualName::new(None, Namespace::default(), LocalName::from("id"));
            attributes.push(Attribute { name, value: anchor.into() });
        }
    }
    written(&pieces, html.len())
}

/// The headings of HTML that has their anchors.
#[must_use]
pub fn contents(html: &str) -> Vec<Heading> {
    let pieces = tags::pieces(html);
    let headings = found(&pieces).into_iter();
    let of = |Found { at, level, text }| Some(Heading { level, text, anchor: pieces[at].attribute("id")?.to_owned() });
    headings.filter_map(of).collect()
}

struct Found {
    at: usize,
    level: i32,
    text: String,
}

/// The headings that say something.
fn found(pieces: &[Piece]) -> Vec<Found> {
    let mut headings: Vec<Found> = Vec::new();
    let (mut is_inside, mut is_footnote) = (false, false);
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Open(name, _) => {
                if let Some(level) = level(name) {
                    headings.push(Found { at, level, text: String::new() });
                    is_inside = true;
                } else if is_inside && piece.attribute("class") == Some("footnote-ref") {
                    is_footnote = true;
                } else if is_inside && let Some(heading) = headings.last_mut() {
                    heading.text.push_str(piece.attribute("alt").unwrap_or_default());
                }
            }
            Piece::Close(name) if level(name).is_some() => (is_inside, is_footnote) = (false, false),
            Piece::Close(name) if &**name == "sup" => is_footnote = false,
            Piece::Text(text) if is_inside && !is_footnote => {
                if let Some(heading) = headings.last_mut() {
                    heading.text.push_str(text);
                }
            }
            _ => {}
        }
    }
    for heading in &mut headings {
        heading.text = heading.text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    headings.retain(|heading| !heading.text.is_empty());
    headings
}

fn level(name: &str) -> Option<i32> {
    ["h1", "h2", "h3", "h4", "h5", "h6"].into_iter().zip(1..).find_map(|(heading, level)| (heading == name).then_some(level))
}

#[derive(Default)]
struct Anchors {
    taken: HashSet<String>,
    next: HashMap<String, usize>,
}

impl Anchors {
    /// An id as GitHub makes it: letters, digits and hyphens, and a number where another has it already.
    fn anchor(&mut self, text: &str) -> String {
        let is_kept = |c: &char| c.is_alphanumeric() || is_combining_mark(*c) || matches!(c, '-' | '_' | ' ');
        let words: String = text.to_lowercase().chars().filter(is_kept).take(LONGEST).collect();
        let words = words.trim().replace(' ', "-");
        let anchor = format!("{PREFIX}{}", if words.is_empty() { "section" } else { &words });
        let next = self.next.entry(anchor.clone()).or_default();
        loop {
            let numbered = if *next == 0 { anchor.clone() } else { format!("{anchor}-{next}") };
            *next += 1;
            if self.taken.insert(numbered.clone()) {
                return numbered;
            }
        }
    }
}

fn written(pieces: &[Piece], length: usize) -> String {
    let mut html = String::with_capacity(length + length / 8);
    for piece in pieces {
        match piece {
            Piece::Text(text) => tags::escape(&mut html, text),
            Piece::Open(name, attributes) => {
                let attributes = attributes.iter().map(|attribute| (&*attribute.name.local, &*attribute.value));
                tags::open(&mut html, name, attributes);
            }
            Piece::Close(name) => tags::close(&mut html, name),
        }
    }
    html
}
