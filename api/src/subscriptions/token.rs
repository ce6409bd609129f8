//! The tokens in the links of mails. They are kept nowhere: each holds an id, and a seal that only our secret keys make. So a link goes
//! on working when a newer key takes the place of the one that sealed it.

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use crate::app::App;
use crate::keys;

/// How many digits of the seal stand in a token: 128 bits.
const SEAL: usize = 32;
const ID: usize = 32;

/// What a token is for: one that confirms does nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Confirming what was asked for.
    Request,
    /// Whatever the holder of a subscription does with it.
    Subscription,
}

impl Purpose {
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Request => ("als_", "subscription-request"),
            Self::Subscription => ("alu_", "subscription"),
        }
    }
}

/// The token of something: the same each time, as long as the keys are the same.
#[must_use]
pub fn mint(app: &App, purpose: Purpose, id: Uuid) -> String {
    let (prefix, of) = purpose.words();
    let id = id.simple().to_string();
    let seal = app.keys().digest(of, &id);
    format!("{prefix}{id}{}", seal.get(..SEAL).unwrap_or_default())
}

/// What a token is for; nothing where nobody of ours has made it.
#[must_use]
pub fn read(app: &App, purpose: Purpose, token: &SecretString) -> Option<Uuid> {
    let (prefix, of) = purpose.words();
    let rest = token.expose_secret().trim().strip_prefix(prefix)?;
    let (id, seal) = rest.split_at_checked(ID).filter(|(_, seal)| seal.len() == SEAL)?;
    let is_ours = |made: String| keys::same(made.get(..SEAL).unwrap_or_default().as_bytes(), seal.as_bytes());
    // What is sealed is the id as we write it: no two tokens are for one thing.
    app.keys().digests(of, id).into_iter().any(is_ours).then(|| Uuid::try_parse(id).ok())?
}
