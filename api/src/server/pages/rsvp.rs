//! The pages that the links of mails about events lead to: /rsvp/confirm says that one comes, /rsvp/cancel that one does not.

use alliance_entity::event;
use alliance_entity::event_rsvp::{self, RsvpState};
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};

use crate::accounts::actions::open::installation;
use crate::accounts::mailing::alliance_name;
use crate::app::App;
use crate::caller::Caller;
use crate::error::problem::Problem;
use crate::error::{Error, Result};
use crate::events::rsvps::actions::{cancel, confirm};
use crate::events::rsvps::mailing::when;
use crate::events::rsvps::token::Purpose;
use crate::rates::{self, Rate};
use crate::server::client;
use crate::server::pages::form::{Form, value};
use crate::server::pages::linked::{OVER, Page, refused, respond};
use crate::server::pages::{Pages, read_form, token_of};
use crate::server::refusal::RequestId;
use crate::viewer::Viewer;

/// What each page is for, by its name.
const PAGES: [Purpose; 2] = [Purpose::Confirm, Purpose::Cancel];

/// GET: what the link is for, and a button.
pub async fn show(State(pages): State<Pages>, Path(page): Path<String>, RawQuery(query): RawQuery) -> Response {
    let shown = match named(&page) {
        Ok(purpose) => asking(&pages.app, purpose, &token_of(query.as_deref()), &[]).await,
        Err(error) => Err(error),
    };
    respond(&pages.app, shown.map(|page| (page.status(), page))).await
}

/// POST: what the link is for is done.
pub async fn act(State(pages): State<Pages>, Path(page): Path<String>, request: Request) -> Response {
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    let (head, body) = request.into_parts();
    let token = match read_form(&pages.app, &head, body).await {
        Ok(body) => SecretString::from(value(&body, "token")),
        Err(refusal) => return refusal.respond(&id),
    };
    let purpose = match named(&page) {
        Ok(purpose) => purpose,
        Err(error) => return respond(&pages.app, Err(error)).await,
    };
    let caller = Caller::new(pages.app.clone(), Viewer::Anonymous, client::sender(&head, pages.app.config()));
    let done = match done(&caller, purpose, &token).await {
        Err(Error::Refused(problems)) => {
            asking(&pages.app, purpose, &token, &problems).await.map(|page| (refused(&problems), page))
        }
        done => done.map(|page| (StatusCode::OK, page)),
    };
    respond(&pages.app, done).await
}

fn named(page: &str) -> Result<Purpose> {
    PAGES.into_iter().find(|purpose| purpose.page() == page).ok_or(Error::NotFound("page"))
}

/// Does what a link is for, and says what was done.
async fn done(caller: &Caller, purpose: Purpose, token: &SecretString) -> Result<Page> {
    let app = &caller.app;
    rates::take(app, &Rate::mutations(&app.config().limits), &caller.address()).await?;
    let (event, row) = match purpose {
        Purpose::Confirm => confirm::confirm(caller, token).await?,
        Purpose::Cancel => cancel::by_link(caller, token).await?,
    };
    let what = named_event(&event);
    let words = match row.state {
        RsvpState::Coming => {
            ["You come".to_owned(), format!("{what}. A mail has what is to be known, and a link in case you cannot come.")]
        }
        RsvpState::Waiting => [
            "You are on the waiting list".to_owned(),
            format!("{what} is full. You come as soon as there is room, and are told by mail."),
        ],
        RsvpState::Cancelled | RsvpState::Pending => {
            ["You do not come".to_owned(), format!("{what}. Thank you for saying so: others may have your place.")]
        }
    };
    Ok(Page::new(alliance_name(app, Some(event.alliance_id)).await?, words))
}

/// What a link asks, with what was wrong before.
async fn asking(app: &App, purpose: Purpose, token: &SecretString, problems: &[Problem]) -> Result<Page> {
    let opened = match purpose {
        Purpose::Confirm => confirm::open(app, token).await?,
        Purpose::Cancel => cancel::open(app, token).await?,
    };
    let Some((event, row)) = opened else { return Ok(Page::new(installation(app).await?, OVER.map(str::to_owned))) };
    let (words, button) = asked(purpose, &event, &row);
    let form = Form { page: purpose.page(), token: token.expose_secret().to_owned(), fields: Vec::new(), button };
    Ok(Page::new(alliance_name(app, Some(event.alliance_id)).await?, words).asking(form, problems))
}

fn asked(purpose: Purpose, event: &event::Model, row: &event_rsvp::Model) -> ([String; 2], &'static str) {
    let what = named_event(event);
    let others = match row.guests {
        0 => String::new(),
        1 => " You bring one other.".to_owned(),
        many => format!(" You bring {many} others."),
    };
    match purpose {
        Purpose::Confirm => (["Do you come?".to_owned(), format!("{what}.{others}")], "I come"),
        Purpose::Cancel if row.state == RsvpState::Waiting => (
            ["Do you not want to wait?".to_owned(), format!("{what}. You are on the waiting list.{others}")],
            "I do not wait any more",
        ),
        Purpose::Cancel => (["Can you not come?".to_owned(), format!("{what}.{others}")], "I cannot come"),
    }
}

fn named_event(event: &event::Model) -> String {
    format!("{}, {}", event.title, when(event.starts_at, &event.time_zone))
}
