//! The parameters of a request, read from a JSON body or from the query of an address.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::config::limits::Limits;
use crate::document::Asked;
use crate::document::audience::Audience;
use crate::error::report::Report;

/// How deep the JSON parser follows: deeper than any request that is within its limit.
const JSON_NESTING: u64 = 128;

/// What is wrong with the form of a request.
#[derive(Debug, Clone)]
pub(in crate::server) enum Malformed {
    /// It is no JSON.
    Json(String),
    /// It is JSON, but no GraphQL request.
    Request(String),
    /// It nests deeper than anything that a GraphQL request could need.
    Nested,
}

impl Malformed {
    /// What is wrong.
    pub(in crate::server) fn report(self, limits: &Limits) -> Report {
        match self {
            Self::Json(message) | Self::Request(message) => Report::wrong(message),
            Self::Nested => Report::limit("nesting of the request", JSON_NESTING, limits.document_nesting),
        }
    }

    fn json(what: &str, problem: &serde_json::Error) -> Self {
        match problem.to_string() {
            deep if deep.starts_with("recursion limit exceeded") => Self::Nested,
            other => Self::Json(format!("{what} is no JSON: {other}.")),
        }
    }
}

/// The parameters, each at most once: what stands between us and the client might read another one of two than we do.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Parameters {
    query: Option<Value>,
    document_id: Option<Value>,
    operation_name: Option<Value>,
    variables: Option<Value>,
    extensions: Option<Value>,
}

/// Reads the body of a POST.
pub(super) fn of_body(body: &[u8]) -> Result<Asked, Malformed> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => return Err(Malformed::Request("One request at a time: batches are not served.".to_owned())),
        Some(b'{') | None => {}
        Some(_) if serde_json::from_slice::<IgnoredAny>(body).is_ok() => {
            return Err(Malformed::Request("The body is no JSON object with a `query`.".to_owned()));
        }
        Some(_) => {}
    }
    match serde_json::from_slice(body) {
        Ok(parameters) => of_parameters(parameters),
        Err(e) if e.is_data() => Err(Malformed::Request(format!("The body is no GraphQL request: {e}."))),
        Err(e) => Err(Malformed::json("The body", &e)),
    }
}

/// Reads the payload of a message.
pub(in crate::server) fn of_value(payload: Value) -> Result<Asked, Malformed> {
    let parameters = serde_json::from_value(payload);
    of_parameters(parameters.map_err(|e| Malformed::Request(format!("The payload is no GraphQL request: {e}.")))?)
}

/// Reads the query of an address; `variables` and `extensions` are JSON there.
pub(super) fn of_query(query: &str) -> Result<Asked, Malformed> {
    let mut parameters = Parameters::default();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let place = match &*name {
            "query" => &mut parameters.query,
            "documentId" => &mut parameters.document_id,
            "operationName" => &mut parameters.operation_name,
            "variables" => &mut parameters.variables,
            "extensions" => &mut parameters.extensions,
            _ => continue,
        };
        let value = match &*name {
            "variables" | "extensions" if text.is_empty() => Value::Null,
            "variables" | "extensions" => serde_json::from_str(&text).map_err(|e| Malformed::json(&format!("`{name}`"), &e))?,
            _ => Value::from(text.into_owned()),
        };
        if place.replace(value).is_some() {
            return Err(Malformed::Request(format!("`{name}` is given twice.")));
        }
    }
    of_parameters(parameters)
}

fn of_parameters(parameters: Parameters) -> Result<Asked, Malformed> {
    let Parameters { query, document_id, operation_name, variables, extensions } = parameters;
    let asked = Asked {
        query: text("query", query.unwrap_or_default())?,
        document_id: text("documentId", document_id.unwrap_or_default())?,
        operation_name: text("operationName", operation_name.unwrap_or_default())?,
        variables: map("variables", variables.unwrap_or_default())?,
        extensions: map("extensions", extensions.unwrap_or_default())?,
        only_a_query: false,
        may_follow: false,
        is_stored: false,
        audience: Audience::default(),
    };
    if asked.query.is_some() && asked.document_id.is_some() {
        return Err(Malformed::Request("Give either `query` or `documentId`, not both.".to_owned()));
    }
    Ok(asked)
}

fn text(name: &str, value: Value) -> Result<Option<String>, Malformed> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text)),
        _ => Err(Malformed::Request(format!("`{name}` is no string."))),
    }
}

fn map(name: &str, value: Value) -> Result<Map<String, Value>, Malformed> {
    match value {
        Value::Null => Ok(Map::new()),
        Value::Object(map) => Ok(map),
        _ => Err(Malformed::Request(format!("`{name}` is no JSON object."))),
    }
}
