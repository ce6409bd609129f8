//! What a browser is shown: the front page, the explorer, the pages that mails lead to, and the small files that are looked for at
//! every site. Pages need no script but the explorer, and nothing from anywhere else.

pub mod account;
pub mod assets;
pub mod calendar;
pub mod explorer;
mod form;
pub mod front;
pub mod known;
mod linked;
pub mod privacy;
pub mod reaction;
pub mod rsvp;
pub mod status;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::error::Error;
use crate::server::pages::status::Watch;

/// Pages may show our own styles and pictures, and nothing else.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every page goes out with, where it does not say otherwise itself.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// What the pages work with.
#[derive(Debug, Clone)]
pub struct Pages {
    app: App,
    watch: Watch,
}

/// Every page and the files that belong to it.
pub fn routes<D: Clone + Send + Sync + 'static>(app: &App) -> Router<D> {
    let pages = Router::new()
        .route("/", get(front::page))
        .route("/explorer", get(explorer::page))
        .route("/account/{page}", get(account::show).post(account::act))
        .route("/rsvp/{page}", get(rsvp::show).post(rsvp::act))
        .route("/reaction/confirm", get(reaction::show).post(reaction::act))
        .route("/privacy", get(privacy::page))
        .route("/privacy/{alliance}", get(privacy::of_alliance))
        .route("/calendar/{file}", get(calendar::alliance))
        .route("/calendar/{alliance}/{file}", get(calendar::event))
        .route("/assets/{*name}", get(assets::file))
        .route("/favicon.ico", get(assets::favicon))
        .route("/robots.txt", get(known::robots))
        .route("/.well-known/security.txt", get(known::security));
    pages.layer(map_response(guarded)).with_state(Pages { app: app.clone(), watch: Watch::new(app.clone()) })
}

async fn guarded(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Where one of our pages is found from outside.
fn address(app: &App, path: &str) -> String {
    app.config().address(path)
}

/// A page as HTML.
fn html(page: &impl askama::Template) -> Response {
    match page.render() {
        Ok(page) => Html(page).into_response(),
        Err(e) => {
            tracing::error!(error = %Error::internal(e), "a page could not be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
