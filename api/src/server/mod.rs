//! HTTP: the routes, and a request's way to its answer.

pub mod body;
pub mod client;
mod compression;
mod connection;
mod descriptors;
pub mod graphql;
mod guards;
pub mod health;
pub mod listen;
mod origins;
mod pulse;
pub mod refusal;
mod stop;
mod wire;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};

use crate::app::App;
use crate::schema::{self, Served};
use crate::server::guards::Guards;
use crate::server::refusal::{Refusal, RequestId};

/// What there is, for those who ask for something else.
const PLACES: &str = "/graphql, /schema.graphql, /livez, /readyz, /version";

/// What every route works with.
#[derive(Clone)]
pub struct Door {
    /// The long-lived tools.
    pub app: App,
    /// The schema.
    pub schema: Served,
}

/// Every route, behind the guards.
pub fn router(app: App) -> Router {
    let routes = Router::new()
        .route("/graphql", post(graphql::answer))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/version", get(health::version))
        .route("/schema.graphql", get(health::sdl))
        .with_state(Door { app: app.clone(), schema: schema::build() });
    guarded(routes, app)
}

/// Routes behind the guards: what each request passes before its route, and what answers where there is none.
pub fn guarded(routes: Router, app: App) -> Router {
    let guards = Arc::new(Guards::new(app));
    routes.method_not_allowed_fallback(not_allowed).fallback(not_found).layer(from_fn_with_state(guards, guards::pass))
}

async fn not_found(Extension(id): Extension<RequestId>) -> Response {
    Refusal::new(StatusCode::NOT_FOUND, "BAD_REQUEST", format!("there is nothing here; there is {PLACES}")).respond(&id)
}

async fn not_allowed(Extension(id): Extension<RequestId>) -> Response {
    let message = "this method is not for this address; the header `Allow` names those that are";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST", message).respond(&id)
}
