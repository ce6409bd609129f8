//! Why a job was not done, whether it is tried again, and when.

use std::time::Duration;

use rand::Rng;

use crate::error::Error;

const FIRST: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_secs(60 * 60);
/// What is kept of a problem, in characters.
const TOLD: usize = 300;
/// A word of this length may be a token.
const LONG: usize = 32;

/// Why a job was not done.
#[derive(Debug, Clone)]
pub enum Problem {
    /// It may be done another time: it is tried again.
    Passing(Error),
    /// It never will: it is given up at once.
    Permanent(String),
}

impl From<Error> for Problem {
    /// What lies with us or with others may pass; what lies with the job itself does not.
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable | Error::Internal(_) | Error::RateLimited { .. } => Self::Passing(error),
            other => Self::Permanent(other.to_string()),
        }
    }
}

impl Problem {
    /// What is told to operators. What may be an address or a token is left out: this is kept for months.
    #[must_use]
    pub fn told(&self) -> String {
        let text = match self {
            Self::Passing(Error::Internal(cause)) => cause.to_string(),
            Self::Passing(error) => error.to_string(),
            Self::Permanent(problem) => problem.clone(),
        };
        let shown = |word: &str| if word.contains('@') || word.len() >= LONG { "[...]".to_owned() } else { word.to_owned() };
        let text = text.split_whitespace().map(shown).collect::<Vec<_>>().join(" ");
        text.chars().take(TOLD).collect()
    }

    /// How long to wait after this many tries: twice as long each time, and never quite as long as the others.
    #[must_use]
    pub fn wait(&self, tries: i32) -> Duration {
        if let Self::Passing(Error::RateLimited { seconds, .. }) = self {
            return Duration::from_secs(*seconds);
        }
        let doubled = u32::try_from(tries - 1).unwrap_or_default().min(16);
        let wait = FIRST.saturating_mul(1 << doubled).min(LONGEST);
        wait.mul_f64(rand::rng().random_range(0.75..1.25))
    }
}
