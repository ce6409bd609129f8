//! The tokens in the links of mails about an answer, and what each is for.

use alliance_entity::id::RsvpId;
use secrecy::SecretString;

use crate::app::App;
use crate::keys::link::Link;

/// What a link is for. One for one thing does nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To say that one comes.
    Confirm,
    /// To say that one comes no more.
    Cancel,
}

impl Purpose {
    /// The page that the link leads to.
    #[must_use]
    pub fn page(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Cancel => "cancel",
        }
    }

    fn link(self) -> Link {
        match self {
            Self::Confirm => Link { prefix: "ale_", purpose: "rsvp-confirm" },
            Self::Cancel => Link { prefix: "alg_", purpose: "rsvp-cancel" },
        }
    }
}

/// The address of the page that takes the token for an answer.
#[must_use]
pub fn address(app: &App, purpose: Purpose, id: RsvpId) -> String {
    let token = app.keys().link(purpose.link(), id.0);
    app.config().link(&format!("rsvp/{}", purpose.page()), &token)
}

/// The answer that a token is for; nothing where it is none of ours, or is for something else.
#[must_use]
pub fn read(app: &App, purpose: Purpose, token: &SecretString) -> Option<RsvpId> {
    app.keys().read_link(purpose.link(), token).map(RsvpId)
}
