//! What operators and their machines ask: does it live, is it ready, which version is it, what is its schema.

use async_graphql::Executor;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::document::audience::Audience;
use crate::error::Error;
use crate::server::refusal::RequestId;
use crate::server::{Door, authentication};

/// The process runs.
pub async fn live() -> &'static str {
    "live\n"
}

/// The database answers and its schema is up to date.
pub async fn ready<E: Executor>(State(door): State<Door<E>>) -> (StatusCode, Json<Value>) {
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

/// The schema as it is told to who asks, as SDL.
pub async fn sdl<E: Executor>(State(door): State<Door<E>>, request: Request) -> Response {
    let standing = match authentication::standing(&door.app, request.headers()).await {
        Ok(standing) => standing,
        Err(refusal) => return refusal.respond(&request.extensions().get::<RequestId>().cloned().unwrap_or_default()),
    };
    let audience = authentication::audience(&standing.viewer);
    let caching = if audience == Audience::Stranger { "no-cache" } else { "no-store" };
    let head = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, caching), (VARY, "Authorization")];
    (head, door.front.sdl(audience).to_owned()).into_response()
}
