//! Markdown as GitHub's, rendered and then sanitised, and the plain text of it.

use std::borrow::Cow;

use comrak::arena_tree::NodeEdge;
use comrak::nodes::NodeValue;
use comrak::{Arena, Options};

use crate::text::balance::DEEPEST;
use crate::text::line::is_text;
use crate::text::tags::{self, Piece};
use crate::text::{headings, sanitiser};

/// The number of the rules below. It rises when what they allow changes: HTML kept from older rules is then made anew.
pub const RENDERING: i32 = 3;

/// A task list shows what is done by a character: the box of a form does not pass the sanitiser.
const TASK_DONE: &str = "<input type=\"checkbox\" checked=\"\" disabled=\"\" />";
const TASK_OPEN: &str = "<input type=\"checkbox\" disabled=\"\" />";
const DONE: &str = "\u{2611}";
const OPEN: &str = "\u{2610}";
/// How many cells the tables of a text have at most: a row of one character gets as many as the first row has.
const MOST_CELLS: usize = 50_000;
/// What ends a line of the plain text, in HTML.
const LINES: [&str; 17] = [
    "blockquote",
    "br",
    "caption",
    "dd",
    "div",
    "dt",
    "figcaption",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "p",
    "summary",
    "tr",
];

const WORDS_PER_MINUTE: usize = 220;

/// The sanitised HTML of `markdown`, with an anchor at each heading.
#[must_use]
pub fn html(markdown: &str) -> String {
    let html = comrak::markdown_to_html(&shallow(markdown), &options(markdown)).replace(TASK_DONE, DONE).replace(TASK_OPEN, OPEN);
    headings::anchored(&sanitiser::clean(&html))
}

/// What `markdown` says, without its marks: blocks end in a line break.
#[must_use]
pub fn plain_text(markdown: &str) -> String {
    let arena = Arena::new();
    let mut text = String::with_capacity(markdown.len());
    let mut is_hidden = false;
    for edge in comrak::parse_document(&arena, &shallow(markdown), &options(markdown)).traverse() {
        match edge {
            NodeEdge::Start(node) => match &node.data.borrow().value {
                NodeValue::HtmlInline(tag) => is_hidden = tags::hides(tag).unwrap_or(is_hidden),
                _ if is_hidden => {}
                value => begin(value, &mut text),
            },
            NodeEdge::End(node) => end(&node.data.borrow().value, &mut text),
        }
    }
    text.retain(is_text);
    text.truncate(text.trim_end().len());
    text
}

/// How many minutes `plain_text` takes to read, at least one.
#[must_use]
pub fn reading_minutes(plain_text: &str) -> i32 {
    let words = plain_text.split_whitespace().count();
    i32::try_from(words.div_ceil(WORDS_PER_MINUTE)).unwrap_or(i32::MAX).max(1)
}

fn options(markdown: &str) -> Options<'static> {
    let mut options = Options::default();
    options.extension.strikethrough = true;
    options.extension.table = cells(markdown) <= MOST_CELLS;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    // Raw HTML goes through to the sanitiser, which keeps of it what it keeps of ours.
    options.render.r#unsafe = true;
    options
}

/// `markdown` whose lines begin with no more quotations within each other than are shown: what parses it takes the square of their number.
fn shallow(markdown: &str) -> Cow<'_, str> {
    let is_mark = |c: &(usize, char)| c.1.is_ascii_digit() || " \t>-*+.)".contains(c.1);
    let too_deep = |line: &str| line.char_indices().take_while(is_mark).filter(|(_, c)| *c == '>').nth(DEEPEST).map(|(at, _)| at);
    if !markdown.split(['\n', '\r']).any(|line| too_deep(line).is_some()) {
        return Cow::Borrowed(markdown);
    }
    let lines = markdown.split_inclusive(['\n', '\r']).flat_map(|line| {
        let (quotations, rest) = line.split_at(too_deep(line).unwrap_or(0));
        [quotations, if quotations.is_empty() { "" } else { "\\" }, rest]
    });
    Cow::Owned(lines.collect())
}

/// How many cells the tables of `markdown` may have: from the line that divides a table's head from its rows on, each line is a row until
/// one is blank.
fn cells(markdown: &str) -> usize {
    let (mut columns, mut cells) = (0, 0_usize);
    for line in markdown.split('\n').flat_map(|line| line.trim_end_matches('\r').split('\r')) {
        if line.trim_matches(['>', ' ', '\t']).is_empty() {
            columns = 0;
        } else if line.contains('-') && line.chars().all(|c| c.is_ascii_digit() || " \t|-:>*+.)".contains(c)) {
            columns = columns.max(line.split(['|', ' ']).filter(|cell| cell.contains('-')).count());
        }
        cells = cells.saturating_add(columns);
    }
    cells
}

fn begin(value: &NodeValue, text: &mut String) {
    match value {
        NodeValue::Text(words) => text.push_str(words),
        NodeValue::Code(code) => text.push_str(&code.literal),
        NodeValue::CodeBlock(block) => text.push_str(&block.literal),
        NodeValue::SoftBreak => text.push(' '),
        NodeValue::LineBreak => text.push('\n'),
        NodeValue::HtmlBlock(block) => write_html(&block.literal, text),
        NodeValue::Alert(alert) => {
            text.push_str(alert.title.as_deref().unwrap_or(alert.alert_type.default_title()));
            text.push('\n');
        }
        NodeValue::TaskItem(item) => {
            text.push_str(if item.symbol.is_some() { DONE } else { OPEN });
            text.push(' ');
        }
        _ => {}
    }
}

fn end(value: &NodeValue, text: &mut String) {
    if matches!(value, NodeValue::TableCell) {
        text.push(' ');
    } else if value.block() {
        end_line(text);
    }
}

fn end_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// What a piece of HTML says: its text, without tags, and without what the sanitiser drops whole.
fn write_html(html: &str, text: &mut String) {
    for piece in tags::pieces(html) {
        match piece {
            Piece::Text(words) if words.trim().is_empty() && text.ends_with('\n') => {}
            Piece::Text(words) => text.push_str(&words),
            Piece::Close(name) if matches!(&*name, "td" | "th") => text.push(' '),
            Piece::Open(name, _) | Piece::Close(name) if LINES.contains(&&*name) => {
                text.truncate(text.trim_end_matches(' ').len());
                end_line(text);
            }
            _ => {}
        }
    }
}
