//! The pages behind the links of updates: /subscription/confirm, preferences, unsubscribe, erase, in the alliance's name and colours. They
//! need no script. A GET changes nothing, since mail programs open links beforehand; a form's POST does what the page says, and that of a
//! mail program's own button ends the subscription at once.

mod form;
mod words;

use alliance_entity::alliance;
use askama::Template;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;
use url::form_urlencoded;

use crate::accounts::actions::open::installation;
use crate::alliances::appearance;
use crate::app::App;
use crate::caller::Caller;
use crate::document::audience::Audience;
use crate::error::problem::{Problem, UserErrorCode};
use crate::error::{Error, Result};
use crate::rates::{self, Rate};
use crate::server::pages::linked::{NOTHING, not_now, sentence};
use crate::server::pages::subscription::form::{Form, Sent};
use crate::server::pages::subscription::words::Words;
use crate::server::pages::{FORM_HEADERS, Pages, assets, html, is_of, read_form, token_of};
use crate::server::refusal::{Refusal, RequestId};
use crate::server::{body, client};
use crate::subscriptions::Which;
use crate::subscriptions::actions::{cancel, confirm, edit, erase, expired, open};
use crate::subscriptions::token::{self, Purpose};
use crate::viewer::Viewer;

/// What a mail program sends by a button of its own: RFC 8058.
const ONE_CLICK: (&str, &str) = ("List-Unsubscribe", "One-Click");

/// What a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Confirm,
    Preferences,
    Unsubscribe,
    Erase,
}

impl Kind {
    fn of(page: &str) -> Option<Self> {
        match page {
            "confirm" => Some(Self::Confirm),
            "preferences" => Some(Self::Preferences),
            "unsubscribe" => Some(Self::Unsubscribe),
            "erase" => Some(Self::Erase),
            _ => None,
        }
    }
}

#[derive(Template)]
#[template(path = "subscription.html")]
struct Page {
    style: String,
    icon: String,
    /// The colour of the alliance, as six digits in hexadecimal.
    colour: String,
    alliance: String,
    footer: Option<String>,
    words: Words,
    problem: Option<String>,
    form: Option<Form>,
    links: Vec<(String, &'static str)>,
}

/// GET /subscription/style.css: the colour of an alliance, which a page names.
pub async fn style(RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let named = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "colour");
    let Some(colour) = named.and_then(|(_, colour)| appearance::digits(&colour)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let style = format!("header {{ border-color: #{colour}; }}\n.account button {{ background: #{colour}; color: #fff; }}\n");
    let head =
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (head, style).into_response()
}

/// GET: what the link is for, and a form.
pub async fn show(State(pages): State<Pages>, Path(page): Path<String>, RawQuery(query): RawQuery) -> Response {
    let sent = Sent::opened(token_of(query.as_deref()));
    let shown = match Kind::of(&page) {
        Some(kind) => asking(&pages.app, kind, &sent, &[]).await,
        None => Err(Error::NotFound("page")),
    };
    respond(&pages.app, shown).await
}

/// POST: what the page says is done.
pub async fn act(State(pages): State<Pages>, Path(page): Path<String>, RawQuery(query): RawQuery, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let Some(kind) = Kind::of(&page) else { return respond(&pages.app, Err(Error::NotFound("page"))).await };
    let (head, body) = request.into_parts();
    let caller = Caller::new(pages.app.clone(), Viewer::Anonymous, client::sender(&head, pages.app.config()));
    // A mail program sends it as a page would send files.
    let read = match is_of(&head, "multipart/form-data") && kind == Kind::Unsubscribe {
        true => body::read(body, Audience::Stranger, &pages.app.config().limits).await,
        false => read_form(&pages.app, &head, body).await,
    };
    let body = match read {
        Ok(body) => body,
        Err(refusal) => return refusal.respond(&id),
    };
    if kind == Kind::Unsubscribe && is_one_click(&head, &body) {
        return respond(&pages.app, one_click(&caller, token_of(query.as_deref())).await).await;
    }
    let sent = Sent::read(&body);
    let done = match done(&caller, kind, &sent).await {
        Err(Error::Refused(problems)) => refused(&pages.app, kind, &sent, &problems).await,
        done => done.map(|page| (StatusCode::OK, page)),
    };
    respond(&pages.app, done).await
}

fn is_one_click(head: &Parts, body: &[u8]) -> bool {
    if !is_of(head, "multipart/form-data") {
        return form_urlencoded::parse(body).any(|(name, value)| (name.as_ref(), value.as_ref()) == ONE_CLICK);
    }
    let body = String::from_utf8_lossy(body);
    let named = format!("name=\"{}\"", ONE_CLICK.0);
    body.split("\r\n--")
        .any(|part| part.split_once("\r\n\r\n").is_some_and(|(head, value)| head.contains(&named) && value.trim() == ONE_CLICK.1))
}

/// Ends the subscription that a mail names, as often as it is asked. A mail service asks for many people from one address: they are not
/// counted, since nobody guesses a token.
async fn one_click(caller: &Caller, token: SecretString) -> Result<(StatusCode, Page)> {
    match cancel::cancel(caller, &Which::Token(token)).await {
        Ok(row) => {
            let words = words::cancelled(&row.email, None);
            Ok((StatusCode::OK, Page { words, ..blank(&caller.app, None).await? }))
        }
        Err(Error::Refused(_)) => Ok((StatusCode::GONE, over(&caller.app).await?)),
        Err(error) => Err(error),
    }
}

async fn refused(app: &App, kind: Kind, sent: &Sent, problems: &[Problem]) -> Result<(StatusCode, Page)> {
    let is_over = problems.iter().any(|problem| problem.code == UserErrorCode::Expired);
    let (shown, page) = asking(app, kind, sent, problems).await?;
    let status = if is_over || shown == StatusCode::GONE { StatusCode::GONE } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page))
}

