//! Whose web pages may ask from a browser: the server's own and those that the settings allow. A page that may not is told which
//! setting says so; one that may is told what it may send and read.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST, HeaderName, ORIGIN, VARY,
};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::client;
use crate::config::Config;
use crate::config::door::Origins;
use crate::server::client::Client;
use crate::server::refusal::Refusal;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// What pages send: the standard, and what Apollo's and Relay's clients add.
const SENT: &str = "content-type, authorization, idempotency-key, if-none-match, apollo-require-preflight, \
     apollographql-client-name, apollographql-client-version, x-apollo-operation-id, x-apollo-operation-name, x-request-id";
const READ: &str = "x-request-id, etag, retry-after, idempotency-replayed";
/// No browser remembers it for longer than two hours.
const REMEMBERED_SECONDS: &str = "7200";

/// Where a request comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// No page, as far as it tells.
    Program,
    /// A page of our own.
    Own,
    /// A page that is allowed by name to ask, which must be told so.
    Named(HeaderValue),
    /// A page that may ask because all may.
    Any(HeaderValue),
    /// A page that may not ask.
    Foreign,
}

impl Source {
    /// The same for those who answer; nothing where nobody is to answer.
    pub(super) fn told(&self) -> Option<client::Source> {
        match self {
            Self::Program => Some(client::Source::Program),
            Self::Own => Some(client::Source::OwnPage),
            Self::Named(_) => Some(client::Source::NamedPage),
            Self::Any(_) => Some(client::Source::AnyPage),
            Self::Foreign => None,
        }
    }
}

/// The server's own origin, and the origins that are allowed.
#[derive(Debug)]
pub(super) struct Guard {
    public: String,
}

impl Guard {
    /// As the settings say.
    pub(super) fn new(config: &Config) -> Self {
        Self { public: config.public_url.origin().ascii_serialization() }
    }

    /// Where a request comes from. A browser names the page's origin with everything that can change something.
    pub(super) fn source(&self, request: &Parts, client: &Client, config: &Config) -> Source {
        let mut named = request.headers.get_all(ORIGIN).iter();
        let Some(origin) = named.next() else {
            return match request.headers.get(SEC_FETCH_SITE).map(HeaderValue::as_bytes) {
                Some(b"same-origin") => Source::Own,
                None | Some(b"none") => Source::Program,
                Some(_) if is_safe(&request.method) => Source::Program,
                Some(_) => Source::Foreign,
            };
        };
        let (Ok(text), None) = (origin.to_str(), named.next()) else { return Source::Foreign };
        if is_own(text, request, client) {
            return Source::Own;
        }
        let is_named = config.allowed_origins != Origins::Any;
        // Where the public reads may be another host than this one.
        match text == self.public || (config.allowed_origins.allow(text) && text != "null") {
            true if is_named || text == self.public => Source::Named(origin.clone()),
            true => Source::Any(origin.clone()),
            false => Source::Foreign,
        }
    }
}

/// Whether a method can change nothing.
pub(super) fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether an origin is the very address that was asked.
fn is_own(origin: &str, request: &Parts, client: &Client) -> bool {
    let asked = request.uri.authority().map(Authority::as_str);
    let asked = asked.or_else(|| request.headers.get(HOST)?.to_str().ok());
    match (origin.split_once("://"), asked) {
        (Some((scheme, host)), Some(asked)) => scheme == client.scheme.as_str() && host.eq_ignore_ascii_case(asked),
        _ => false,
    }
}

/// What a page that may not ask is told.
pub(super) fn refusal() -> Refusal {
    let message = "This page's origin may not ask here; the operator can allow it in ALLIANCE_ALLOWED_ORIGINS, or, where it is \
         the server's own, name it in ALLIANCE_PUBLIC_URL.";
    Refusal::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
}

/// Whether a browser asks what a page may send.
pub(super) fn is_preflight(request: &Parts) -> bool {
    request.method == Method::OPTIONS
        && request.headers.contains_key(ORIGIN)
        && request.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// What a page may send.
pub(super) fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT));
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(REMEMBERED_SECONDS));
    response
}

/// Tells the browser who may read the answer, and every cache that it depends on who asks. Cookies go with what a page asks that is
/// allowed by name: where all pages may ask, none has any.
pub(super) fn mark(response: &mut Response, source: Source) {
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("Origin"));
    if let Source::Named(_) = source {
        headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
    }
    if let Source::Named(origin) | Source::Any(origin) = source {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READ));
    }
}
