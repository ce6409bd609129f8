//! Found words, marked: the database sets two characters of Unicode's private use area around them, and here they become `<mark>`.

use crate::text::escape_html;

/// Set before a found word.
pub const OPEN: char = '\u{E000}';
/// Set after a found word.
pub const CLOSE: char = '\u{E001}';

/// HTML that holds nothing but text and `<mark>` elements, each of them closed, whatever `text` holds.
#[must_use]
pub fn html(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 32);
    let mut open = false;
    for part in text.split_inclusive([OPEN, CLOSE]) {
        let marker = part.chars().next_back().filter(|c| matches!(*c, OPEN | CLOSE));
        html.push_str(&escape_html(part.trim_end_matches([OPEN, CLOSE])));
        let opens = match marker {
            Some(OPEN) => true,
            Some(_) => false,
            None => continue,
        };
        if opens != open {
            html.push_str(if opens { "<mark>" } else { "</mark>" });
            open = opens;
        }
    }
    if open {
        html.push_str("</mark>");
    }
    html
}

/// An excerpt, as a place in a text with this `head` and this `tail`: with what stands before its first word and after its last one,
/// and with an ellipsis where words are left out.
#[must_use]
pub fn placed(excerpt: &str, head: &str, tail: &str) -> String {
    let no_word = |c: char| !c.is_alphanumeric();
    let words = excerpt.trim_start_matches(|c| no_word(c) && c != OPEN).trim_end_matches(|c| no_word(c) && c != CLOSE);
    let unmarked = |text: &str| text.replace([OPEN, CLOSE], "");
    let (shown, head, tail) = (unmarked(words), unmarked(head), unmarked(tail));
    let (first, last) = (head.trim_matches(no_word), tail.trim_matches(no_word));
    let before =
        head.split_once(first).filter(|_| !first.is_empty() && shown.starts_with(first)).map_or("…", |(before, _)| before);
    let after = tail.rsplit_once(last).filter(|_| !last.is_empty() && shown.ends_with(last)).map_or("…", |(_, after)| after);
    if shown.is_empty() { excerpt.to_owned() } else { format!("{before}{words}{after}") }
}
