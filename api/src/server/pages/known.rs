//! What is looked for at every site: what machines may crawl, and whom to tell of a weakness.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use chrono::{SecondsFormat, TimeDelta};

use crate::server::pages::{Pages, address};

const TEXT: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
/// How long the contact holds: RFC 9116 asks for less than a year.
const HOLDS: TimeDelta = TimeDelta::days(182);

/// The API, its explorer and what mails lead to are nothing that a search engine should read.
pub async fn robots() -> impl IntoResponse {
    (
        TEXT,
        "User-agent: *\nDisallow: /account/\nDisallow: /subscription/\nDisallow: /rsvp/\nDisallow: /reaction/\nDisallow: /graphql\nDisallow: /explorer\nDisallow: /schema.graphql\nDisallow: /readyz\nDisallow: /livez\n",
    )
}

/// Whom to tell of a weakness: RFC 9116.
pub async fn security(State(pages): State<Pages>) -> impl IntoResponse {
    let contact = &pages.app.config().security_contact;
    let expires = (pages.app.clock().now() + HOLDS).to_rfc3339_opts(SecondsFormat::Secs, true);
    let canonical = address(&pages.app, "/.well-known/security.txt");
    (TEXT, format!("Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\nCanonical: {canonical}\n"))
}
