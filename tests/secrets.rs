//! What secrets look like, and which of them stand where none may: in a database, in a log, in a file.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// What refresh tokens, keys of partners and the tokens of links begin with.
const OPAQUE: [&str; 4] = ["alr_", "alk_", "all_", "whsec_"];
/// What the tokens in mails about updates, comments and events begin with, and how many digits follow.
const SEALED: ([&str; 5], usize) = (["als_", "alu_", "alc_", "ale_", "alg_"], 64);
/// What the first two of the three parts of a signed token begin with.
const SIGNED: &str = "eyJ";
/// The letters of 256 bits. Fewer are what a list shows of a key.
const LETTERS: usize = 43;
const SHOWN: usize = 8;
/// Shorter ones are found by chance.
const SHORTEST: usize = 12;

static REMEMBERED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// The secrets in a text that are known by their form.
#[must_use]
pub fn formed(text: &str) -> Vec<&str> {
    let opaque = OPAQUE.iter().flat_map(|prefix| text.match_indices(prefix)).filter_map(|(at, prefix)| {
        let letters = letters(&text[at + prefix.len()..]);
        (letters.len() >= LETTERS && !is_shown(letters)).then(|| &text[at..at + prefix.len() + letters.len()])
    });
    let sealed = SEALED.0.iter().flat_map(|prefix| text.match_indices(prefix)).filter_map(|(at, prefix)| {
        let end = at + prefix.len() + SEALED.1;
        let token = text.get(at..end)?;
        token[prefix.len()..].bytes().all(|digit| digit.is_ascii_hexdigit()).then_some(token)
    });
    opaque.chain(sealed).chain(text.match_indices(SIGNED).filter_map(|(at, _)| signed(&text[at..]))).collect()
}

/// Whether these are the letters that a list shows of a key, with its hash right behind them as in a database's file.
fn is_shown(letters: &str) -> bool {
    letters.bytes().take(LETTERS).skip(SHOWN).all(|letter| matches!(letter, b'0'..=b'9' | b'a'..=b'f'))
}

/// The signed token that a text begins with.
fn signed(text: &str) -> Option<&str> {
    let (mut end, mut rest) = (0, text);
    for part in 0..3 {
        let letters = letters(rest).len();
        let is_one = letters >= SHORTEST && (part == 2 || rest.starts_with(SIGNED));
        rest = &rest[letters..];
        end += letters;
        match rest.strip_prefix('.') {
            _ if !is_one => return None,
            Some(next) if part < 2 => (rest, end) = (next, end + 1),
            None if part < 2 => return None,
            _ => {}
        }
    }
    Some(&text[..end])
}

/// The letters of base64 that a text begins with.
fn letters(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && !matches!(letter, '-' | '_'));
    &text[..end.unwrap_or(text.len())]
}

/// Remembers a secret that has no form of its own, such as a password, for as long as the tests run.
pub fn remember(secret: &str) {
    if secret.len() >= SHORTEST {
        REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner).insert(secret.to_owned());
    }
}

/// Remembers every password in the body of a request.
pub fn remember_of(body: &Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name.ends_with("assword") => remember(text),
                    other => remember_of(other),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(remember_of),
        _ => {}
    }
}

/// The secrets in a text: those that were remembered, and those that are known by their form. They are told shortened.
#[must_use]
pub fn all(text: &str) -> Vec<String> {
    let remembered = REMEMBERED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = remembered.iter().map(String::as_str).filter(|secret| text.contains(secret));
    known.chain(formed(text)).map(shortened).collect()
}

/// Enough of a secret to know which one it is.
#[must_use]
pub fn shortened(secret: &str) -> String {
    format!("{}…", secret.chars().take(10).collect::<String>())
}
