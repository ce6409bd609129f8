//! What operators and their machines ask: does it live, is it ready, which version is it, what is its schema.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::error::Error;
use crate::server::Door;

/// The process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// The database answers and its schema is up to date.
pub async fn ready(State(door): State<Door>) -> (StatusCode, Json<Value>) {
    match door.app.db().pending().await {
        Ok(pending) if pending.is_empty() => (StatusCode::OK, Json(json!({ "database": "ok", "migrations": "ok" }))),
        Ok(pending) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "database": "ok", "migrations": "pending", "pending": pending })))
        }
        // What an operator can mend is a database of a newer Alliance.
        Err(Error::Invalid { .. }) => {
            (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "database": "ok", "migrations": "of a newer Alliance" })))
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "database": "does not answer", "migrations": "unknown" }))),
    }
}

/// Which Alliance this is.
pub async fn version() -> Json<Value> {
    Json(json!({ "name": "alliance", "version": env!("CARGO_PKG_VERSION") }))
}

/// The schema that is served, as SDL.
pub async fn sdl(State(door): State<Door>) -> impl IntoResponse {
    ([("content-type", "text/plain; charset=utf-8")], door.front.sdl(crate::document::audience::Audience::Stranger).to_owned())
}
