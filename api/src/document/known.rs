//! Documents that have been validated, kept by the SHA-256 of their text: a bounded number of bytes of them, the often used ones
//! longest. What is kept is known to be valid, and nothing else of whoever sent it.

use std::sync::{Arc, OnceLock};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use moka::sync::Cache;
use sha2::{Digest, Sha256};

use crate::document::plan::Plan;
use crate::error::report::{Location, Report};

/// A text's SHA-256.
pub(super) type Hash = [u8; 32];

/// What a document takes in memory beside its text, for each byte of it and at the least: as measured over many.
const BYTES_PER_BYTE: u32 = 24;
const BYTES_AT_LEAST: u32 = 4_096;

/// A valid document.
pub(super) struct Known {
    /// The document.
    pub(super) document: Valid<ExecutableDocument>,
    /// For each operation that takes no variables, what it was lowered to: it is the same each time.
    plans: Vec<OnceLock<Arc<Plan>>>,
    length: usize,
}

impl Known {
    pub(super) fn new(document: Valid<ExecutableDocument>, text: &str) -> Self {
        let plans = document.operations.iter().map(|_| OnceLock::new()).collect();
        Self { document, plans, length: text.len() }
    }

    /// Where a byte of the text stands.
    pub(super) fn locate(&self, offset: usize) -> Option<Location> {
        let (_, source) = self.document.sources.iter().last()?;
        let place = source.get_line_column(offset)?;
        Some(Location { line: place.line, column: place.column })
    }

    /// The operation with this name; without one, the only operation.
    pub(super) fn operation(&self, name: Option<&str>) -> Result<&Operation, Report> {
        let name = name.filter(|name| !name.is_empty());
        self.document.operations.get(name).map(|operation| &**operation).map_err(|_| match name {
            Some(name) => Report::wrong(format!("The document has no operation named `{name}`.")),
            None if self.plans.is_empty() => Report::wrong("The document has no operation."),
            None => Report::wrong("The document has several operations: say which in `operationName`."),
        })
    }

    /// What an operation is lowered to; where it takes no variables, it is lowered once.
    pub(super) fn plan(&self, of: &Operation, lower: impl FnOnce() -> Result<Plan, Report>) -> Result<Arc<Plan>, Report> {
        let place = self.document.operations.iter().position(|operation| std::ptr::eq(&raw const **operation, of));
        let kept = place.filter(|_| of.variables.is_empty()).and_then(|place| self.plans.get(place));
        if let Some(plan) = kept.and_then(OnceLock::get) {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(lower()?);
        Ok(kept.map_or_else(|| Arc::clone(&plan), |kept| Arc::clone(kept.get_or_init(|| Arc::clone(&plan)))))
    }
}

/// The kept documents.
pub(super) struct Kept(Cache<Hash, Arc<Known>>);

impl Kept {
    /// Keeps documents of at most so many bytes of memory together.
    pub(super) fn new(bytes: u64) -> Self {
        let weight = |_: &Hash, known: &Arc<Known>| {
            let length = u32::try_from(known.length).unwrap_or(u32::MAX);
            length.saturating_mul(BYTES_PER_BYTE).saturating_add(BYTES_AT_LEAST)
        };
        Self(Cache::builder().max_capacity(bytes).weigher(weight).build())
    }

    pub(super) fn get(&self, hash: &Hash) -> Option<Arc<Known>> {
        self.0.get(hash)
    }

    pub(super) fn keep(&self, hash: Hash, known: Arc<Known>) {
        self.0.insert(hash, known);
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
