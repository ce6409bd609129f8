//! What is searched for, in the languages of the databases. Every word is quoted: nothing in it is a command.

use crate::search::Search;

/// How many words a phrase may name, all of its variants together; it names fewer beginnings then.
const MOST_IN_A_PHRASE: usize = 64;

/// A search, with the words that its last word begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Sought {
    /// What the client asked for.
    pub search: Search,
    /// Words of the vocabulary, which stand for the last one as well as itself.
    pub begun: Vec<String>,
}

impl Sought {
    /// The words in SQLite's language: all of them, or one after the other. A phrase holds no choice there, so that each has its own.
    #[must_use]
    pub fn fts5(&self, as_phrase: bool) -> String {
        let (mut words, last) = self.quoted('"', as_phrase);
        if !as_phrase {
            words.push(either(&last, " OR "));
            return words.join(" AND ");
        }
        let phrase = |last: String| words.iter().cloned().chain([last]).collect::<Vec<_>>().join(" + ");
        last.into_iter().map(phrase).collect::<Vec<_>>().join(" OR ")
    }

    /// The words in PostgreSQL's language.
    #[must_use]
    pub fn tsquery(&self, as_phrase: bool) -> String {
        let (mut words, last) = self.quoted('\'', as_phrase);
        words.push(either(&last, " | "));
        words.join(if as_phrase { " <-> " } else { " & " })
    }

    /// All words but the last, and what may stand in its place.
    fn quoted(&self, quote: char, as_phrase: bool) -> (Vec<String>, Vec<String>) {
        let quoted = |word: &String| format!("{quote}{word}{quote}");
        let Some((last, words)) = self.search.words.split_last() else { return (Vec::new(), vec![format!("{quote}{quote}")]) };
        let most = if as_phrase { MOST_IN_A_PHRASE / self.search.words.len() } else { usize::MAX };
        let begun = self.begun.iter().filter(|word| *word != last);
        (words.iter().map(quoted).collect(), [last].into_iter().chain(begun).take(most).map(quoted).collect())
    }
}

fn either(words: &[String], or: &str) -> String {
    if words.len() == 1 { words.concat() } else { format!("({})", words.join(or)) }
}
