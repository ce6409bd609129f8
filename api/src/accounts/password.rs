//! What makes a password good enough, and what is said where it is not.

use secrecy::{ExposeSecret, SecretString};
use zxcvbn::feedback::{Feedback, Warning};
use zxcvbn::{Score, zxcvbn};

use crate::error::Result;
use crate::error::problem::UserErrorCode;
use crate::passwords::{LONGEST, Passwords, normal};

/// Bytes that a password has at least: fewer where a second factor stands beside it.
pub(super) const SHORTEST: usize = 15;
const SHORTEST_OF_TWO: usize = 8;
/// Estimating takes more than twice as long for twice as much: what is beyond only makes it harder to guess.
const ESTIMATED: usize = 100;
/// Words about a person that are looked for; shorter ones are found everywhere.
const WORDS: usize = 32;
const LETTERS_OF_A_WORD: usize = 3;
/// What everybody here would think of.
const OURS: &str = "alliance citizens";

/// Why a password will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// Whether it is too long or too easily guessed.
    pub code: UserErrorCode,
    /// What is wrong with it and what to do, in a sentence.
    pub reason: String,
}

/// What is wrong with a new password; nothing where it will do. `about` is what others know of its owner: the name, the e-mail
/// address, the alliance's name.
///
/// # Errors
/// [`crate::error::Error::RateLimited`] where too many passwords are being checked.
pub async fn flaw(passwords: &Passwords, password: &SecretString, about: &[&str], second_factor: bool) -> Result<Option<Flaw>> {
    let bytes = password.expose_secret().len();
    if bytes > LONGEST {
        let reason = format!("A password has at most {LONGEST} bytes; this one has {bytes}.");
        return Ok(Some(Flaw { code: UserErrorCode::TooLong, reason }));
    }
    let (password, words) = (normal(password), words(about));
    let shortest = if second_factor { SHORTEST_OF_TWO } else { SHORTEST };
    if password.expose_secret().len() < shortest {
        return Ok(Some(weak(format!(
            "A password has at least {shortest} characters. A few words that only you would put together are easy to remember."
        ))));
    }
    passwords.compute(move || guessed(&password, &words)).await
}

fn weak(reason: String) -> Flaw {
    Flaw { code: UserErrorCode::Weak, reason }
}

/// How easily it is guessed by somebody who knows these words. Without them it must be as hard to guess as any other.
fn guessed(password: &SecretString, words: &[String]) -> Option<Flaw> {
    let estimated = SecretString::from(password.expose_secret().chars().take(ESTIMATED).collect::<String>());
    let entropy = zxcvbn(estimated.expose_secret(), &words.iter().map(String::as_str).collect::<Vec<_>>());
    let rest = without(words, &estimated);
    let holds_one = rest.is_some();
    if entropy.score() >= Score::Three && rest.is_none_or(|rest| zxcvbn(rest.expose_secret(), &[]).score() >= Score::Three) {
        return None;
    }
    let warning = entropy.feedback().and_then(Feedback::warning);
    let why = match warning {
        _ if holds_one => "It holds your name, your address or ours, and too little besides.".to_owned(),
        Some(warning) => warning.to_string(),
        None => "It is easily guessed.".to_owned(),
    };
    let hint = match warning {
        Some(Warning::RepeatsLikeAaaAreEasyToGuess | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess) => {
            "Use different words instead of repeating one."
        }
        _ => "Add another word or two; uncommon ones are better.",
    };
    Some(weak(format!("This password would be guessed too soon. {why} {hint}")))
}

/// What is left of a password without these words; nothing where it holds none of them.
fn without(words: &[String], password: &SecretString) -> Option<SecretString> {
    let whole = SecretString::from(password.expose_secret().to_lowercase());
    let rest = words.iter().fold(whole.clone(), |rest, word| SecretString::from(rest.expose_secret().replace(word.as_str(), "")));
    (rest.expose_secret() != whole.expose_secret()).then_some(rest)
}

/// The words that somebody who knows the person would try first.
fn words(about: &[&str]) -> Vec<String> {
    let text = about.iter().copied().chain([OURS]).map(str::to_lowercase);
    let mut words = text.flat_map(|text| pieces(&text)).collect::<Vec<_>>();
    // The longer ones first: what holds a shorter one is found whole.
    words.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    words.dedup();
    words
}

/// A text as a whole, and its words.
fn pieces(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).take(WORDS);
    let joined = text.chars().filter(|c| c.is_alphanumeric()).take(ESTIMATED).collect::<String>();
    words.chain([joined]).filter(|word| word.chars().count() >= LETTERS_OF_A_WORD).collect()
}
