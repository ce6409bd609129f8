//! Which media type an answer comes in.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

use crate::server::accept::{EXACTLY, liking};

/// The media types of a GraphQL response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: whoever sent it, it is a GraphQL response.
    Response,
    /// `application/json`: what every client copes with.
    Json,
}

impl Media {
    /// The most wanted of the two: by quality, then by how closely it is named, then as [`Media::Response`]. A client that says nothing
    /// gets JSON. Nothing where it wants neither.
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let says_nothing = headers.get_all(ACCEPT).iter().all(|value| value.as_bytes().trim_ascii().is_empty());
        let (response, json) = (liking(headers, Self::Response.essence()), liking(headers, Self::Json.essence()));
        match (says_nothing, response, json) {
            (true, ..) => Some(Self::Json),
            (_, (0, _), (0, _)) => None,
            (_, (_, closeness), (0, _)) if closeness > 0 => Some(Self::Response),
            // A client that takes anything has not said that it knows the newer type.
            _ if response >= json && response.1 == EXACTLY => Some(Self::Response),
            _ => Some(Self::Json),
        }
    }

    /// The value of `Content-Type`.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Response => "application/graphql-response+json; charset=utf-8",
            Self::Json => "application/json; charset=utf-8",
        }
    }

    fn essence(self) -> &'static str {
        self.content_type().split(';').next().unwrap_or_default()
    }
}
