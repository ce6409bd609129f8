//! The tokens of links in mails about an answer: they name it, and nobody makes one but us. They are kept nowhere.

use alliance_entity::id::RsvpId;

use crate::app::App;
use crate::keys;

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

    fn key(self) -> &'static str {
        match self {
            Self::Confirm => "rsvp-confirm",
            Self::Cancel => "rsvp-cancel",
        }
    }
}

/// The token for an answer.
#[must_use]
pub fn mint(app: &App, purpose: Purpose, id: RsvpId) -> String {
    let id = id.to_string();
    format!("{id}.{}", app.keys().digest(purpose.key(), &id))
}

/// The address of the page that takes it.
#[must_use]
pub fn address(app: &App, purpose: Purpose, id: RsvpId) -> String {
    app.config().address(&format!("/rsvp/{}?token={}", purpose.page(), mint(app, purpose, id)))
}

/// The answer that a token is for; nothing where it is none of ours, or is for something else.
#[must_use]
pub fn read(app: &App, purpose: Purpose, token: &str) -> Option<RsvpId> {
    let (name, proof) = token.split_once('.')?;
    let id: RsvpId = name.parse().ok()?;
    // As it was given, since it is the text that was proven.
    let proofs = app.keys().digests(purpose.key(), name);
    proofs.iter().any(|known| keys::same(known.as_bytes(), proof.as_bytes())).then_some(id)
}