/// Does what a form is for, and says what was done.
async fn done(caller: &Caller, kind: Kind, sent: &Sent) -> Result<Page> {
    let app = &caller.app;
    rates::take(app, &Rate::mutations(&app.config().limits), &caller.address()).await?;
    if kind == Kind::Confirm {
        let row = confirm::confirm(caller, &sent.token, Some(&sent.name)).await?;
        let alliance = open::alliance(app, row.alliance_id).await?;
        let links = form::links(&token::mint(app, Purpose::Subscription, row.id.0).into(), &["preferences"]);
        return Ok(Page { words: words::confirmed(&alliance, &row), links, ..blank(app, Some(&alliance)).await? });
    }
    let Some(held) = open::held(app, &sent.token).await? else {
        return Err(expired());
    };
    let page = blank(app, Some(&held.alliance)).await?;
    let which = Which::Token(sent.token.clone());
    let words = match kind {
        Kind::Unsubscribe => {
            let row = cancel::cancel(caller, &which).await?;
            words::cancelled(&row.email, Some(&held.alliance))
        }
        Kind::Erase => {
            erase::erase(caller, &sent.token).await?;
            words::erased()
        }
        Kind::Preferences | Kind::Confirm => {
            edit::edit(caller, sent.edit(which)).await?;
            words::edited(&held.alliance)
        }
    };
    let links = if kind == Kind::Preferences { form::links(&sent.token, &["preferences"]) } else { Vec::new() };
    Ok(Page { words, links, ..page })
}

/// What a link asks for, with what was wrong with what was sent before.
async fn asking(app: &App, kind: Kind, sent: &Sent, problems: &[Problem]) -> Result<(StatusCode, Page)> {
    let (alliance, words, form, links) = if kind == Kind::Confirm {
        let Some(asked) = open::asked(app, &sent.token).await? else { return Ok((StatusCode::GONE, over(app).await?)) };
        let form = Form::confirm(&asked, sent);
        (asked.alliance.clone(), words::asked(&asked), Some(form), Vec::new())
    } else {
        let Some(held) = open::held(app, &sent.token).await? else { return Ok((StatusCode::GONE, over(app).await?)) };
        let links = form::links(&sent.token, form::beside(kind));
        (held.alliance.clone(), words::held(kind, &held, app), Form::held(kind, &held, sent), links)
    };
    let problem = problems.first().filter(|_| form.is_some()).map(|problem| sentence(&problem.message));
    Ok((StatusCode::OK, Page { words, problem, form, links, ..blank(app, Some(&alliance)).await? }))
}

async fn over(app: &App) -> Result<Page> {
    Ok(Page { words: words::over(), ..blank(app, None).await? })
}

/// A page that says nothing yet, in the name of an alliance or else of this installation.
async fn blank(app: &App, alliance: Option<&alliance::Model>) -> Result<Page> {
    let (name, colour, footer) = match alliance {
        Some(alliance) => (alliance.name.clone(), appearance::colour(alliance), alliance.mail_footer.clone()),
        None => (installation(app).await?, appearance::COLOUR, None),
    };
    Ok(plain(name, colour, footer))
}

fn plain(alliance: String, colour: &str, footer: Option<String>) -> Page {
    // These pages are one step below the top of the site.
    let [style, icon] = ["page.css", "favicon.svg"].map(|name| format!("../{}", assets::link(name)));
    let (words, colour) = (Words::default(), colour.to_owned());
    Page { style, icon, colour, alliance, footer, words, problem: None, form: None, links: Vec::new() }
}

/// The answer: the page, or one that says what went wrong.
async fn respond(app: &App, page: Result<(StatusCode, Page)>) -> Response {
    match page {
        Ok((status, page)) => (status, FORM_HEADERS, html(&page)).into_response(),
        Err(Error::NotFound(_)) => {
            let page = plain(installation(app).await.unwrap_or_default(), appearance::COLOUR, None);
            let page = Page { words: Words::of(NOTHING.map(str::to_owned)), ..page };
            (StatusCode::NOT_FOUND, FORM_HEADERS, html(&page)).into_response()
        }
        Err(error) => {
            let refusal = Refusal::of(&error.logged());
            let words = Words::of(not_now(&refusal.message));
            let page = Page { words, ..plain("Alliance".to_owned(), appearance::COLOUR, None) };
            refusal.over((FORM_HEADERS, html(&page)).into_response())
        }
    }
}
