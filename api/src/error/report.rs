//! What a client is told about one fault: an entry of `errors` in a response.
//!
//! <https://spec.graphql.org/draft/#sec-Errors>

use async_graphql::{PathSegment, ServerError};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{BAD_REQUEST, Error};

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The character in the line, from 1.
    pub column: usize,
}

impl Location {
    /// Where a byte of a text stands. Lines end as GraphQL says: with a line feed, a carriage return, or both.
    #[must_use]
    pub fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let mut here = Self { line: 1, column: 1 };
        let mut characters = before.chars().peekable();
        while let Some(character) = characters.next() {
            match character {
                '\r' if characters.peek() == Some(&'\n') => {}
                '\n' | '\r' => here = Self { line: here.line + 1, column: 1 },
                _ => here.column += 1,
            }
        }
        here
    }
}

/// A step on the way from the root of an answer to a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Step {
    /// Into the field with this response name.
    Field(String),
    /// Into the item of this place in a list.
    Index(usize),
}

/// One entry of `errors`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What was wrong, and what to do.
    pub message: String,
    /// Where in the document.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Where in the answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<Step>,
    /// Its code, and the id under which the log knows the request.
    pub extensions: Map<String, Value>,
}

impl Report {
    /// A report with a code of the contract.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        let extensions = Map::from_iter([("code".to_owned(), Value::from(code))]);
        Self { message: message.into(), locations: Vec::new(), path: Vec::new(), extensions }
    }

    /// A request that is wrong.
    #[must_use]
    pub fn wrong(message: impl Into<String>) -> Self {
        Self::new(BAD_REQUEST, message)
    }

    /// A limit that was passed.
    #[must_use]
    pub fn limit(what: &str, asked: u64, allowed: u64) -> Self {
        Self::from(&Error::Limit { what: what.to_owned(), allowed, asked })
    }

    /// The same, with the place in the document.
    #[must_use]
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.locations.extend(location);
        self
    }

    /// The word in `extensions.code`.
    #[must_use]
    pub fn code(&self) -> &str {
        self.extensions.get("code").and_then(Value::as_str).unwrap_or_default()
    }

    /// What the executor reports; `locate` finds the place in the document of what it gives as a column. What it has no place for has
    /// no line.
    pub fn of_execution(error: ServerError, locate: impl Fn(usize) -> Location) -> Self {
        let mut extensions = match serde_json::to_value(&error.extensions) {
            Ok(Value::Object(given)) => given,
            _ => Map::new(),
        };
        extensions.entry("code").or_insert_with(|| BAD_REQUEST.into());
        let path = error.path.into_iter().map(|segment| match segment {
            PathSegment::Field(name) => Step::Field(name),
            PathSegment::Index(index) => Step::Index(index),
        });
        Self {
            message: error.message,
            locations: error.locations.iter().filter(|place| place.line > 0).map(|place| locate(place.column)).collect(),
            path: path.collect(),
            extensions,
        }
    }
}

impl From<&Error> for Report {
    fn from(error: &Error) -> Self {
        let mut report = Self::new(error.code(), error.to_string());
        if let Error::Limit { allowed, asked, .. } = error {
            report.extensions.insert("limit".to_owned(), (*allowed).into());
            report.extensions.insert("asked".to_owned(), (*asked).into());
        }
        report
    }
}
