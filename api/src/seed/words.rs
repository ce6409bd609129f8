//! Text for measuring: paragraphs of words whose frequencies fall off as those of a language do. The two words `housing` and `council`
//! stand in one paragraph of fifty each, so that some posts of a hundred have both.

use rand::Rng;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;

use crate::text::markdown;

const PARAGRAPHS: usize = 1_000;
const WORDS_IN_A_PARAGRAPH: usize = 62;
const INVENTED: usize = 3_000;
const RARE_WORDS: [&str; 2] = ["housing", "council"];
const ONE_IN: usize = 50;
const FREQUENT: [&str; 48] = [
    "the", "and", "of", "to", "in", "a", "people", "we", "for", "city", "that", "with", "members", "on", "our", "meeting",
    "from", "school", "they", "at", "campaign", "by", "union", "not", "leaders", "each", "church", "mosque", "who", "wage",
    "living", "have", "air", "street", "young", "heard", "asked", "answer", "promise", "refuge", "welcome", "home", "work",
    "listen", "hope", "act", "together", "change",
];
const SYLLABLES: [&str; 16] =
    ["bar", "cor", "dan", "fel", "gar", "hol", "kin", "lam", "mer", "nor", "pol", "rin", "sut", "tam", "ven", "wick"];

/// A paragraph, in three forms.
pub(super) struct Paragraph {
    pub(super) markdown: String,
    pub(super) html: String,
    pub(super) plain: String,
}

/// What posts are put together from.
pub(super) struct Bank {
    words: Vec<String>,
    paragraphs: Vec<Paragraph>,
}

impl Bank {
    pub(super) fn new(random: &mut ChaCha8Rng) -> Self {
        let syllable = |n: usize| SYLLABLES[n % SYLLABLES.len()];
        let invented = (0..INVENTED).map(|n| [syllable(n), syllable(n / 16), syllable(n / 256)].concat());
        let words = FREQUENT.iter().map(|word| (*word).to_owned()).chain(invented).collect();
        let mut bank = Self { words, paragraphs: Vec::with_capacity(PARAGRAPHS) };
        for n in 0..PARAGRAPHS {
            let paragraph = bank.paragraph(n, random);
            bank.paragraphs.push(paragraph);
        }
        bank
    }

    fn paragraph(&self, n: usize, random: &mut ChaCha8Rng) -> Paragraph {
        let mut words: Vec<&str> = (0..WORDS_IN_A_PARAGRAPH).map(|_| self.word(random)).collect();
        for (nth, rare) in RARE_WORDS.into_iter().enumerate() {
            if n % ONE_IN == nth || n % (ONE_IN * 8) == ONE_IN - 1 {
                let place = random.random_range(0..words.len());
                words[place] = rare;
            }
        }
        let plain = format!("{}.", words.join(" "));
        let markdown = plain.replacen(" people ", " **people** ", 1);
        Paragraph { html: markdown::html(&markdown), markdown, plain }
    }

    /// A word, the first ones far more often than the last.
    fn word(&self, random: &mut ChaCha8Rng) -> &str {
        let all = self.words.len();
        let mut place = || random.random_range(0..all);
        &self.words[place() * place() / all * place() / all]
    }

    /// Some words that make a title.
    pub(super) fn title(&self, random: &mut ChaCha8Rng) -> String {
        let mut words: Vec<&str> = (0..6).map(|_| self.word(random)).collect();
        if random.random_ratio(1, 50) {
            words[2] = RARE_WORDS[random.random_range(0..RARE_WORDS.len())];
        }
        words.join(" ")
    }

    /// Ten paragraphs: some 4 KB of Markdown.
    pub(super) fn body(&self, random: &mut ChaCha8Rng) -> Vec<&Paragraph> {
        (0..10).filter_map(|_| self.paragraphs.choose(random)).collect()
    }
}
