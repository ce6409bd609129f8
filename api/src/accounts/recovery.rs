//! Recovery codes: each stands in once for an authenticator app that was lost.

use alliance_entity::id::AccountId;

use crate::keys::{self, Keys};

/// How many an account is given.
const CODES: usize = 10;
/// What a code is written with: no letter that looks like another or like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// 80 bits.
const LETTERS: usize = 16;
const GROUP: usize = 4;
const PURPOSE: &str = "recovery code";

/// New codes, to be shown once.
#[must_use]
pub fn create() -> Vec<String> {
    (0..CODES).map(|_| code()).collect()
}

/// Such as `abcd-efgh-jkmn-pqrs`.
fn code() -> String {
    // 32 letters divide 256: each is as likely as any other.
    let letters = keys::random().map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
    let groups = letters[..LETTERS].chunks(GROUP).map(|group| group.iter().collect::<String>());
    groups.collect::<Vec<_>>().join("-")
}

/// What is stored of an account's code; none where it is no code.
#[must_use]
pub fn hash(keys: &Keys, account: AccountId, code: &str) -> Option<String> {
    Some(keys.digest(PURPOSE, &bound(account, &normal(code)?)))
}

/// Everything that may be stored of an account's code, under the newest key and the older ones; none where it is no code.
#[must_use]
pub fn hashes(keys: &Keys, account: AccountId, code: &str) -> Option<Vec<String>> {
    Some(keys.digests(PURPOSE, &bound(account, &normal(code)?)))
}

fn bound(account: AccountId, code: &str) -> String {
    format!("{account} {code}")
}

/// A code as it was made, whatever a person has made of it.
fn normal(code: &str) -> Option<String> {
    let letters = code.chars().filter(|c| !c.is_whitespace() && *c != '-').take(LETTERS + 1);
    let letters = letters.map(|c| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        other => other,
    });
    let code = letters.collect::<String>();
    let known = code.bytes().all(|byte| ALPHABET.contains(&byte));
    (known && code.len() == LETTERS).then_some(code)
}
