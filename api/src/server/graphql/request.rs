//! The parameters of a request, read from a JSON body or from the query of an address.

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::document::Asked;

/// What is wrong with the form of a request.
#[derive(Debug, Clone)]
pub(super) enum Malformed {
    /// It is no JSON.
    Json(String),
    /// It is JSON, but no GraphQL request.
    Request(String),
    /// It nests deeper than anything that a GraphQL request could need.
    Nested,
}

impl Malformed {
    fn json(what: &str, problem: &serde_json::Error) -> Self {
        match problem.to_string() {
            deep if deep.starts_with("recursion limit exceeded") => Self::Nested,
            other => Self::Json(format!("{what} is no JSON: {other}.")),
        }
    }
}

/// Reads the body of a POST.
pub(super) fn of_body(body: &[u8]) -> Result<Asked, Malformed> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(parameters)) => of_parameters(parameters),
        Ok(Value::Array(_)) => Err(Malformed::Request("One request at a time: batches are not served.".to_owned())),
        Ok(_) => Err(Malformed::Request("The body is no JSON object with a `query`.".to_owned())),
        Err(e) => Err(Malformed::json("The body", &e)),
    }
}

/// Reads the query of an address; `variables` and `extensions` are JSON there.
pub(super) fn of_query(query: &str) -> Result<Asked, Malformed> {
    let mut parameters = Map::new();
    for (name, text) in form_urlencoded::parse(query.as_bytes()) {
        let value = match &*name {
            "query" | "documentId" | "operationName" => Value::from(text.into_owned()),
            "variables" | "extensions" if text.is_empty() => Value::Null,
            "variables" | "extensions" => serde_json::from_str(&text).map_err(|e| Malformed::json(&format!("`{name}`"), &e))?,
            _ => continue,
        };
        if parameters.insert(name.to_string(), value).is_some() {
            return Err(Malformed::Request(format!("`{name}` is given twice.")));
        }
    }
    of_parameters(parameters)
}

fn of_parameters(mut parameters: Map<String, Value>) -> Result<Asked, Malformed> {
    let mut take = |name: &str| parameters.remove(name).unwrap_or_default();
    let asked = Asked {
        query: text("query", take("query"))?,
        document_id: text("documentId", take("documentId"))?,
        operation_name: text("operationName", take("operationName"))?,
        variables: map("variables", take("variables"))?,
        extensions: map("extensions", take("extensions"))?,
        only_a_query: false,
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
