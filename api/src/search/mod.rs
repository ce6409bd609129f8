//! Full-text search over what is live: posts, campaigns, events and institutions.
//!
//! What has the whole phrase in its title comes first, then what has all the words there, then what has them anywhere; of equals the
//! newest first. Words match their other forms. The last word matches what begins with it, too: since the databases keep stems,
//! which are no beginnings, those words are looked up in a vocabulary and searched for beside it.

pub mod highlight;
pub mod language;
pub mod object;
pub mod query;
pub mod store;

use alliance_entity::search_document::SearchType;
use unicode_normalization::UnicodeNormalization;

use crate::scalar::Text;
use crate::searchable::words;
use crate::text::sort_key;

/// How many words of a query count.
const MOST_WORDS: usize = 16;
/// A last word shorter than this is searched for as it stands, not as the beginning of others.
const SHORTEST_BEGINNING: usize = 2;

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
        let words = words::split(&query).take(MOST_WORDS).map(str::to_lowercase).collect();
        Self { words, alliance, types }
    }

    /// The last word as the vocabulary writes it, where it counts as the beginning of others.
    #[must_use]
    pub fn beginning(&self) -> Option<String> {
        let beginning = sort_key(self.words.last()?);
        (beginning.chars().count() >= SHORTEST_BEGINNING).then_some(beginning)
    }
}
