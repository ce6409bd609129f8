//! The tokens in the links of mails. They are kept nowhere: each holds an id, and a seal that only our secret keys make. So a link goes
//! on working when a newer key takes the place of the one that sealed it.

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::keys::{Keys, same};

/// How many digits of the id, and then of the seal, stand in a token: 128 bits each.
const DIGITS: usize = 32;

/// What a link is for: one for one thing does nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// What its tokens begin with.
    pub prefix: &'static str,
    /// What their seals are for.
    pub purpose: &'static str,
}

impl Keys {
    /// The token of a link about what has this id: the same each time, as long as the keys are the same.
    #[must_use]
    pub fn link(&self, Link { prefix, purpose }: Link, id: Uuid) -> String {
        let id = id.simple().to_string();
        let seal = self.digest(purpose, &id);
        format!("{prefix}{id}{}", &seal[..DIGITS])
    }

    /// The id of what a token is about; nothing where nobody of ours has made it, or for something else.
    #[must_use]
    pub fn read_link(&self, Link { prefix, purpose }: Link, token: &SecretString) -> Option<Uuid> {
        let rest = token.expose_secret().trim().strip_prefix(prefix)?;
        let (id, seal) = rest.split_at_checked(DIGITS).filter(|(_, seal)| seal.len() == DIGITS)?;
        // What is sealed is the id as we write it: no two tokens are for one thing.
        let is_ours = |made: String| same(&made.as_bytes()[..DIGITS], seal.as_bytes());
        self.digests(purpose, id).into_iter().any(is_ours).then(|| Uuid::try_parse(id).ok())?
    }
}
