//! Where a partner stands in its feed: sealed, so that it tells nothing of what else happens here.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use alliance_entity::alliance;
use alliance_entity::id::PostId;

use crate::alliances::outward::said_with_posts;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::viewer::Carries;

const PURPOSE: &str = "cursor of a partner's feed";
const LONGEST: usize = 200;
const DIGEST: usize = 16;
/// What a partner is told whose rights are not what they were when its cursor was given.
const OTHERS: &str = "what you may carry, or on what terms, has changed since: read the feed anew without `after`, and take away what is not \
                      in it any more";

/// What a cursor holds for: what a partner may carry, and what every post of the alliance says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing([u8; DIGEST]);

impl Standing {
    /// As it is now.
    #[must_use]
    pub fn of(carries: &Carries, alliance: Option<&alliance::Model>) -> Self {
        let said = alliance.map(said_with_posts);
        let digest = Sha256::digest(format!("{carries:?} {said:?}"));
        Self(std::array::from_fn(|at| digest[at]))
    }
}

/// A place in the feed. It begins with what is public at that moment, by the ids of the posts, and goes on with what happened since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Among what was public when the reader began.
    Beginning {
        /// Up to where that holds what happened.
        until: i64,
        /// The post that was told last.
        after: Option<PostId>,
    },
    /// Behind this position.
    Behind(i64),
}

impl Place {
    /// As a partner is given it.
    #[must_use]
    pub fn written(self, keys: &Keys, standing: Standing) -> String {
        let (position, tag, id) = match self {
            Self::Beginning { until, after } => (until, 1, after.map_or(Uuid::nil(), |id| id.0)),
            Self::Behind(position) => (position, 0, Uuid::nil()),
        };
        let plain = [&position.to_be_bytes()[..], &[tag], id.as_bytes(), &standing.0].concat();
        URL_SAFE_NO_PAD.encode(keys.seal(PURPOSE, &[], &plain))
    }

    /// What a partner gave back.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is no cursor of a feed; [`Error::Resync`] where that does not stand any more.
    pub fn read(keys: &Keys, standing: Standing, text: &str) -> Result<Self> {
        let none =
            || Error::invalid("after", "this is no cursor of the feed: give the `endCursor` of the page that you read last");
        let sealed = Some(text).filter(|text| text.len() <= LONGEST).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let plain = keys.open(PURPOSE, &[], &sealed.ok_or_else(none)?).map_err(|_| none())?;
        let (position, rest) = plain.split_first_chunk::<8>().ok_or_else(none)?;
        let (tag, rest) = rest.split_first().ok_or_else(none)?;
        let (id, of) = rest.split_first_chunk::<16>().ok_or_else(none)?;
        if of != standing.0 {
            return Err(Error::Resync(OTHERS));
        }
        let position = i64::from_be_bytes(*position);
        Ok(match tag {
            0 => Self::Behind(position),
            _ => {
                let id = Uuid::from_bytes(*id);
                Self::Beginning { until: position, after: (!id.is_nil()).then_some(PostId(id)) }
            }
        })
    }
}
