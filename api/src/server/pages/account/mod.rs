//! The pages of accounts that the links of mails lead to, where no other site takes them: /account/confirm, invitation, setup, password,
//! email.

mod form;
mod words;

use alliance_entity::account_link::LinkPurpose;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
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
use crate::server::pages::account::form::Sent;
use crate::server::pages::linked::{OVER, Page, refused, respond};
use crate::server::pages::{Pages, read_form, token_of};
use crate::server::refusal::RequestId;
use crate::viewer::Viewer;

/// Where a link leads, as `mailing::address` writes it.
const PAGES: [&str; 5] = ["confirm", "invitation", "setup", "password", "email"];
/// The page that asks for a link where a password was forgotten.
const FORGOTTEN: &str = "password";

/// GET: what the link is for, and a form.
pub async fn show(State(pages): State<Pages>, Path(page): Path<String>, RawQuery(query): RawQuery) -> Response {
    let token = token_of(query.as_deref());
    let Some(page) = PAGES.into_iter().find(|known| *known == page) else {
        return respond(&pages.app, Err(Error::NotFound("page"))).await;
    };
    let shown = asking(&pages.app, page, &Sent { token, ..Sent::default() }, &[]).await;
    respond(&pages.app, shown.map(|page| (page.status(), page))).await
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
        Err(Error::Refused(problems)) => asking(&pages.app, page, &sent, &problems).await.map(|page| (refused(&problems), page)),
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
    Ok(match open::open(app, &sent.token).await? {
        Some(opened) => {
            let form = form::of(page, &opened, sent, problems);
            Page::new(opened.alliance.clone(), words::opened(&opened)).asking(form, problems)
        }
        None if page == FORGOTTEN && sent.token.expose_secret().is_empty() => {
            told(app, words::FORGOTTEN.map(str::to_owned)).await?.asking(form::forgotten(sent, problems), problems)
        }
        None => {
            let next = Some((FORGOTTEN, "Ask for a link that sets a new password"));
            Page { next, ..told(app, OVER.map(str::to_owned)).await? }
        }
    })
}

/// A page that says something, and asks for nothing.
async fn told(app: &App, words: [String; 2]) -> Result<Page> {
    Ok(Page::new(open::installation(app).await?, words))
}
