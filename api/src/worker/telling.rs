//! What is said of something that is done again and again.

use crate::error::Result;

/// Says once that something fails, and once that it does not any more.
#[derive(Debug, Default)]
pub(super) struct Telling {
    failing: bool,
}

impl Telling {
    pub(super) fn tell<T>(&mut self, what: &str, outcome: Result<T>) -> Option<T> {
        match &outcome {
            Ok(_) if self.failing => tracing::info!("{what} again"),
            Err(error) if !self.failing => tracing::warn!(error = %error, "cannot {what}; trying again"),
            _ => {}
        }
        self.failing = outcome.is_err();
        outcome.ok()
    }
}
