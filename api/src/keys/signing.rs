//! A signing key: Ed25519, and nothing else.

use aws_lc_rs::digest;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::keys::base64;
use crate::keys::load::Source;
use crate::keys::token::Kind;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

pub(super) struct SigningKey {
    /// The thumbprint of RFC 7638.
    pub(super) kid: String,
    x: String,
    private: EncodingKey,
    pub(super) verifying: DecodingKey,
}

/// The keys of a setting or a file: as PEM, or what stands between its first and last line, separated by commas or white space.
pub(super) fn parse(source: &Source) -> Result<Vec<SigningKey>> {
    // Where a line cannot hold a line break it is written so.
    let text = SecretString::from(source.text.expose_secret().replace("\\n", "\n"));
    let bodies = bodies(text.expose_secret());
    let bodies = bodies.ok_or_else(|| source.wrong(&format!("it is PEM, and not all of it is between `{BEGIN}` and `{END}`")))?;
    let keys = bodies.iter().enumerate().map(|(at, body)| {
        let private = base64::from_usual(body.expose_secret()).and_then(|der| SigningKey::new(&der));
        private.ok_or_else(|| source.wrong(&format!("key {} is not an Ed25519 key in PKCS#8", at + 1)))
    });
    let keys = keys.collect::<Result<Vec<_>>>()?;
    if keys.is_empty() { Err(source.wrong("it holds no key")) } else { Ok(keys) }
}

fn bodies(text: &str) -> Option<Vec<SecretString>> {
    let separates = |c: char| c == ',' || c.is_whitespace();
    if !text.contains("-----") {
        return Some(text.split(separates).filter(|piece| !piece.is_empty()).map(SecretString::from).collect());
    }
    let (mut bodies, mut rest) = (Vec::new(), text.trim_matches(separates));
    while !rest.is_empty() {
        let (body, after) = rest.strip_prefix(BEGIN)?.split_once(END)?;
        bodies.push(SecretString::from(body.split_whitespace().collect::<String>()));
        rest = after.trim_start_matches(separates);
    }
    Some(bodies)
}

/// A new key, as one line of the setting.
pub(super) fn create() -> Result<SecretString> {
    let der = Ed25519KeyPair::generate_pkcs8v1(&SystemRandom::new()).map_err(Error::internal)?;
    Ok(SecretString::from(base64::usual(der.as_ref())))
}

/// A key's line as PEM, for a file.
pub(super) fn pem(line: &SecretString) -> SecretString {
    SecretString::from(format!("{BEGIN}\n{}\n{END}\n", line.expose_secret()))
}

impl SigningKey {
    fn new(der: &[u8]) -> Option<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(der).ok()?;
        let public = pair.public_key().as_ref();
        let x = base64::url(public);
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
        let kid = base64::url(digest::digest(&digest::SHA256, canonical.as_bytes()).as_ref());
        Some(Self { kid, x, private: EncodingKey::from_ed_der(der), verifying: DecodingKey::from_ed_der(public) })
    }

    pub(super) fn sign(&self, kind: &Kind, claims: &impl Serialize) -> Result<String> {
        let header = Header { typ: Some(kind.typ.to_owned()), kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &self.private).map_err(Error::internal)
    }

    pub(super) fn public(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": self.x, "kid": self.kid, "alg": "EdDSA", "use": "sig" })
    }
}
