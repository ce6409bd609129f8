//! Answers grow small on their way out, where it is worth it and the client can read it.

use axum::Router;
use axum::http::{Extensions, HeaderMap, StatusCode, Version, header};
use tower::Layer;
use tower_http::CompressionLevel;
use tower_http::compression::predicate::{And, Predicate, SizeAbove};
use tower_http::compression::{Compression, CompressionBody, CompressionLayer};

/// Below this, an answer fits into one packet anyway.
const WORTHWHILE: u64 = 1_024;
/// Kinds of content that gain: what else is served (images, fonts, archives) is compressed already.
const TEXTS: [&str; 8] = [
    "text/",
    "application/json",
    "application/atom+xml",
    "application/feed+json",
    "application/xml",
    "application/graphql",
    "application/javascript",
    "image/svg+xml",
];

/// What is said by the type of content, as a rule of `tower_http`.
type Rule = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// The routes, with answers that may be compressed. It surrounds the router instead of lying on it: there it would box every body.
pub(super) type Compressed = Compression<Router, And<SizeAbove, Rule>>;

/// The body of such an answer.
pub(super) type Body = CompressionBody<axum::body::Body>;

/// Surrounds the routes.
pub(super) fn around(routes: Router) -> Compressed {
    let predicate = SizeAbove::new(WORTHWHILE).and(is_text as Rule);
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(predicate).layer(routes)
}

fn is_text(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // A stream of events is sent as it happens: a compressor would hold it back.
    !kind.starts_with("text/event-stream") && TEXTS.iter().any(|text| kind.starts_with(text))
}
