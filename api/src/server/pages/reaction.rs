//! The page that the link of a mail about a comment leads to: /reaction/confirm says that the comment is one's own.

use alliance_entity::reaction::ReactionState;
use axum::extract::{RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::actions::open::installation;
use crate::accounts::mailing::alliance_name;
use crate::app::App;
use crate::caller::Caller;
use crate::error::problem::Problem;
use crate::error::{Error, Result};
use crate::rates::{self, Rate};
use crate::reactions::actions::confirm;
use crate::server::client;
use crate::server::pages::form::{Form, value};
use crate::server::pages::linked::{OVER, Page, refused, respond};
use crate::server::pages::{Pages, read_form, token_of};
use crate::server::refusal::RequestId;
use crate::viewer::Viewer;

/// GET: what the link is for, and a button.
pub async fn show(State(pages): State<Pages>, RawQuery(query): RawQuery) -> Response {
    let shown = asking(&pages.app, token_of(query.as_deref()).expose_secret(), &[]).await;
    respond(&pages.app, shown.map(|page| (page.status(), page))).await
}

/// POST: the comment is confirmed.
pub async fn act(State(pages): State<Pages>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let (head, body) = request.into_parts();
    let token = match read_form(&pages.app, &head, body).await {
        Ok(body) => value(&body, "token"),
        Err(refusal) => return refusal.respond(&id),
    };
    let caller = Caller::new(pages.app.clone(), Viewer::Anonymous, client::sender(&head, pages.app.config()));
    let done = match done(&caller, &token).await {
        Err(Error::Refused(problems)) => asking(&pages.app, &token, &problems).await.map(|page| (refused(&problems), page)),
        done => done.map(|page| (StatusCode::OK, page)),
    };
    respond(&pages.app, done).await
}

async fn done(caller: &Caller, token: &str) -> Result<Page> {
    let app = &caller.app;
    rates::take(app, &Rate::mutations(&app.config().limits), &caller.address()).await?;
    let row = confirm::confirm(caller, &SecretString::from(token)).await?;
    let alliance = alliance_name(app, Some(row.alliance_id)).await?;
    let words = if row.state == ReactionState::Counted {
        ["Your comment is shown".to_owned(), "Thank you. You can close this page.".to_owned()]
    } else {
        let lead = format!("Thank you. It is shown as soon as somebody of {alliance} has looked at it. You can close this page.");
        ["Your comment is confirmed".to_owned(), lead]
    };
    Ok(Page::new(alliance, words))
}

/// What the link asks, with what was wrong before.
async fn asking(app: &App, token: &str, problems: &[Problem]) -> Result<Page> {
    let Some(opened) = confirm::open(app, &SecretString::from(token)).await? else {
        return Ok(Page::new(installation(app).await?, OVER.map(str::to_owned)));
    };
    let lead = format!("Somebody gave your address for a comment at {}. If it was you, confirm it here.", opened.alliance);
    let form = Form { page: "confirm", token: token.to_owned(), fields: Vec::new(), button: "It is my comment" };
    Ok(Page::new(opened.alliance, ["Confirm your comment".to_owned(), lead]).asking(form, problems))
}
