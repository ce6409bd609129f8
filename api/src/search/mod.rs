//! Full-text search over what is live: posts, campaigns, events and institutions.
//!
//! What has the whole phrase in its title comes first, then what has all the words there, then what has them anywhere; of equals the
//! newest first. Words match their other forms, the last word matches what begins with it.

pub mod highlight;
pub mod object;
pub mod query;
pub mod store;

use alliance_entity::search_document::SearchType;
use unicode_normalization::UnicodeNormalization;

use crate::scalar::Text;

/// How many words of a query count.
const MOST_WORDS: usize = 16;
/// A last word shorter than this is searched for as it stands, not as the beginning of others.
const SHORTEST_PREFIX: usize = 2;

/// What is searched for, and where.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Search {
    /// The words, without anything that a query language could take for its own.
    pub words: Vec<String>,
    /// The alliance to search in, by its slug.
    pub alliance: Option<Text>,
    /// The kinds of things to search for.
    pub types: Option<Vec<SearchType>>,
}

impl Search {
    /// Splits `query` where neither a letter nor a digit stands, as both databases do with what they index.
    #[must_use]
    pub fn new(query: &str, alliance: Option<Text>, types: Option<Vec<SearchType>>) -> Self {
        let query: String = query.nfc().collect();
        let words = query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MOST_WORDS);
        Self { words: words.map(str::to_lowercase).collect(), alliance, types }
    }

    /// The words in SQLite's language: all of them, or one after the other.
    #[must_use]
    pub fn fts5(&self, as_phrase: bool) -> String {
        self.join(if as_phrase { " + " } else { " AND " }, '"', "*")
    }

    /// The words in PostgreSQL's language.
    #[must_use]
    pub fn tsquery(&self, as_phrase: bool) -> String {
        self.join(if as_phrase { " <-> " } else { " & " }, '\'', ":*")
    }

    fn join(&self, between: &str, quote: char, prefix: &str) -> String {
        let mut joined: Vec<String> = self.words.iter().map(|word| format!("{quote}{word}{quote}")).collect();
        if let Some(last) = joined.last_mut().filter(|last| last.chars().count() >= SHORTEST_PREFIX) {
            last.push_str(prefix);
        }
        joined.join(between)
    }
}
