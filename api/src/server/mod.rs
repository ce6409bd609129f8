//! HTTP: the routes, and a request's way to its answer.

pub mod graphql;
pub mod health;
pub mod pages;
pub mod refusal;

use axum::Router;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;

use crate::app::App;
use crate::error::{Error, Result};
use crate::schema::{self, Served};

const BODY_BYTES: usize = 64 * 1024;

/// What every route works with.
#[derive(Clone)]
pub struct Door {
    /// The long-lived tools.
    pub app: App,
    /// The schema.
    pub schema: Served,
}

/// Every route.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/graphql", post(graphql::answer))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/version", get(health::version))
        .route("/schema.graphql", get(health::sdl))
        .merge(pages::routes(&app))
        .layer(RequestBodyLimitLayer::new(BODY_BYTES))
        .layer(CatchPanicLayer::new())
        .with_state(Door { app, schema: schema::build() })
}

/// Answers on `listener` until the process is asked to stop; what has begun is finished.
///
/// # Errors
/// Where the socket fails.
pub async fn serve(listener: TcpListener, app: App) -> Result<()> {
    axum::serve(listener, router(app)).with_graceful_shutdown(stopped()).await.map_err(Error::internal)
}

async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! { _ = interrupted => (), _ = terminated.recv() => () },
        Err(_) => drop(interrupted.await),
    }
    tracing::info!("stopping: what has begun is being finished");
}
