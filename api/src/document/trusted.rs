//! Which document a request means: by its text, by its SHA-256, or by its id in the manifest; and whether it may run. An id leads to a
//! document, never to a right.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::config::door::Documents;
use crate::document::known::{Hash, Kept, Known, hash, parse_hash};
use crate::document::{Asked, Refused, Stage};
use crate::error::report::Report;
use crate::error::{Error, Result};

/// The trusted documents, by their ids and by their text's SHA-256.
#[derive(Default)]
pub(super) struct Trusted {
    by_id: HashMap<String, Arc<Known>>,
    by_hash: HashMap<Hash, Arc<Known>>,
}

/// What a request names.
pub(super) enum Found {
    /// A document that has been validated.
    Known(Arc<Known>),
    /// A text that nobody has sent lately.
    New(Hash, String),
}

impl Trusted {
    /// Takes the documents of a manifest; `validate` says what is wrong with one.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a document that is not valid.
    pub(super) fn new(manifest: Vec<(String, String)>, validate: impl Fn(&str) -> Result<Known, Vec<Report>>) -> Result<Self> {
        let mut trusted = Self::default();
        for (id, text) in manifest {
            let known = validate(&text).map_err(|problems| {
                let problem = problems.first().map_or_else(String::new, |problem| problem.message.clone());
                Error::invalid("ALLIANCE_DOCUMENTS_MANIFEST", format!("the document `{id}` is not valid here: {problem}"))
            })?;
            let known = Arc::new(known);
            trusted.by_hash.insert(hash(&text), Arc::clone(&known));
            trusted.by_id.insert(id, known);
        }
        Ok(trusted)
    }

    /// Finds the document that a request names.
    pub(super) fn find(&self, asked: &mut Asked, mode: Documents, kept: &Kept) -> Result<Found, Refused> {
        let apollo = asked.extensions.get("persistedQuery").and_then(Value::as_object);
        let id = match (&asked.document_id, apollo) {
            (Some(id), None) => Some(id.clone()),
            (None, Some(persisted)) => Some(sha256_of(persisted)?),
            (None, None) => None,
            (Some(_), Some(_)) => return Err(wrong("Give either `documentId` or `extensions.persistedQuery`, not both.")),
        };
        let (by_id, for_apollo) = (id.as_deref().map(bare), apollo.is_some());
        let Some(text) = asked.query.take() else {
            let of_requests = |hash| kept.documents.get(&(asked.audience, hash));
            return self.find_by_id(by_id, for_apollo, mode, of_requests);
        };
        let hash = hash(&text);
        if let Some(id) = by_id
            && parse_hash(id) != Some(hash)
        {
            return Err(wrong("The document's SHA-256 is not the one that was sent with it."));
        }
        let known = self.by_hash.get(&hash).cloned();
        if known.is_none() && mode == Documents::Trusted && !asked.is_stored {
            let report = Report::new("FORBIDDEN", "Only documents of this server's manifest run here, and this is none of them.");
            return Err(Refused::new(Stage::Untrusted, report));
        }
        Ok(known.or_else(|| kept.documents.get(&(asked.audience, hash))).map_or(Found::New(hash, text), Found::Known))
    }

    fn find_by_id(
        &self,
        id: Option<&str>,
        for_apollo: bool,
        mode: Documents,
        of_requests: impl Fn(Hash) -> Option<Arc<Known>>,
    ) -> Result<Found, Refused> {
        let Some(id) = id else {
            return Err(Refused::new(Stage::Request, Report::wrong("Send a document in `query`, or its id in `documentId`.")));
        };
        if mode == Documents::Off {
            let message = if for_apollo { "PersistedQueryNotSupported" } else { "This server knows no documents by an id." };
            return Err(Refused::new(Stage::Unknown, Report::new("PERSISTED_QUERY_NOT_SUPPORTED", message)));
        }
        let by_hash = || parse_hash(id).and_then(|hash| self.by_hash.get(&hash).cloned().or_else(|| of_requests(hash)));
        self.by_id.get(id).cloned().or_else(by_hash).map(Found::Known).ok_or_else(|| {
            // Apollo's and urql's clients know this message, and send the document with its hash then.
            let message = if for_apollo { "PersistedQueryNotFound" } else { "No document with this id is known: send its text." };
            Refused::new(Stage::Unknown, Report::new("PERSISTED_QUERY_NOT_FOUND", message))
        })
    }
}

fn wrong(message: &str) -> Refused {
    Refused::new(Stage::Request, Report::wrong(message))
}

fn sha256_of(persisted: &Map<String, Value>) -> Result<String, Refused> {
    match (persisted.get("version").and_then(Value::as_u64), persisted.get("sha256Hash").and_then(Value::as_str)) {
        (Some(1), Some(hash)) => Ok(hash.to_owned()),
        _ => Err(wrong("`extensions.persistedQuery` wants `version` 1 and a `sha256Hash`.")),
    }
}

/// An id without the name of its hash.
fn bare(id: &str) -> &str {
    id.strip_prefix("sha256:").unwrap_or(id)
}
