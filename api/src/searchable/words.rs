//! What a word is, and the vocabulary: the words of all search documents, in lower case and without accents.

use std::collections::{BTreeSet, HashSet};

use crate::text::sort_key;

/// How many characters the longest word has that the vocabulary keeps.
const LONGEST: usize = 64;

/// The words of `text`: what stands between anything that is neither a letter nor a digit, as both databases have it.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The first text that comes after all those that begin with `beginning`, where text is ordered by its bytes.
#[must_use]
pub fn beyond(beginning: &str) -> String {
    let mut beyond = beginning.to_owned();
    if let Some(last) = beyond.pop() {
        // Characters have the order of their bytes; there is a gap before U+E000.
        beyond.push(char::from_u32(u32::from(last) + 1).unwrap_or('\u{E000}'));
    }
    beyond
}

/// Collects the words of many texts, each word once.
#[derive(Debug, Default)]
pub struct Vocabulary {
    seen: HashSet<String>,
    fresh: BTreeSet<String>,
}

impl Vocabulary {
    /// Adds the words of `text`.
    pub fn read(&mut self, text: &str) {
        for word in split(text) {
            if self.seen.contains(word) {
                continue;
            }
            self.seen.insert(word.to_owned());
            // Folding takes some characters apart, and may leave in between what stands in no word.
            let folded = sort_key(word);
            self.fresh.extend(split(&folded).filter(|word| word.chars().count() <= LONGEST).map(str::to_owned));
        }
    }

    /// The words that came since this was asked last, in order.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.fresh).into_iter().collect()
    }
}
