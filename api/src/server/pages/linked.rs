//! What all pages have in common that the links of mails lead to: a heading and a sentence, perhaps a form, and no script. A GET changes
//! nothing, since mail programs open links beforehand; the form's POST does what the link is for.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::request::Parts;
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::accounts::actions::open::installation;
use crate::app::App;
use crate::document::audience::Audience;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::server::body;
use crate::server::pages::form::Form;
use crate::server::pages::{assets, html};
use crate::server::refusal::Refusal;

/// Of a link that cannot be used.
pub(super) const OVER: [&str; 2] = [
    "This link is over",
    "It is not valid, or not any more: each link works once and for a while. Ask whoever sent it for a new one.",
];
/// Of an address that is none.
const NOTHING: [&str; 2] = ["Nothing here", "There is no such page. The links of our mails lead to those that there are."];
/// A form may be sent back to us. Its origin must be told then, which a page without any referrer would not; no other site is told
/// more.
const HEADERS: [(HeaderName, &str); 3] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ),
    (REFERRER_POLICY, "same-origin"),
    (CACHE_CONTROL, "no-store"),
];

/// A page one step below the top of the site.
#[derive(Template)]
#[template(path = "account.html")]
pub(super) struct Page {
    /// Where its style is.
    pub(super) style: String,
    /// Where its picture is.
    pub(super) icon: String,
    /// Whose page it is.
    pub(super) alliance: String,
    /// What it is about.
    pub(super) heading: String,
    /// The same in a sentence.
    pub(super) lead: String,
    /// What was wrong with what was sent, and belongs to no field.
    pub(super) problem: Option<String>,
    /// What it asks for.
    pub(super) form: Option<Form>,
    /// Where to go on, and what that is called.
    pub(super) next: Option<(&'static str, &'static str)>,
}

impl Page {
    /// A page that says something, and asks for nothing.
    pub(super) fn new(alliance: String, [heading, lead]: [String; 2]) -> Self {
        let [style, icon] = ["page.css", "favicon.svg"].map(|name| format!("../{}", assets::link(name)));
        Self { style, icon, alliance, heading, lead, problem: None, form: None, next: None }
    }

    /// The same page with a form, and what of the problems belongs to none of its fields.
    pub(super) fn asking(self, form: Form, problems: &[Problem]) -> Self {
        let problem = problems.iter().find(|problem| !form.tells(problem)).map(|problem| sentence(&problem.message));
        Self { problem, form: Some(form), ..self }
    }

    /// How it is answered to who only looks: a page that asks for nothing is over.
    pub(super) fn status(&self) -> StatusCode {
        if self.form.is_some() { StatusCode::OK } else { StatusCode::GONE }
    }
}

/// The token in an address.
pub(super) fn token(query: Option<&str>) -> String {
    let found = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(name, _)| name == "token");
    found.map(|(_, token)| token.into_owned()).unwrap_or_default()
}

/// The form that a browser sent.
pub(super) async fn sent(app: &App, head: &Parts, body: Body) -> Result<Bytes, Refusal> {
    let kind = head.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let message = "Send the form as a browser does: `application/x-www-form-urlencoded`.";
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message));
    }
    body::read(body, Audience::Stranger, &app.config().limits).await
}

/// The status of a form that could not be done for these problems.
pub(super) fn refused(problems: &[Problem]) -> StatusCode {
    let is_over = problems.iter().any(|problem| problem.code == UserErrorCode::Expired);
    if is_over { StatusCode::GONE } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The answer: the page, or one that says what went wrong.
pub(super) async fn respond(app: &App, page: Result<(StatusCode, Page)>) -> Response {
    match page {
        Ok((status, page)) => (status, HEADERS, html(&page)).into_response(),
        Err(Error::NotFound(_)) => {
            let page = Page::new(installation(app).await.unwrap_or_default(), NOTHING.map(str::to_owned));
            (StatusCode::NOT_FOUND, HEADERS, html(&page)).into_response()
        }
        Err(error) => {
            let refusal = Refusal::of(&error.logged());
            let page = Page::new("Alliance".to_owned(), ["Not now".to_owned(), sentence(&refusal.message)]);
            refusal.over((HEADERS, html(&page)).into_response())
        }
    }
}

/// A message as a sentence of its own, without the marks of code.
pub(super) fn sentence(message: &str) -> String {
    let message = message.replace('`', "");
    let mut letters = message.chars();
    let Some(first) = letters.next() else { return message };
    let text: String = first.to_uppercase().chain(letters).collect();
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}
