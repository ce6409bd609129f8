//! What all pages have in common that the links of mails lead to: a heading and a sentence, perhaps a form, and no script. A GET changes
//! nothing, since mail programs open links beforehand; the form's POST does what the link is for.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::accounts::actions::open::installation;
use crate::app::App;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::server::pages::form::Form;
use crate::server::pages::{FORM_HEADERS, assets, html};
use crate::server::refusal::Refusal;

/// Of a link that cannot be used.
pub(super) const OVER: [&str; 2] = [
    "This link is over",
    "It is not valid, or not any more: each link works once and for a while. Ask whoever sent it for a new one.",
];
/// Of an address that is none.
pub(super) const NOTHING: [&str; 2] =
    ["Nothing here", "There is no such page. The links of our mails lead to those that there are."];
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

/// The status of a form that could not be done for these problems.
pub(super) fn refused(problems: &[Problem]) -> StatusCode {
    let is_over = problems.iter().any(|problem| problem.code == UserErrorCode::Expired);
    if is_over { StatusCode::GONE } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The answer: the page, or one that says what went wrong.
pub(super) async fn respond(app: &App, page: Result<(StatusCode, Page)>) -> Response {
    match page {
        Ok((status, page)) => (status, FORM_HEADERS, html(&page)).into_response(),
        Err(Error::NotFound(_)) => {
            let page = Page::new(installation(app).await.unwrap_or_default(), NOTHING.map(str::to_owned));
            (StatusCode::NOT_FOUND, FORM_HEADERS, html(&page)).into_response()
        }
        Err(error) => {
            let refusal = Refusal::of(&error.logged());
            let page = Page::new("Alliance".to_owned(), not_now(&refusal.message));
            refusal.over((FORM_HEADERS, html(&page)).into_response())
        }
    }
}

/// What could not be done.
pub(super) fn not_now(message: &str) -> [String; 2] {
    ["Not now".to_owned(), sentence(message)]
}

/// A message as a sentence of its own, without the marks of code.
pub(super) fn sentence(message: &str) -> String {
    let message = message.replace('`', "");
    let mut letters = message.chars();
    let Some(first) = letters.next() else { return message };
    let text: String = first.to_uppercase().chain(letters).collect();
    if text.ends_with(['.', '!', '?']) { text } else { text + "." }
}
