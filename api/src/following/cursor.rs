//! Where a client stands in what it follows: sealed, so that it tells nothing of how much happens here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::outbox::topic::Topic;

const PURPOSE: &str = "cursor of a subscription";
const LONGEST: usize = 200;
const DIGEST: usize = 16;

/// A position, and what was followed up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The position of the last event that came.
    pub position: i64,
    /// Whether its holder was told last that what they follow is gone.
    pub is_gone: bool,
    of: [u8; DIGEST],
}

impl Cursor {
    /// The cursor of who follows a topic, and has been told of it.
    #[must_use]
    pub fn of(topic: &Topic, position: i64) -> Self {
        Self { position, is_gone: false, of: digest(topic) }
    }

    /// The same of who was told last that it is gone, or not.
    #[must_use]
    pub fn told_gone(self, is_gone: bool) -> Self {
        Self { is_gone, ..self }
    }

    /// The cursor of who has followed nothing yet.
    #[must_use]
    pub fn bare(position: i64) -> Self {
        Self { position, is_gone: false, of: [0; DIGEST] }
    }

    /// Whether its holder has been told of this topic.
    #[must_use]
    pub fn shows(&self, topic: &Topic) -> bool {
        self.of == digest(topic)
    }

    /// As a client is given it.
    #[must_use]
    pub fn written(&self, keys: &Keys) -> String {
        let plain = [&self.position.to_be_bytes()[..], &[u8::from(self.is_gone)], &self.of].concat();
        URL_SAFE_NO_PAD.encode(keys.seal(PURPOSE, &[], &plain))
    }

    /// What a client gave back.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no cursor of ours.
    pub fn read(keys: &Keys, text: &str) -> Result<Self> {
        let none = || Error::invalid("after", "this is no cursor of a subscription: give one that an event carried");
        let sealed = Some(text).filter(|text| text.len() <= LONGEST).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let plain = keys.open(PURPOSE, &[], &sealed.ok_or_else(none)?).map_err(|_| none())?;
        let (position, of) = plain.split_first_chunk::<8>().ok_or_else(none)?;
        let (is_gone, of) = of.split_first().ok_or_else(none)?;
        Ok(Self { position: i64::from_be_bytes(*position), is_gone: *is_gone == 1, of: of.try_into().map_err(|_| none())? })
    }
}

fn digest(topic: &Topic) -> [u8; DIGEST] {
    let digest = Sha256::digest(format!("{topic:?}"));
    std::array::from_fn(|at| digest[at])
}
