//! The pages that the links of mails lead to, where no other site takes them: /account/confirm, invitation, setup, password, email.
//! They need no script. A GET changes nothing, since mail programs open links beforehand; the form's POST does what the link is for.

mod form;
pub(super) mod words;

use alliance_entity::account_link::LinkPurpose;
use askama::Template;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;

use crate::accounts::actions::confirm::{self, Confirm};
use crate::accounts::actions::open;
use crate::accounts::actions::password;
use crate::app::App;
use crate::caller::Caller;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::rates::{self, Rate};
use crate::server::client;
use crate::server::pages::account::form::{Form, Sent};
use crate::server::pages::{FORM_HEADERS, Pages, assets, html, read_form, token_of};
use crate::server::refusal::{Refusal, RequestId};
use crate::viewer::Viewer;

/// Where a link leads, as `mailing::address` writes it.
const PAGES: [&str; 5] = ["confirm", "invitation", "setup", "password", "email"];
/// The page that asks for a link where a password was forgotten.
const FORGOTTEN: &str = "password";
#[derive(Template)]
#[template(path = "account.html")]
struct Page {
    style: String,
    icon: String,
    alliance: String,
    heading: String,
    lead: String,
    problem: Option<String>,
    form: Option<Form>,
    next: Option<(&'static str, &'static str)>,
}

/// GET: what the link is for, and a form.
pub async fn show(State(pages): State<Pages>, Path(page): Path<String>, RawQuery(query): RawQuery) -> Response {
    let token = token_of(query.as_deref());
    let Some(page) = PAGES.into_iter().find(|known| *known == page) else {
        return respond(&pages.app, Err(Error::NotFound("page"))).await;
    };
    let shown = asking(&pages.app, page, &Sent { token, ..Sent::default() }, &[]).await;
    let status = |page: &Page| if page.form.is_some() { StatusCode::OK } else { StatusCode::GONE };
    respond(&pages.app, shown.map(|page| (status(&page), page))).await
}

/// POST: what the link is for is done.
pub async fn act(State(pages): State<Pages>, Path(page): Path<String>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let (head, body) = request.into_parts();
    let sent = match read_form(&pages.app, &head, body).await {
        Ok(body) => Sent::read(&body),
        Err(refusal) => return refusal.respond(&id),
    };
    let Some(page) = PAGES.into_iter().find(|known| *known == page) else {
        return respond(&pages.app, Err(Error::NotFound("page"))).await;
    };
    let caller = Caller::new(pages.app.clone(), Viewer::Anonymous, client::sender(&head, pages.app.config()));
    let done = match done(&caller, page, &sent).await {
        Err(Error::Refused(problems)) => {
            let is_over = problems.iter().any(|problem| problem.code == UserErrorCode::Expired);
            let status = if is_over { StatusCode::GONE } else { StatusCode::UNPROCESSABLE_ENTITY };
            asking(&pages.app, page, &sent, &problems).await.map(|page| (status, page))
        }
        done => done.map(|page| (StatusCode::OK, page)),
    };
    respond(&pages.app, done).await
}

/// Does what a form is for, and says what was done.
async fn done(caller: &Caller, page: &'static str, sent: &Sent) -> Result<Page> {
    let app = &caller.app;
    rates::take(app, &Rate::mutations(&app.config().limits), &caller.address()).await?;
    if page == FORGOTTEN && sent.token.expose_secret().is_empty() {
        password::request_reset(caller, &sent.email).await?;
        return told(app, words::asked_for(&sent.email)).await;
    }
    let Some(opened) = open::open(app, &sent.token).await? else { return Err(confirm::expired()) };
    let password = Some(sent.password.clone()).filter(|password| !password.expose_secret().is_empty());
    if opened.purpose == LinkPurpose::PasswordReset {
        let new = password.ok_or_else(|| Error::refused("password", UserErrorCode::Required, "choose a password"))?;
        password::reset(caller, sent.token.clone(), new).await?;
    } else {
        let filled = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let (email, name) = (filled(&sent.email), filled(&sent.name));
        confirm::confirm(caller, Confirm { token: sent.token.clone(), password, email, name }).await?;
    }
    told(app, words::done(&opened)).await
}

/// What a link asks for, with what was wrong with what was sent before.
async fn asking(app: &App, page: &'static str, sent: &Sent, problems: &[Problem]) -> Result<Page> {
    let opened = open::open(app, &sent.token).await?;
    let (alliance, words, form) = match &opened {
        Some(opened) => (opened.alliance.clone(), words::opened(opened), Some(Form::of(page, opened, sent, problems))),
        None if page == FORGOTTEN && sent.token.expose_secret().is_empty() => {
            (open::installation(app).await?, words::FORGOTTEN.map(str::to_owned), Some(Form::forgotten(sent, problems)))
        }
        None => (open::installation(app).await?, words::OVER.map(str::to_owned), None),
    };
    let [heading, lead] = words;
    let is_over = form.is_none();
    // What belongs to no field stands above them all.
    let problem = problems.iter().find(|problem| !form.as_ref().is_some_and(|form| form.tells(problem)));
    let problem = problem.filter(|_| !is_over).map(|problem| words::sentence(&problem.message));
    let next = is_over.then_some((FORGOTTEN, "Ask for a link that sets a new password"));
    Ok(Page { alliance, heading, lead, problem, form, next, ..blank() })
}

/// A page that says something, and asks for nothing.
async fn told(app: &App, [heading, lead]: [String; 2]) -> Result<Page> {
    Ok(Page { alliance: open::installation(app).await?, heading, lead, ..blank() })
}

fn blank() -> Page {
    // These pages are one step below the top of the site.
    let [style, icon] = ["page.css", "favicon.svg"].map(|name| format!("../{}", assets::link(name)));
    let (alliance, heading, lead) = (String::new(), String::new(), String::new());
    Page { style, icon, alliance, heading, lead, problem: None, form: None, next: None }
}

/// The answer: the page, or one that says what went wrong.
async fn respond(app: &App, page: Result<(StatusCode, Page)>) -> Response {
    match page {
        Ok((status, page)) => (status, FORM_HEADERS, html(&page)).into_response(),
        Err(Error::NotFound(_)) => {
            let alliance = open::installation(app).await.unwrap_or_default();
            let [heading, lead] = words::NOTHING.map(str::to_owned);
            (StatusCode::NOT_FOUND, FORM_HEADERS, html(&Page { alliance, heading, lead, ..blank() })).into_response()
        }
        Err(error) => {
            let refusal = Refusal::of(&error.logged());
            let [heading, lead] = words::refused(&refusal.message);
            let page = Page { alliance: "Alliance".to_owned(), heading, lead, ..blank() };
            refusal.over((FORM_HEADERS, html(&page)).into_response())
        }
    }
}
