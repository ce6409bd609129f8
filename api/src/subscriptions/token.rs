//! The tokens in the links of mails about updates, and what each is for.

use secrecy::SecretString;
use uuid::Uuid;

use crate::app::App;
use crate::keys::link::Link;

/// What a token is for: one that confirms does nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Confirming what was asked for.
    Request,
    /// Whatever the holder of a subscription does with it.
    Subscription,
}

impl Purpose {
    fn link(self) -> Link {
        match self {
            Self::Request => Link { prefix: "als_", purpose: "subscription-request" },
            Self::Subscription => Link { prefix: "alu_", purpose: "subscription" },
        }
    }
}

/// The token of something: the same each time, as long as the keys are the same.
#[must_use]
pub fn mint(app: &App, purpose: Purpose, id: Uuid) -> String {
    app.keys().link(purpose.link(), id)
}

/// What a token is for; nothing where nobody of ours has made it.
#[must_use]
pub fn read(app: &App, purpose: Purpose, token: &SecretString) -> Option<Uuid> {
    app.keys().read_link(purpose.link(), token)
}
