//! The tags of an author's HTML, put in order: each closed where it belongs, and none too deep. A parser of HTML repairs what is out of order by
//! copying open elements, and looks through all of them again and again: a text of some kilobytes could fill the memory.

use html5ever::{Attribute, LocalName};

use crate::text::sanitiser::{EVERYWHERE, attributes_of};
use crate::text::tags::{self, Piece};

/// How many elements stand within each other at most. Those that are deeper go, and what is in them stays.
pub(super) const DEEPEST: usize = 100;
const EMPTY: [&str; 5] = ["br", "col", "hr", "img", "wbr"];
/// Nothing within them closes what is open around them.
const CELLS: [&str; 4] = ["caption", "table", "td", "th"];
const IN_TABLES: [&str; 9] = ["caption", "colgroup", "col", "tbody", "td", "tfoot", "th", "thead", "tr"];
const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];
/// A paragraph ends where they begin.
const BLOCKS: [&str; 23] = [
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hr",
    "li",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];

/// `html` with the elements that pass alone, in order.
pub(super) fn balanced(html: &str) -> String {
    let mut balance = Balance { html: String::with_capacity(html.len()), ..Balance::default() };
    for piece in tags::pieces(html) {
        match piece {
            Piece::Text(text) => balance.text(&text),
            Piece::Open(name, attributes) => balance.open(name, &attributes),
            Piece::Close(name) => balance.close(&name),
        }
    }
    balance.close_to(0);
    balance.html
}

#[derive(Default)]
struct Balance {
    html: String,
    open: Vec<LocalName>,
    /// Those that were too deep.
    skipped: Vec<LocalName>,
}

impl Balance {
    fn text(&mut self, text: &str) {
        // A parser drops the first line break in this element, and would drop the next one when the HTML is read again.
        let begins = self.html.ends_with('>') && self.html.rfind('<').is_some_and(|tag| self.html[tag..].starts_with("<pre"));
        tags::escape(&mut self.html, if begins { text.trim_start_matches('\n') } else { text });
    }

    fn open(&mut self, name: LocalName, attributes: &[Attribute]) {
        let Some(allowed) = attributes_of(&name) else { return };
        self.end_before(&name);
        // A link within a link, where a table lies between them, would be read as two.
        if &*name == "a" && self.open.contains(&name) {
            return;
        }
        if IN_TABLES.contains(&&*name) && !self.within_table(&name) {
            return;
        }
        let is_empty = EMPTY.contains(&&*name);
        if !is_empty && self.open.len() >= DEEPEST {
            self.skipped.push(name);
            return;
        }
        let kept = attributes.iter().map(|attribute| (&*attribute.name.local, &*attribute.value));
        tags::open(&mut self.html, &name, kept.filter(|(name, _)| allowed.contains(name) || EVERYWHERE.contains(name)));
        if !is_empty {
            self.open.push(name);
        }
    }

    /// Whether a part of a table stands in one; what a parser would put around it is opened.
    fn within_table(&mut self, name: &str) -> bool {
        let around: &[(&str, &str)] = match name {
            "tr" => &[("table", "tbody")],
            "td" | "th" => &[("table", "tbody"), ("tbody", "tr"), ("thead", "tr"), ("tfoot", "tr")],
            "col" => &[("table", "colgroup")],
            _ => &[],
        };
        for (outer, inner) in around {
            if self.open.len() < DEEPEST && self.open.last().is_some_and(|open| &**open == *outer) {
                self.open(LocalName::from(*inner), &[]);
            }
        }
        self.open.iter().any(|open| &**open == "table")
    }

    fn close(&mut self, name: &LocalName) {
        if self.skipped.last() == Some(name) {
            self.skipped.pop();
            return;
        }
        let walls: &[&str] = if &**name == "table" || IN_TABLES.contains(&&**name) { &["table"] } else { &CELLS };
        if let Some(at) = self.innermost(&[&**name], walls) {
            self.skipped.clear();
            self.close_to(at);
        }
    }

    /// Closes what ends of itself where `name` begins.
    fn end_before(&mut self, name: &str) {
        if BLOCKS.contains(&name) || HEADINGS.contains(&name) {
            self.end(&["p"], &CELLS);
            self.end(&HEADINGS, &CELLS);
        }
        match name {
            "a" => self.end(&["a"], &CELLS),
            "li" => self.end(&["li"], &["ol", "ul", "caption", "table", "td", "th"]),
            "dd" | "dt" => self.end(&["dd", "dt"], &["dl", "caption", "table", "td", "th"]),
            "rp" | "rt" => self.end(&["rp", "rt"], &["ruby", "caption", "table", "td", "th"]),
            "td" | "th" => self.end(&["caption", "colgroup", "td", "th"], &["table"]),
            "tr" => self.end(&["caption", "colgroup", "tr"], &["table"]),
            "caption" | "colgroup" | "tbody" | "tfoot" | "thead" => {
                self.end(&["caption", "colgroup", "tbody", "tfoot", "thead", "tr"], &["table"]);
            }
            _ => {}
        }
    }

    /// Closes the outermost of `names` on this side of a wall.
    fn end(&mut self, names: &[&str], walls: &[&str]) {
        while let Some(at) = self.innermost(names, walls) {
            self.close_to(at);
        }
    }

    /// Where the innermost of `names` is open on this side of a wall.
    fn innermost(&self, names: &[&str], walls: &[&str]) -> Option<usize> {
        let near = self.open.iter().rposition(|open| names.contains(&&**open) || walls.contains(&&**open))?;
        names.contains(&&*self.open[near]).then_some(near)
    }

    fn close_to(&mut self, depth: usize) {
        for name in self.open.drain(depth..).rev() {
            tags::close(&mut self.html, &name);
        }
    }
}
