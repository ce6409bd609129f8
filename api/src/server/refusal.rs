//! What the door turns away before anything is executed: a status, and a GraphQL response that says what was wrong.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;
use uuid::Uuid;

use crate::error::Error;

/// The id under which the log knows a request; every answer carries it as `X-Request-Id`.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

impl RequestId {
    /// A new one.
    #[must_use]
    pub fn new() -> Self {
        Self(Uuid::now_v7().to_string())
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

/// A request that is turned away.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The status of the answer.
    pub status: StatusCode,
    /// The word in `extensions.code`, as the contract lists them.
    pub code: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
    /// After how many seconds the same may be tried again, where it came too often.
    retry_after: Option<u64>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Refusal {
    /// A refusal with a code of the contract: `BAD_REQUEST`, `LIMIT_EXCEEDED`, `FORBIDDEN`, `UNAVAILABLE`, `INTERNAL`.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), retry_after: None, headers: Vec::new() }
    }

    /// The refusal of a request whose sender could not be told.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let (status, seconds) = match error {
            Error::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, Some(1)),
            Error::RateLimited { seconds, .. } => (StatusCode::TOO_MANY_REQUESTS, Some(*seconds)),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, None),
        };
        let mut refusal = Self::new(status, error.code(), error.to_string());
        refusal.retry_after = seconds.filter(|_| status == StatusCode::TOO_MANY_REQUESTS);
        if let Some(seconds) = seconds {
            refusal.headers.push((RETRY_AFTER, HeaderValue::from(seconds)));
        }
        refusal
    }

    /// The same, with a header: `Allow` of a 405, `Retry-After` of a 503.
    #[must_use]
    pub fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.headers.push((name, HeaderValue::from_static(value)));
        self
    }

    /// The same with a body that a person reads.
    #[must_use]
    pub fn over(self, mut response: Response) -> Response {
        *response.status_mut() = self.status;
        response.headers_mut().extend(self.headers);
        response
    }

    /// The answer.
    #[must_use]
    pub fn respond(self, id: &RequestId) -> Response {
        let mut extensions = json!({ "code": self.code, "requestId": id.0 });
        if let Some(seconds) = self.retry_after {
            extensions["retryAfter"] = seconds.into();
        }
        let body = json!({ "errors": [{ "message": self.message, "extensions": extensions }] }).to_string();
        let head = [(CONTENT_TYPE, "application/json; charset=utf-8"), (CACHE_CONTROL, "no-store")];
        let mut response = (self.status, head, body).into_response();
        response.headers_mut().extend(self.headers);
        response
    }
}
