//! GraphQL over HTTP: GET for queries, POST for all; a request in, its answer out, with the media type that the client wants and the
//! status that it means.
//!
//! <https://graphql.github.io/graphql-over-http/draft/>

mod accept;
mod repeat;
mod reply;
pub(super) mod request;

use std::sync::Arc;

use async_graphql::Executor;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::response::Response;

use crate::document::{Asked, Prepared, Refused, Stage};
use crate::error::Error;
use crate::loader::Loader;
use crate::rates::{self, Rate};
use crate::server::authentication::Standing;
use crate::server::connection::Tie;
use crate::server::graphql::accept::Media;
use crate::server::graphql::reply::Reply;
use crate::server::live::seats::Holder;
use crate::server::live::stream::{self, Form, Ties};
use crate::server::live::subscription::{Subscription, Unopened};
use crate::server::live::{Reads, socket, turned_away};
use crate::server::pages::explorer;
use crate::server::refusal::{Refusal, RequestId};
use crate::server::{Door, authentication, body, client};
use crate::viewer::Viewer;

/// The headers that an answer depends on.
pub(super) const DEPENDS_ON: &str = "Accept, Accept-Encoding, Authorization, Origin";

/// Answers one request.
pub async fn answer<E: Executor>(State(door): State<Door<E>>, request: Request) -> Response {
    if request.method() != Method::POST
        && !socket::wants(request.method(), request.headers())
        && let Some(page) = explorer::led(&door.app, request.headers(), request.uri().query())
    {
        return page;
    }
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    if socket::wants(request.method(), request.headers()) {
        return socket::upgrade(&door, request, &id).await;
    }
    match process(&door, request, &id).await {
        Ok(response) => response,
        Err(refusal) => refusal.respond(&id),
    }
}

async fn process<E: Executor>(door: &Door<E>, request: Request, id: &RequestId) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let is_post = head.method == Method::POST;
    if is_post {
        is_json(&head.headers)?;
    }
    let (media, form) = (Media::wanted(&head.headers), Form::wanted(&head.headers));
    let is_events = media.is_none() && form == Some(Form::Events);
    let media = media.or(is_events.then_some(Media::Json)).ok_or_else(not_acceptable)?;
    let key = repeat::key(&head.headers)?;
    let config = door.app.config();
    // The guards know who asks, and from where.
    let standing = head.extensions.get::<Standing>().cloned().unwrap_or_else(Standing::anonymous);
    let audience = authentication::audience(&standing.viewer);
    let reply = Reply { config, media, is_events, is_get: !is_post, id, headers: &head.headers };
    let asked = if is_post {
        request::of_body(&body::read(body, audience, &config.limits).await?)
    } else {
        request::of_query(head.uri.query().unwrap_or_default())
    };
    match asked {
        Ok(asked) => {
            let asked = Asked { only_a_query: reply.is_get, may_follow: form.is_some(), audience, ..asked };
            let prepared = match door.front.prepare(asked).await {
                Ok(prepared) => prepared,
                Err(refused) => return Ok(reply.refused(refused)),
            };
            if let Some(form) = form.filter(|_| prepared.follows()) {
                return follow(door, prepared, (form, standing, &head), reply).await;
            }
            let loader = Loader::new(door.app.clone(), standing.viewer, client::sender(&head, config));
            execute(door, prepared, loader, (key.as_deref(), reply)).await
        }
        Err(malformed) => Ok(reply.malformed(malformed)),
    }
}

async fn execute<E: Executor>(
    door: &Door<E>,
    prepared: Prepared,
    loader: Loader,
    (key, reply): (Option<&str>, Reply<'_>),
) -> Result<Response, Refusal> {
    if let Some(key) = key {
        return repeat::execute(door, prepared, loader, (key, reply)).await;
    }
    if prepared.writes() {
        count(&loader, prepared.mutations()).await.map_err(|problem| Refusal::of(&problem.logged()))?;
    }
    Ok(match door.front.execute(prepared, &reply.id.0, |request| request.data(Arc::new(loader))).await {
        Ok(answer) => reply.answered(answer),
        Err(refused) => reply.refused(refused),
    })
}

/// Answers a subscription for as long as the client listens.
async fn follow<E: Executor>(
    door: &Door<E>,
    prepared: Prepared,
    (form, standing, head): (Form, Standing, &Parts),
    reply: Reply<'_>,
) -> Result<Response, Refusal> {
    let client = client::sender(head, door.app.config());
    let mut seat = door.hub.seats().seat(client.counted()).map_err(turned_away)?;
    if let Some(account) = standing.viewer.account() {
        seat.also(Holder::Account(account.account)).map_err(turned_away)?;
    }
    let last = head.headers.get(stream::LAST_EVENT_ID).and_then(|value| value.to_str().ok()).filter(|text| !text.is_empty());
    let opened = Subscription::open(&door.hub, prepared, (standing.clone(), client, Reads::shown()), last).await;
    let subscription = match opened {
        Ok(subscription) => subscription,
        Err(Unopened::Answered(answer)) => return Ok(reply.answered(answer)),
        Err(Unopened::Full(refusal)) => return Err(refusal),
        Err(Unopened::Refused(report)) => {
            return Ok(reply.refused(Refused { stage: Stage::Validation, reports: vec![report] }));
        }
    };
    let (tie, id) = (head.extensions.get::<Tie>().cloned(), reply.id.clone());
    let ties = Ties { app: door.app.clone(), standing, _seat: seat, tie, id };
    Ok(stream::answer(form, subscription, ties))
}

/// Counts the mutations of an operation to whoever asks.
pub(super) async fn count(loader: &Loader, times: usize) -> Result<(), Error> {
    rates::take_many(loader.app(), &Rate::mutations(&loader.app().config().limits), &counted(loader), times).await
}

/// To whom is counted what is asked.
fn counted(loader: &Loader) -> String {
    match loader.viewer() {
        // Tokens of visitors are many.
        Viewer::Anonymous | Viewer::Visitor(_) => loader.client().counted(),
        Viewer::Account(account) => account.account.to_string(),
        Viewer::Partner(partner) => partner.key.to_string(),
    }
}

/// A form of another site's page can send any of the other types without asking.
fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let unsupported = |message: &str| Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message));
    if headers.contains_key(CONTENT_ENCODING) {
        return unsupported("Send the body as it is, without a `Content-Encoding`.");
    }
    let given = only(headers, &CONTENT_TYPE).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let other_charset = parts.any(|parameter| match parameter.split_once('=') {
        Some((name, value)) => {
            name.trim().eq_ignore_ascii_case("charset") && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        None => false,
    });
    match is_json && !other_charset {
        true => Ok(()),
        false => unsupported("Send the request as `Content-Type: application/json`, in UTF-8."),
    }
}

/// The value of a header that stands once and is text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    values.next().filter(|_| values.next().is_none()).and_then(|value| value.to_str().ok())
}

fn not_acceptable() -> Refusal {
    let message = "The answer comes as `application/graphql-response+json` or as `application/json`: accept one of them.";
    Refusal::new(StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST", message)
}
