//! What is done to text before anybody sees it: Markdown to sanitised HTML and to plain text, and the folding that lists sort by.

mod balance;
pub mod headings;
pub mod line;
pub mod markdown;
pub mod name;
pub mod rich;
pub mod sanitiser;
mod tags;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A name as lists order it: lower case, without accents, so that both databases agree on the order.
#[must_use]
pub fn sort_key(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase()
}

/// Escapes what HTML would take for markup.
#[must_use]
pub fn escape_html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
