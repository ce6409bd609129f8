//! GET /explorer: GraphiQL with example queries, the documentation and a place for a token; and who is led there.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::app::App;
use crate::server::accept::prefers;
use crate::server::pages::{Pages, assets, html};

#[derive(Template)]
#[template(path = "explorer.html")]
struct Explorer {
    nonce: String,
    styles: [String; 2],
    scripts: [String; 3],
    own: String,
    icon: String,
}

#[derive(Template)]
#[template(path = "explorer_off.html")]
struct Off {
    style: String,
    icon: String,
}

/// The explorer; a short page that says so where the operator turned it off.
pub async fn page(State(pages): State<Pages>) -> Response {
    let icon = assets::link("favicon.svg");
    if !pages.app.config().explorer {
        return (StatusCode::NOT_FOUND, html(&Off { style: assets::link("page.css"), icon })).into_response();
    }
    let nonce = format!("{:032x}", rand::random::<u128>());
    let head = [(header::CONTENT_SECURITY_POLICY, policy(&nonce)), (header::CACHE_CONTROL, "no-store".to_owned())];
    let styles = ["explorer/graphiql.min.css", "explorer.css"].map(assets::link);
    let scripts = ["explorer/react.production.min.js", "explorer/react-dom.production.min.js", "explorer/graphiql.min.js"];
    let page = Explorer { nonce, styles, scripts: scripts.map(assets::link), own: assets::link("explorer.js"), icon };
    (head, html(&page)).into_response()
}

/// Scripts are ours alone. GraphiQL's dialogs put one style element into the page, which carries the nonce, and the editor's search
/// two style attributes, which are known by their hashes; its fonts and two pictures are part of its style sheet.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; \
         style-src-attr 'unsafe-hashes' 'sha256-{WIDTH}' 'sha256-{COLOUR}'; font-src data:; img-src 'self' data:; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}

/// Of `width: 10em`.
const WIDTH: &str = "H22cvujYHDQPJvzf4ie16OHKC3HsNj7RmRT3jO07Y/U=";
/// Of `color: #888`.
const COLOUR: &str = "Eaamrrh0b5a/naRsV/zg7s6+kGvexMXZQARWP6ukkg4=";

/// Where a browser that opens the address of the API is led: it would rather see a page, and asks for nothing. None where the request
/// is for the API, or where the explorer is turned off.
#[must_use]
pub fn led(app: &App, headers: &HeaderMap, query: Option<&str>) -> Option<Response> {
    let leads = app.config().explorer && leads(headers, query);
    // The path alone: who came by another name of this host stays there.
    let place = format!("{}/explorer", app.config().public_url.path().trim_end_matches('/'));
    leads.then(|| (StatusCode::SEE_OTHER, [(header::LOCATION, place), (header::VARY, "Accept".to_owned())]).into_response())
}

/// Whether a GET /graphql with this query string comes from somebody who looks for a page, not for an answer.
#[must_use]
pub fn leads(headers: &HeaderMap, query: Option<&str>) -> bool {
    let mut parameters = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let asks = parameters.any(|(name, _)| matches!(name.as_ref(), "query" | "documentId" | "extensions"));
    let answers = ["application/graphql-response+json", "application/json"];
    !asks && answers.iter().all(|answer| prefers(headers, "text/html", answer))
}
