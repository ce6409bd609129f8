//! An answer as HTTP: its status in each of the two ways to count them, its media type, and what caches may do with it.

use axum::body::Body;
use axum::http::header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, RETRY_AFTER, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::config::door::StatusCodes;
use crate::document::answer::Answer;
use crate::document::{Refused, Stage};
use crate::server::graphql::DEPENDS_ON;
use crate::server::graphql::accept::Media;
use crate::server::graphql::request::Malformed;
use crate::server::live::stream;
use crate::server::refusal::RequestId;

const PARTIAL_SUCCESS: u16 = 294;

/// How one request is to be replied to.
pub(super) struct Reply<'a> {
    pub(super) config: &'a Config,
    pub(super) media: Media,
    /// Whether it comes as events.
    pub(super) is_events: bool,
    pub(super) is_get: bool,
    pub(super) id: &'a RequestId,
    pub(super) headers: &'a HeaderMap,
}

impl Reply<'_> {
    /// Replies to what is no GraphQL request.
    pub(super) fn malformed(&self, malformed: Malformed) -> Response {
        let is_new = self.config.status_codes == StatusCodes::September2026;
        let status = match malformed {
            Malformed::Request(_) | Malformed::Nested if is_new => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::BAD_REQUEST,
        };
        let report = malformed.report(&self.config.limits);
        let refused = Refused { stage: Stage::Request, reports: vec![report] };
        if self.is_events {
            return stream::once(&refused.body(&self.id.0));
        }
        self.stored_nowhere(status, refused.body(&self.id.0))
    }

    /// Replies to what is not executed.
    pub(super) fn refused(&self, refused: Refused) -> Response {
        if self.is_events {
            return stream::once(&refused.body(&self.id.0));
        }
        let writes = refused.stage == Stage::Writes;
        let status = match (self.config.status_codes, refused.stage, self.media) {
            (_, Stage::Writes, _) => StatusCode::METHOD_NOT_ALLOWED,
            (_, Stage::Follows, _) => StatusCode::NOT_ACCEPTABLE,
            (_, Stage::Fault, _) => StatusCode::INTERNAL_SERVER_ERROR,
            (_, Stage::Busy, _) => return self.unavailable(refused.body(&self.id.0)),
            (StatusCodes::Compatible, Stage::Request, _) => StatusCode::BAD_REQUEST,
            (StatusCodes::Compatible, _, Media::Json) => StatusCode::OK,
            (_, Stage::Untrusted, _) => StatusCode::FORBIDDEN,
            (StatusCodes::Compatible, _, Media::Response) | (_, Stage::Syntax, _) => StatusCode::BAD_REQUEST,
            (StatusCodes::September2026, _, _) => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let mut response = self.stored_nowhere(status, refused.body(&self.id.0));
        if writes {
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }

    /// Replies with what was executed.
    pub(super) fn answered(&self, answer: Answer) -> Response {
        let Answer { body, has_errors, has_data, is_unavailable, lacks: _, retry_after, is_lasting: _, beside } = answer;
        if !has_errors && beside.is_empty() && self.is_get && !self.is_events && !self.headers.contains_key(AUTHORIZATION) {
            return self.public(body);
        }
        if self.is_events {
            return stream::once(&body);
        }
        let status = match self.config.status_codes {
            StatusCodes::September2026 if has_errors => StatusCode::from_u16(PARTIAL_SUCCESS).unwrap_or(StatusCode::OK),
            _ => StatusCode::OK,
        };
        let mut response = match retry_after {
            _ if is_unavailable && !has_data => self.unavailable(body),
            Some(seconds) if !has_data => self.again(StatusCode::TOO_MANY_REQUESTS, seconds, body),
            _ => self.stored_nowhere(status, body),
        };
        for (name, value) in beside {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }

    /// The same request may succeed in a moment.
    fn unavailable(&self, body: Vec<u8>) -> Response {
        self.again(StatusCode::SERVICE_UNAVAILABLE, 2, body)
    }

    /// The same request may succeed after some seconds.
    fn again(&self, status: StatusCode, seconds: u64, body: Vec<u8>) -> Response {
        let mut response = self.stored_nowhere(status, body);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        response
    }

    /// What anybody may be shown, caches may keep: by default to ask each time whether it is still so.
    fn public(&self, body: Vec<u8>) -> Response {
        let digest = Sha256::new().chain_update(self.media.content_type()).chain_update(&body).finalize();
        // Weak, since the same answer may come compressed.
        let tag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(&digest[..16]));
        let caching = match self.config.cache_seconds {
            0 => "public, no-cache".to_owned(),
            seconds => format!("public, max-age={seconds}"),
        };
        let is_known = self.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|known| {
            let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
            known.trim() == "*" || known.split(',').any(|known| opaque(known) == opaque(&tag))
        });
        let mut response = match is_known {
            true => StatusCode::NOT_MODIFIED.into_response(),
            false => self.with_body(StatusCode::OK, body),
        };
        for (name, value) in [(CACHE_CONTROL, caching), (ETAG, tag), (VARY, DEPENDS_ON.to_owned())] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    fn stored_nowhere(&self, status: StatusCode, body: Vec<u8>) -> Response {
        let mut response = self.with_body(status, body);
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert(VARY, HeaderValue::from_static(DEPENDS_ON));
        response
    }

    fn with_body(&self, status: StatusCode, body: Vec<u8>) -> Response {
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(self.media.content_type()));
        response
    }
}
