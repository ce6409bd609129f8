//! A request's body, read within its limits of bytes and of time.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::StatusCode;
use futures_util::StreamExt;
use tokio::time::timeout;

use crate::config::limits::Limits;
use crate::document::audience::Audience;
use crate::error::LIMIT_EXCEEDED;
use crate::server::refusal::Refusal;

/// The whole body, as large as it may be for who sends it.
///
/// # Errors
/// 413 for one that is too large, as soon as that shows; 408 for one that does not come in time; 400 for one that breaks off.
pub async fn read(body: Body, audience: Audience, limits: &Limits) -> Result<Bytes, Refusal> {
    let (bytes, setting) = match audience {
        Audience::Stranger => (limits.body_bytes, "ALLIANCE_BODY_BYTES"),
        Audience::Member | Audience::Partner | Audience::Staff => {
            (limits.body_bytes.max(limits.body_bytes_signed_in), "ALLIANCE_BODY_BYTES_SIGNED_IN")
        }
    };
    let too_large = || {
        let message = format!("The request's body may have at most {bytes} bytes ({setting}).");
        Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, LIMIT_EXCEEDED, message)
    };
    if body.size_hint().lower() > bytes {
        return Err(too_large());
    }
    let most = usize::try_from(bytes).unwrap_or(usize::MAX);
    match timeout(Duration::from_secs(limits.body_seconds), collect(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(Problem::TooLarge)) => Err(too_large()),
        Ok(Err(Problem::Broken)) => {
            Err(Refusal::new(StatusCode::BAD_REQUEST, "BAD_REQUEST", "The request's body broke off or cannot be read."))
        }
        Err(_) => {
            let seconds = limits.body_seconds;
            let message = format!("The request's body did not come within {seconds} seconds (ALLIANCE_BODY_SECONDS).");
            Err(Refusal::new(StatusCode::REQUEST_TIMEOUT, LIMIT_EXCEEDED, message))
        }
    }
}

enum Problem {
    TooLarge,
    Broken,
}

async fn collect(body: Body, most: usize) -> Result<Bytes, Problem> {
    let mut pieces = body.into_data_stream();
    let Some(first) = pieces.next().await else { return Ok(Bytes::new()) };
    let first = within(first, most)?;
    // Most bodies come in one piece, which is then not copied.
    let Some(second) = pieces.next().await else { return Ok(first) };
    let second = within(second, most - first.len())?;
    let mut whole = Vec::with_capacity(first.len() + second.len());
    whole.extend_from_slice(&first);
    whole.extend_from_slice(&second);
    while let Some(piece) = pieces.next().await {
        let piece = within(piece, most - whole.len())?;
        whole.extend_from_slice(&piece);
    }
    Ok(Bytes::from(whole))
}

fn within(piece: Result<Bytes, axum::Error>, left: usize) -> Result<Bytes, Problem> {
    let piece = piece.map_err(|_| Problem::Broken)?;
    if piece.len() > left { Err(Problem::TooLarge) } else { Ok(piece) }
}
