//! The keys of this installation: what signs tokens, and what seals and digests secrets at rest. Where they come from is in
//! `files.rs` and `load.rs`; who a token speaks for is a matter for `viewer`.

mod base64;
mod files;
pub mod link;
mod load;
pub mod make;
mod secret;
mod signing;
pub mod token;

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::{constant_time, digest, rand};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::config::Config;
use crate::error::{Error, Result};
use crate::keys::load::Sources;
use crate::keys::secret::SecretKey;
use crate::keys::signing::SigningKey;
use crate::keys::token::{ACCESS, AccessClaims, CHANGE, TokenProblem, VISITOR, VisitorClaims};

/// The keys, cheap to clone. The first of each kind signs and seals; all of them verify and open.
#[derive(Clone)]
pub struct Keys {
    held: Arc<Held>,
}

struct Held {
    /// Whose tokens these are: the public address.
    issuer: String,
    signing: Vec<SigningKey>,
    secret: Vec<SecretKey>,
}

impl Keys {
    /// The keys of the settings; where SQLite keeps the content, those of the files beside it, which a first run makes.
    ///
    /// # Errors
    /// [`Error::Invalid`] where a key is missing, damaged or unreadable, with what to do.
    pub fn load(config: &Config) -> Result<Self> {
        Self::of(&load::sources(config)?, config)
    }

    /// The same without making anything: none where a first run will make them.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn look(config: &Config) -> Result<Option<Self>> {
        load::look(config)?.map(|sources| Self::of(&sources, config)).transpose()
    }

    fn of(sources: &Sources, config: &Config) -> Result<Self> {
        let issuer = config.public_url.as_str().trim_end_matches('/').to_owned();
        let (signing, secret) = (signing::parse(&sources.signing)?, secret::parse(&sources.secret)?);
        Ok(Self { held: Arc::new(Held { issuer, signing, secret }) })
    }

    /// Signs what an account may show for ten minutes.
    ///
    /// # Errors
    /// [`Error::Internal`] where the library refuses, which it has no reason to.
    pub fn sign_access(&self, claims: &AccessClaims) -> Result<String> {
        self.held.signing[0].sign(&ACCESS, &claims.written(&self.held.issuer))
    }

    /// Whom an access token speaks for, at this time.
    ///
    /// # Errors
    /// Why it is none, or not any more.
    pub fn verify_access(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenProblem> {
        AccessClaims::read(token::verify(&self.held.signing, &ACCESS, token)?, &self.held.issuer, now)
    }

    /// Signs what a visitor may show for 400 days.
    ///
    /// # Errors
    /// [`Error::Internal`] where the library refuses, which it has no reason to.
    pub fn sign_visitor(&self, claims: &VisitorClaims) -> Result<String> {
        self.held.signing[0].sign(&VISITOR, &claims.written(&self.held.issuer))
    }

    /// Which visitor a token speaks for, at this time.
    ///
    /// # Errors
    /// Why it is none, or not any more.
    pub fn verify_visitor(&self, token: &str, now: DateTime<Utc>) -> Result<VisitorClaims, TokenProblem> {
        VisitorClaims::read(token::verify(&self.held.signing, &VISITOR, token)?, &self.held.issuer, now)
    }

    /// Who signs here: the public address.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.held.issuer
    }

    /// Signs what partners are told of a change.
    ///
    /// # Errors
    /// [`Error::Internal`] where the library refuses, which it has no reason to.
    pub fn sign_change(&self, change: &Value) -> Result<String> {
        self.held.signing[0].sign(&CHANGE, change)
    }

    /// The public halves of the signing keys, as RFC 7517 writes them.
    #[must_use]
    pub fn public(&self) -> Value {
        json!({ "keys": self.held.signing.iter().map(SigningKey::public).collect::<Vec<_>>() })
    }

    /// Seals a secret for its place: what is sealed for one purpose, or with other associated bytes (such as the id of its row), does
    /// not open for another.
    #[must_use]
    pub fn seal(&self, purpose: &str, associated: &[u8], plain: &[u8]) -> Vec<u8> {
        self.held.secret[0].seal(purpose, associated, plain)
    }

    /// What was sealed, under whichever of the keys.
    ///
    /// # Errors
    /// [`Error::Internal`] where it was sealed for another place or under a key that is gone, or was changed.
    pub fn open(&self, purpose: &str, associated: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
        let opened = self.held.secret.iter().find_map(|key| key.open(purpose, associated, sealed));
        opened.ok_or_else(|| {
            Error::internal(format!("something sealed for `{purpose}` does not open: is a key of ALLIANCE_SECRET_KEY gone?"))
        })
    }

    /// A keyed hash, in hexadecimal: what is kept of what must be found again and not be read, such as an address that wants no mail.
    /// To look something up that may be older than the newest key, ask for [`Self::digests`].
    #[must_use]
    pub fn digest(&self, purpose: &str, text: &str) -> String {
        self.held.secret[0].digest(purpose, text)
    }

    /// The digests of a text under all the keys, the newest first.
    #[must_use]
    pub fn digests(&self, purpose: &str, text: &str) -> Vec<String> {
        self.held.secret.iter().map(|key| key.digest(purpose, text)).collect()
    }

    /// 256 bits that only who holds the newest secret key can tell from these bytes.
    #[must_use]
    pub fn derive(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        self.held.secret[0].derive(purpose, bytes)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({} signing, {} secret)", self.held.signing.len(), self.held.secret.len())
    }
}

/// 256 random bits of the system.
///
/// # Panics
/// Where the system has none to give.
#[must_use]
pub fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// A secret that nobody guesses, to be shown once and kept hashed: the prefix and 256 random bits.
#[must_use]
pub fn token(prefix: &str) -> String {
    spelled(prefix, &random())
}

/// These 256 bits as such a secret.
#[must_use]
pub fn spelled(prefix: &str, bits: &[u8; 32]) -> String {
    format!("{prefix}{}", base64::url(bits))
}

/// What is kept of such a secret: its SHA-256 in hexadecimal. For what a person chose it would not do.
#[must_use]
pub fn hash(token: &str) -> String {
    hex(digest::digest(&digest::SHA256, token.as_bytes()).as_ref())
}

/// Whether two secrets are the same, in a time that does not tell how far they agree.
#[must_use]
pub fn same(one: &[u8], other: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(one, other).is_ok()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}
