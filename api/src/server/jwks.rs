//! GET /.well-known/jwks.json: what others verify our tokens with.

use async_graphql::Executor;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::server::Door;

/// Caches learn of a new key within five minutes.
const KEPT: [(header::HeaderName, &str); 1] = [(header::CACHE_CONTROL, "public, max-age=300")];

/// The public halves of the signing keys.
pub async fn keys<E: Executor>(State(door): State<Door<E>>) -> impl IntoResponse {
    (KEPT, Json(door.app.keys().public()))
}
