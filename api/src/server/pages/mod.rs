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
pub mod subscription;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;

use secrecy::SecretString;
use url::form_urlencoded;

use crate::app::App;
use crate::document::audience::Audience;
use crate::error::Error;
use crate::server::body;
use crate::server::pages::status::Watch;
use crate::server::refusal::Refusal;

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

/// What a page with a form goes out with, which may be sent back to us. Its origin must be told then, which a page without any referrer
/// would not; no other site is told more.
const FORM_HEADERS: [(HeaderName, &str); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CACHE_CONTROL, "no-store"),
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
        .route("/subscription/style.css", get(subscription::style))
        .route("/subscription/{page}", get(subscription::show).post(subscription::act))
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

/// Whether a database can be asked for it: PostgreSQL takes no NUL.
fn is_text(text: &str) -> bool {
    !text.contains('\0')
}

/// The token of a link.
fn token_of(query: Option<&str>) -> SecretString {
    let token = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(name, _)| name == "token");
    SecretString::from(token.map(|(_, token)| token.into_owned()).unwrap_or_default())
}

/// The form that a browser sent.
async fn read_form(app: &App, head: &Parts, body: Body) -> Result<Bytes, Refusal> {
    if !is_of(head, "application/x-www-form-urlencoded") {
        let message = "Send the form as a browser does: `application/x-www-form-urlencoded`.";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message));
    }
    body::read(body, Audience::Stranger, &app.config().limits).await
}

/// Whether what was sent is of this type.
fn is_of(head: &Parts, wanted: &str) -> bool {
    let kind = head.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
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
