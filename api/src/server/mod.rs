//! HTTP: the routes, and a request's way to its answer.

pub mod accept;
mod authentication;
pub mod body;
pub mod client;
mod compression;
mod connection;
mod descriptors;
mod feeds;
pub mod graphql;
mod guards;
pub mod health;
pub mod jwks;
pub mod listen;
pub mod live;
pub mod metrics;
mod origins;
pub mod pages;
mod pulse;
pub mod refusal;
mod stop;
mod wire;

use std::sync::Arc;

use async_graphql::Executor;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};

use crate::app::{Answers, App};
use crate::config::{self, Config};
use crate::document::{Front, Settings};
use crate::error::Result;
use crate::scalar;
use crate::schema::{self, Served};
use crate::server::guards::Guards;
use crate::server::live::Hub;
use crate::server::refusal::{Refusal, RequestId};

/// What there is, for those who ask for something else.
const PLACES: &str =
    "/, /graphql, /schema.graphql, /livez, /readyz, /version, /.well-known/jwks.json, /feeds/, /sitemap/, /oembed";

/// What every route works with.
#[derive(Clone)]
pub struct Door<E> {
    /// The long-lived tools.
    pub app: App,
    /// What every document goes through.
    pub front: Arc<Front<E>>,
    /// What is followed on this node.
    pub hub: Arc<Hub<E>>,
}

/// Every route, behind the guards.
pub fn router<E: Executor>(app: App, front: Front<E>) -> Router {
    let front = Arc::new(front);
    app.answer_by(Arc::clone(&front) as Arc<dyn Answers>);
    let door = Door { app: app.clone(), hub: Arc::new(Hub::new(app.clone(), Arc::clone(&front))), front };
    let routes = Router::new()
        .route("/graphql", get(graphql::answer::<E>).post(graphql::answer::<E>))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready::<E>))
        .route("/version", get(health::version))
        .route("/.well-known/jwks.json", get(jwks::keys))
        .route("/schema.graphql", get(health::sdl::<E>))
        .merge(pages::routes(&app))
        .merge(feeds::routes(&app))
        .with_state(door);
    guarded(routes, app)
}

/// What every document goes through. It needs no database, so that wrong settings show before there is one.
///
/// # Errors
/// [`crate::error::Error::Invalid`] where the manifest of trusted documents cannot be used.
pub fn front(config: &Config) -> Result<Front<Served>> {
    let served = schema::build();
    let sdl = schema::sdl(&served);
    let manifest = config.documents_manifest.as_deref().map(config::read_manifest).transpose()?;
    let settings = Settings {
        sdl: &sdl,
        scalars: &scalar::CHECKS,
        weights: &schema::WEIGHTS,
        alone: &schema::ALONE,
        limits: config.limits,
        documents: config.documents,
        manifest: manifest.as_deref(),
    };
    Front::new(served, &settings)
}

/// Routes behind the guards: what each request passes before its route, and what answers where there is none.
pub fn guarded(routes: Router, app: App) -> Router {
    let guards = Arc::new(Guards::new(app));
    routes.method_not_allowed_fallback(not_allowed).fallback(not_found).layer(from_fn_with_state(guards, guards::pass))
}

async fn not_found(Extension(id): Extension<RequestId>) -> Response {
    Refusal::new(StatusCode::NOT_FOUND, "NOT_FOUND", format!("There is nothing here. There is {PLACES}.")).respond(&id)
}

async fn not_allowed(Extension(id): Extension<RequestId>) -> Response {
    let message = "This method is not for this address; the header `Allow` names those that are.";
    Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST", message).respond(&id)
}
