//! Documents that have been validated, kept by the SHA-256 of their text, and what their operations were lowered to: a bounded number
//! of bytes of each, the often used ones longest. What is kept is known to be valid, and nothing else of whoever sent it.

use std::sync::Arc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use crate::document::audience::Audience;
use crate::document::plan::Plan;
use crate::error::report::{Location, Report};

/// A text's SHA-256.
pub(super) type Hash = [u8; 32];

/// An operation of a document: its hash, and the operation's place in it.
pub(super) type Key = (Hash, usize);

/// What a document takes in memory beside its text, for each byte of it and at the least: as measured over many.
const BYTES_PER_BYTE: u32 = 24;
const BYTES_AT_LEAST: u32 = 2_048;

/// A valid document.
pub(super) struct Known {
    /// The document.
    pub(super) document: Valid<ExecutableDocument>,
    /// Its text.
    pub(super) text: String,
    hash: Hash,
}

impl Known {
    pub(super) fn new(document: Valid<ExecutableDocument>, text: String) -> Self {
        Self { document, hash: hash(&text), text }
    }

    /// Where a byte of the text stands.
    pub(super) fn locate(&self, offset: usize) -> Location {
        Location::of(&self.text, offset)
    }

    /// The operation with this name; without one, the only operation.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<&Operation, Report> {
        let name = name.filter(|name| !name.is_empty());
        self.document.operations.get(name).map(|operation| &**operation).map_err(|_| match name {
            Some(name) => Report::wrong(format!("The document has no operation named `{name}`.")),
            None if self.document.operations.is_empty() => Report::wrong("The document has no operation."),
            None => Report::wrong("The document has several operations: say which in `operationName`."),
        })
    }

    /// Under what is kept that follows from an operation alone: nothing where it takes variables.
    pub(super) fn key(&self, of: &Operation) -> Option<Key> {
        let place = self.document.operations.iter().position(|operation| std::ptr::eq(&raw const **operation, of));
        place.filter(|_| of.variables.is_empty()).map(|place| (self.hash, place))
    }
}

/// Something that takes bytes.
pub(super) trait Weighed: Send + Sync + 'static {
    /// How many.
    fn bytes(&self) -> usize;
}

impl Weighed for Known {
    fn bytes(&self) -> usize {
        self.text.len() * BYTES_PER_BYTE as usize + BYTES_AT_LEAST as usize
    }
}

/// Things that are kept, of so many bytes together.
fn kept<K: std::hash::Hash + Eq + Send + Sync + 'static, V: Weighed>(bytes: u64) -> Cache<K, Arc<V>> {
    let weight = |_: &K, value: &Arc<V>| u32::try_from(value.bytes()).unwrap_or(u32::MAX);
    Cache::builder().max_capacity(bytes).weigher(weight).build()
}

/// What is kept.
pub(super) struct Kept {
    /// Documents, by whom they were sent: nobody learns by its hash what others send, or gets past a limit of their own with it.
    pub(super) documents: Cache<(Audience, Hash), Arc<Known>>,
    /// Operations as they run; what they cost is compared each time with what the asker may spend.
    pub(super) plans: Cache<Key, Arc<Plan>>,
    /// What the schema says of itself, as it was asked: all of it, or its projection.
    pub(super) introspected: Cache<(bool, Key), Arc<Introspected>>,
}

/// What introspection answered: response names with their values in JSON.
pub(super) struct Introspected(pub(super) Vec<(String, Vec<u8>)>);

impl Introspected {
    /// The value under a response name.
    pub(super) fn get(&self, key: &str) -> Option<&[u8]> {
        self.0.iter().find(|(name, _)| name == key).map(|(_, json)| json.as_slice())
    }
}

impl Weighed for Introspected {
    fn bytes(&self) -> usize {
        self.0.iter().map(|(name, json)| name.len() + json.len() + 64).sum()
    }
}

impl Kept {
    /// Keeps so many bytes together: half of them documents.
    pub(super) fn new(bytes: u64) -> Self {
        Self { documents: kept(bytes / 2), plans: kept(bytes / 4), introspected: kept(bytes / 4) }
    }
}

/// The SHA-256 of a text.
pub(super) fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// A SHA-256 as it is written: 64 hexadecimal digits.
pub(super) fn parse_hash(text: &str) -> Option<Hash> {
    let digits = text.as_bytes();
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut hash = Hash::default();
    if digits.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = value(pair[0])? << 4 | value(pair[1])?;
    }
    Some(hash)
}
