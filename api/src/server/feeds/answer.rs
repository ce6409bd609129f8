//! A file that is asked for again and again, as caches and readers' programs want it.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::server::pages::assets::says;
use crate::server::refusal::Refusal;

/// What every answer goes out with: there is nothing in it that not everybody may read, from whatever page.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, "etag"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
];
const KEPT: &str = "public, max-age=60";
const METHODS: &str = "GET, HEAD, OPTIONS";

/// A file, or where it is found now.
pub(super) enum Found {
    /// A file.
    File {
        /// Its media type.
        kind: &'static str,
        /// What it says.
        body: String,
    },
    /// Another address, for good.
    Elsewhere(String),
}

/// Whether a database can be asked for it: PostgreSQL takes no NUL.
pub(super) fn is_text(text: &str) -> bool {
    !text.contains('\0')
}

/// Answers with what was found, or says that there is nothing.
pub(super) fn respond(found: Result<Found>, what: &str, headers: &HeaderMap) -> Response {
    opened(match found {
        Ok(Found::Elsewhere(address)) => {
            (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, address.as_str()), (header::CACHE_CONTROL, KEPT)]).into_response()
        }
        Ok(Found::File { kind, body }) => file(kind, body, headers),
        Err(Error::NotFound(_)) => {
            (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, KEPT)], format!("There is no such {what}.\n")).into_response()
        }
        Err(error) => {
            let refusal = Refusal::of(&error.logged());
            let said = ([(header::CACHE_CONTROL, "no-store")], format!("{}\n", refusal.message));
            refusal.over(said.into_response())
        }
    })
}

/// Lets any page read an answer.
pub(super) fn opened(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A page asks whether it may name the tag that it has; of other ways to ask there are none.
pub(super) async fn otherwise(method: Method) -> Response {
    if method != Method::OPTIONS {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, METHODS)]).into_response();
    }
    let allowed = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "if-none-match"),
        (header::ACCESS_CONTROL_MAX_AGE, "86400"),
    ];
    opened((StatusCode::NO_CONTENT, allowed).into_response())
}

fn file(kind: &'static str, body: String, headers: &HeaderMap) -> Response {
    let digest = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(body.as_bytes())[..16]));
    let is_known = says(headers, header::IF_NONE_MATCH, |known| known == "*" || known.trim_start_matches("W/") == digest);
    // It stands for the packed and the plain form alike, where the one may go out for the other.
    let packs = says(headers, header::ACCEPT_ENCODING, |coding| coding.starts_with("gzip") || coding.starts_with("br"));
    let tag = if packs { format!("W/{digest}") } else { digest };
    let mut response = match is_known {
        true => (StatusCode::NOT_MODIFIED, [(header::VARY, "accept-encoding")]).into_response(),
        false => ([(header::CONTENT_TYPE, kind)], body).into_response(),
    };
    for (name, value) in [(header::ETAG, tag.as_str()), (header::CACHE_CONTROL, KEPT)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
