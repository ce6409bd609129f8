//! What is seen of a document before anything parses it: its length, how deep its brackets nest, how many tokens it has. One pass
//! over its bytes, so that no parser meets a document that could exhaust it.

use std::ops::Range;

use crate::config::limits::Limits;
use crate::error::report::Report;

/// Passes a document of at most so many bytes, or says which limit it breaks.
pub(super) fn scan(text: &str, most: u64, limits: &Limits) -> Result<(), Report> {
    length(text, most)?;
    let (mut count, mut depth, mut deepest) = (0_u64, 0_u64, 0_u64);
    for Token { first, .. } in tokens(text) {
        count += 1;
        match first {
            b'{' | b'[' | b'(' => depth += 1,
            b'}' | b']' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    if deepest > limits.document_nesting {
        return Err(Report::limit("nesting of the document", deepest, limits.document_nesting));
    }
    if count > limits.document_tokens {
        return Err(Report::limit("tokens of the document", count, limits.document_tokens));
    }
    Ok(())
}

/// Passes a document of at most so many bytes.
pub(super) fn length(text: &str, most: u64) -> Result<(), Report> {
    let bytes = text.len() as u64;
    if bytes > most { Err(Report::limit("bytes of the document", bytes, most)) } else { Ok(()) }
}

/// A token: its first byte, and where it stands.
pub(super) struct Token {
    pub(super) first: u8,
    pub(super) range: Range<usize>,
}

/// The tokens of a text, told apart well enough to count them.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(&first) = bytes.get(at) {
            let start = at;
            at += match first {
                b'#' => line(&bytes[at..]),
                b'"' => string(&bytes[at..]),
                word if is_word(word) => bytes[at..].iter().take_while(|byte| is_word(**byte)).count(),
                _ => 1,
            };
            if !matches!(first, b'#' | b' ' | b'\t' | b'\r' | b'\n' | b',') {
                return Some(Token { first, range: start..at.min(bytes.len()) });
            }
        }
        None
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'+') || byte >= 0x80
}

/// A comment, to the end of its line.
fn line(rest: &[u8]) -> usize {
    rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len())
}

/// A string or a block string, to its end or to that of the document.
fn string(rest: &[u8]) -> usize {
    if rest.starts_with(b"\"\"\"") {
        let mut at = 3;
        while at < rest.len() {
            match &rest[at..] {
                [b'\\', b'"', b'"', b'"', ..] => at += 4,
                [b'"', b'"', b'"', ..] => return at + 3,
                _ => at += 1,
            }
        }
        return rest.len();
    }
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            // A string ends with its line; what follows is a syntax error, and counts as tokens.
            b'\n' | b'\r' => return at,
            _ => at += 1,
        }
    }
    rest.len()
}

/// How deep a JSON value nests, at most `enough`.
pub(super) fn depth(value: &serde_json::Value, enough: u64) -> u64 {
    if enough == 0 {
        return 0;
    }
    match value {
        serde_json::Value::Array(items) => 1 + items.iter().map(|item| depth(item, enough - 1)).max().unwrap_or(0),
        serde_json::Value::Object(fields) => 1 + fields.values().map(|value| depth(value, enough - 1)).max().unwrap_or(0),
        _ => 0,
    }
}
