//! What others make of our tokens: bent ones, signed by our own key as somebody could who had it, and forged ones.

use alliance_tests::app::SIGNING_KEY;
use aws_lc_rs::signature::Ed25519KeyPair;
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use serde_json::Value;

/// Where the tests' tokens are from.
pub(crate) const ISSUER: &str = "https://citizens.example";

/// As the parts of a token are written.
pub(crate) fn url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The header of a token, or its claims.
pub(crate) fn part(token: &str, at: usize) -> Value {
    let part = token.split('.').nth(at).expect("a token has three parts");
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).expect("it is base64")).expect("it is JSON")
}

/// The tests' own key.
pub(crate) fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_pkcs8(&BASE64_STANDARD.decode(SIGNING_KEY).expect("it is base64")).expect("it is a key")
}

/// A token of these texts, signed by this key, as somebody may who has it.
pub(crate) fn signed(pair: &Ed25519KeyPair, header: &str, claims: &str) -> String {
    let message = format!("{}.{}", url(header), url(claims));
    format!("{message}.{}", url(pair.sign(message.as_bytes())))
}

/// A token's own header and claims after a change, signed by our own key.
pub(crate) fn bent(token: &str, bend: impl FnOnce(&mut Value, &mut Value)) -> String {
    let (mut header, mut claims) = (part(token, 0), part(token, 1));
    bend(&mut header, &mut claims);
    signed(&pair(), &header.to_string(), &claims.to_string())
}

/// Gives a header or claims a value.
pub(crate) fn set(place: &mut Value, name: &str, value: Value) {
    place.as_object_mut().expect("it is an object").insert(name.to_owned(), value);
}

/// Takes a value out of a header or claims.
pub(crate) fn drop_from(place: &mut Value, name: &str) {
    place.as_object_mut().expect("it is an object").remove(name);
}
