//! A secret key: it seals, digests and derives, with a key of its own for each purpose.

use aws_lc_rs::aead::{AES_256_GCM, Aad, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Prk, Salt};
use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretString};

use crate::error::Result;
use crate::keys::load::Source;
use crate::keys::{base64, hex, random};

/// What sealed bytes begin with: how they are sealed, and under which key.
const VERSION: u8 = 1;
const HEAD: usize = 5;
const NONCE: usize = 12;
/// Fewer different bytes than any random key has: a placeholder.
const DIFFERENT: usize = 8;

/// 256 bits, spread by HKDF.
pub(super) struct SecretKey {
    id: [u8; HEAD - 1],
    prk: Prk,
}

/// The keys of a setting or a file, separated by commas or white space.
pub(super) fn parse(source: &Source) -> Result<Vec<SecretKey>> {
    let pieces = source.text.expose_secret().split(|c: char| c == ',' || c.is_whitespace()).filter(|piece| !piece.is_empty());
    let keys = pieces.enumerate().map(|(at, piece)| match base64::from_usual(piece) {
        Some(bytes) if bytes.len() == 32 => {
            SecretKey::new(&bytes).ok_or_else(|| source.wrong(&format!("key {} is a placeholder", at + 1)))
        }
        _ => Err(source.wrong(&format!("key {} is not 32 bytes in base64", at + 1))),
    });
    let keys = keys.collect::<Result<Vec<_>>>()?;
    if keys.is_empty() { Err(source.wrong("it holds no key")) } else { Ok(keys) }
}

/// A new key, as the setting holds it.
pub(super) fn create() -> SecretString {
    SecretString::from(base64::usual(&random()))
}

impl SecretKey {
    fn new(bytes: &[u8]) -> Option<Self> {
        let mut different = bytes.to_vec();
        different.sort_unstable();
        different.dedup();
        if different.len() < DIFFERENT {
            return None;
        }
        let prk = Salt::new(HKDF_SHA256, b"alliance").extract(bytes);
        let mut id = [0; HEAD - 1];
        id.copy_from_slice(&expand(&prk, "id", "")[..HEAD - 1]);
        Some(Self { id, prk })
    }

    pub(super) fn seal(&self, purpose: &str, associated: &[u8], plain: &[u8]) -> Vec<u8> {
        let (key, mut sealed) = (self.cipher(purpose), plain.to_vec());
        let nonce =
            key.seal_in_place_append_tag(Aad::from(self.bound(associated)), &mut sealed).expect("what is sealed is short");
        [&self.head()[..], nonce.as_ref(), &sealed].concat()
    }

    pub(super) fn open(&self, purpose: &str, associated: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.strip_prefix(&self.head())?.split_at_checked(NONCE)?;
        let (nonce, mut opened) = (Nonce::try_assume_unique_for_key(nonce).ok()?, sealed.to_vec());
        let length = self.cipher(purpose).open_in_place(nonce, Aad::from(self.bound(associated)), &mut opened).ok()?.len();
        opened.truncate(length);
        Some(opened)
    }

    pub(super) fn digest(&self, purpose: &str, text: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &expand(&self.prk, "digest", purpose));
        hex(hmac::sign(&key, text.as_bytes()).as_ref())
    }

    pub(super) fn derive(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &expand(&self.prk, "derive", purpose));
        let mut derived = [0; 32];
        derived.copy_from_slice(hmac::sign(&key, bytes).as_ref());
        derived
    }

    fn cipher(&self, purpose: &str) -> RandomizedNonceKey {
        RandomizedNonceKey::new(&AES_256_GCM, &expand(&self.prk, "seal", purpose)).expect("the key has 256 bits")
    }

    fn head(&self) -> [u8; HEAD] {
        let [a, b, c, d] = self.id;
        [VERSION, a, b, c, d]
    }

    fn bound(&self, associated: &[u8]) -> Vec<u8> {
        [&self.head(), associated].concat()
    }
}

/// A key of its own for each use and purpose. No use holds a `/`, so that no two of them are the same text.
fn expand(prk: &Prk, what: &str, purpose: &str) -> [u8; 32] {
    let mut key = [0; 32];
    let label = [b"1/", what.as_bytes(), b"/", purpose.as_bytes()];
    let expanded = prk.expand(&label, HKDF_SHA256).and_then(|okm| okm.fill(&mut key));
    expanded.expect("256 bits are fewer than HKDF gives");
    key
}
