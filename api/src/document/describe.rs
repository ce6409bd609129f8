//! Descriptions in executable documents, which apollo-compiler 1 does not read: a string before an operation, a fragment or a variable
//! is blanked, so that every place keeps its line and column.
//!
//! <https://spec.graphql.org/September2025/#sec-Descriptions>

use std::borrow::Cow;
use std::ops::Range;

use crate::document::scan::{Token, tokens};

/// The document without its descriptions.
pub(super) fn undescribed(text: &str) -> Cow<'_, str> {
    let found = descriptions(text);
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut blanked = String::with_capacity(text.len());
    let mut from = 0;
    for Range { start, end } in found {
        blanked.push_str(&text[from..start]);
        blanked.extend(text[start..end].chars().map(|c| if matches!(c, '\n' | '\r') { c } else { ' ' }));
        from = end;
    }
    blanked.push_str(&text[from..]);
    Cow::Owned(blanked)
}

/// Where strings stand that describe what follows them.
fn descriptions(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    if !text.contains('"') {
        return found;
    }
    let mut open: Vec<u8> = Vec::new();
    let mut before = None;
    let mut waiting: Option<Range<usize>> = None;
    for Token { first, range } in tokens(text) {
        if let Some(string) = waiting.take() {
            let next = &text[range.clone()];
            let describes = match open.as_slice() {
                [] => matches!(next, "query" | "mutation" | "subscription" | "fragment"),
                _ => first == b'$',
            };
            if describes {
                found.push(string);
            }
        }
        match first {
            // Outside of everything, or among the variables of an operation, where it is no default value.
            b'"' if matches!(open.as_slice(), [] | [b'(']) && !matches!(before, Some(b'=' | b':')) => waiting = Some(range),
            b'{' | b'[' | b'(' => open.push(first),
            b'}' | b']' | b')' => drop(open.pop()),
            _ => {}
        }
        before = Some(first);
    }
    found
}
