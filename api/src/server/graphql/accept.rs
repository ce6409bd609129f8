//! Which media type an answer comes in.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT;

/// The media types of a GraphQL response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/graphql-response+json`: whoever sent it, it is a GraphQL response.
    Response,
    /// `application/json`: what every client copes with.
    Json,
}

impl Media {
    /// The most wanted of the two: by quality, then by how precisely it is named, then as [`Media::Response`]. A client that says
    /// nothing gets JSON. Nothing where it wants neither.
    ///
    /// <https://www.rfc-editor.org/rfc/rfc9110#name-accept>
    pub(super) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let mut ranges = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).flat_map(ranges).peekable();
        if ranges.peek().is_none() {
            return Some(Self::Json);
        }
        let ranges: Vec<_> = ranges.collect();
        let quality = |media: Self| {
            let matching = ranges.iter().filter_map(|(range, quality)| Some((media.precision(range)?, *quality)));
            // The most precise range that names it decides.
            matching.max_by_key(|(precision, _)| *precision)
        };
        let (response, json) = (quality(Self::Response), quality(Self::Json));
        let rank =
            |found: Option<(u8, u16)>| found.filter(|(_, quality)| *quality > 0).map(|(precision, quality)| (quality, precision));
        match (rank(response), rank(json)) {
            (None, None) => None,
            // A client that takes anything has not said that it knows the newer type.
            (Some(response), json) if json.is_none_or(|json| json <= response && response.1 == EXACT) => Some(Self::Response),
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

    fn precision(self, range: &str) -> Option<u8> {
        let essence = self.content_type().split(';').next().unwrap_or_default();
        match range {
            "*/*" => Some(0),
            "application/*" => Some(1),
            exact if exact.eq_ignore_ascii_case(essence) => Some(EXACT),
            _ => None,
        }
    }
}

const EXACT: u8 = 2;

/// The ranges of a header with their qualities in thousandths.
fn ranges(header: &str) -> impl Iterator<Item = (&str, u16)> {
    header.split(',').filter_map(|range| {
        let mut parts = range.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let quality = parts.find_map(|parameter| parameter.strip_prefix("q=").or_else(|| parameter.strip_prefix("Q=")));
        Some((name, quality.map_or(1_000, thousandths)))
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1000")]
fn thousandths(quality: &str) -> u16 {
    let quality: f32 = quality.trim().parse().unwrap_or(0.0);
    if quality.is_finite() { (quality.clamp(0.0, 1.0) * 1_000.0).round() as u16 } else { 0 }
}
