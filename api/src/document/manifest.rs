//! A manifest of trusted documents, in the forms that clients' tools write: a map from ids to documents (Relay's persisted queries,
//! graphql-codegen's persisted documents), and Apollo's `apollo-persisted-query-manifest`.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result};

const SETTING: &str = "ALLIANCE_DOCUMENTS_MANIFEST";
const FORMS: &str = "allowed: a JSON object of ids and documents, or Apollo's `apollo-persisted-query-manifest` of version 1";

#[derive(Deserialize)]
struct Operation {
    id: String,
    body: String,
}

/// The documents of a manifest, by their ids.
///
/// # Errors
/// [`Error::Invalid`] for text in none of the forms.
pub(super) fn read(text: &str) -> Result<Vec<(String, String)>> {
    let wrong = |problem: String| Error::invalid(SETTING, format!("{problem}; {FORMS}"));
    let manifest: Map<String, Value> = serde_json::from_str(text).map_err(|e| wrong(format!("it cannot be read: {e}")))?;
    if let Some(format) = manifest.get("format").filter(|_| manifest.contains_key("operations")) {
        if format != "apollo-persisted-query-manifest" || manifest.get("version") != Some(&Value::from(1)) {
            return Err(wrong(format!("its format {format} or its version is not known")));
        }
        let operations = manifest.get("operations").cloned().unwrap_or_default();
        let operations: Vec<Operation> = serde_json::from_value(operations).map_err(|e| wrong(format!("`operations`: {e}")))?;
        return Ok(operations.into_iter().map(|operation| (operation.id, operation.body)).collect());
    }
    let documents = manifest.into_iter().map(|(id, document)| match document {
        Value::String(text) => Ok((id, text)),
        other => Err(wrong(format!("under `{id}` stands {other}, which is no document"))),
    });
    documents.collect()
}
