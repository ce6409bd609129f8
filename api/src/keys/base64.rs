//! Bytes as text: for tokens the alphabet of addresses, for settings the usual one.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD as PADDED, URL_SAFE_NO_PAD};

/// Reads the usual alphabet, padded or not: both are copied around.
const LENIENT: GeneralPurpose =
    GeneralPurpose::new(&STANDARD, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

pub(super) fn url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(super) fn from_url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

pub(super) fn usual(bytes: &[u8]) -> String {
    PADDED.encode(bytes)
}

pub(super) fn from_usual(text: &str) -> Option<Vec<u8>> {
    LENIENT.decode(text).ok()
}
