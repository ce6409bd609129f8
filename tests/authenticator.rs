//! What an authenticator app does: RFC 6238, by another hand than the one that checks it.

use aws_lc_rs::hmac;
use chrono::{DateTime, Utc};

const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The code of a secret, as it was shown to be typed in, at a time.
///
/// # Panics
/// Where the secret is none.
#[must_use]
pub fn code(secret: &str, now: DateTime<Utc>) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes(secret));
    let tag = hmac::sign(&key, &now.timestamp().div_euclid(30).to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let word = u32::from_be_bytes(tag.as_ref()[at..at + 4].try_into().expect("four bytes")) & 0x7fff_ffff;
    format!("{:06}", word % 1_000_000)
}

/// RFC 4648's base32.
fn bytes(secret: &str) -> Vec<u8> {
    let (mut all, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in secret.trim_end_matches('=').chars() {
        let five = ALPHABET.find(letter).expect("it is base32");
        held = (held << 5 | u32::try_from(five).expect("five bits")) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            all.push(u8::try_from(held >> bits & 0xff).expect("eight bits"));
        }
    }
    all
}
