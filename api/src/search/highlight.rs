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
