//! HTTP: the routes, and a request's way to its answer.

pub mod graphql;
pub mod health;
pub mod pages;
pub mod refusal;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;

use crate::app::App;
use crate::document::{Front, Settings};
use crate::error::{Error, Result};
use crate::schema::{self, Served};
use crate::{config, scalar};

/// What every route works with.
#[derive(Clone)]
pub struct Door {
    /// The long-lived tools.
    pub app: App,
    /// What every document goes through.
    pub front: Arc<Front<Served>>,
    /// The schema as SDL.
    pub sdl: Arc<str>,
}

/// Every route.
///
/// # Errors
/// [`Error::Invalid`] where the manifest of trusted documents cannot be used.
pub fn router(app: App) -> Result<Router> {
    Ok(Router::new()
        .route("/graphql", get(graphql::answer).post(graphql::answer))
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/version", get(health::version))
        .route("/schema.graphql", get(health::sdl))
        .merge(pages::routes(&app))
        .layer(CatchPanicLayer::new())
        .with_state(door(app)?))
}

fn door(app: App) -> Result<Door> {
    let served = schema::build();
    let sdl = schema::sdl(&served);
    let manifest = app.config().documents_manifest.as_deref().map(config::read_manifest).transpose()?;
    let settings = Settings {
        sdl: &sdl,
        scalars: &scalar::CHECKS,
        limits: app.config().limits,
        documents: app.config().documents,
        manifest: manifest.as_deref(),
    };
    let front = Arc::new(Front::new(served, &settings)?);
    Ok(Door { front, sdl: sdl.into(), app })
}

/// Answers on `listener` until the process is asked to stop; what has begun is finished.
///
/// # Errors
/// Where the socket fails.
pub async fn serve(listener: TcpListener, app: App) -> Result<()> {
    axum::serve(listener, router(app)?).with_graceful_shutdown(stopped()).await.map_err(Error::internal)
}

async fn stopped() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => tokio::select! { _ = interrupted => (), _ = terminated.recv() => () },
        Err(_) => drop(interrupted.await),
    }
    tracing::info!("stopping: what has begun is being finished");
}
