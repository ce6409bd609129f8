//! Changes that come with an `Idempotency-Key`: each is made once, and who asks again is given the first answer.
//!
//! <https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header>

use std::sync::Arc;

use async_graphql::Executor;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;

use crate::app::App;
use crate::document::answer::Answer;
use crate::document::{Prepared, Refused};
use crate::error::{BAD_REQUEST, Error, UNAVAILABLE};
use crate::idempotency::{self, Claim, Kept, Request, Turn};
use crate::loader::Loader;
use crate::schema::UNREPEATED;
use crate::server::Door;
use crate::server::graphql::reply::Reply;
use crate::server::graphql::{count, counted, only};
use crate::server::refusal::Refusal;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const LONGEST_KEY: usize = 255;

/// The key of a request: a string in quotes, as the draft writes it, or the same as it is.
///
/// # Errors
/// 400 for what is no key.
pub(super) fn key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    if !headers.contains_key(KEY) {
        return Ok(None);
    }
    let key = only(headers, &KEY).map(str::trim).and_then(|text| match text.strip_prefix('"') {
        Some(quoted) => unquoted(quoted),
        None => Some(text.to_owned()),
    });
    let is_one = |key: &String| (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    match key.filter(is_one) {
        Some(key) => Ok(Some(key)),
        None => Err(wrong("`Idempotency-Key` is given once: 1 to 255 visible ASCII characters, in quotes or not.")),
    }
}

/// What stands in a string of RFC 9651, whose first quote has been read.
fn unquoted(quoted: &str) -> Option<String> {
    let (mut text, mut characters) = (String::new(), quoted.chars());
    loop {
        match characters.next()? {
            '"' => return characters.as_str().is_empty().then_some(text),
            '\\' => text.push(characters.next().filter(|escaped| matches!(escaped, '"' | '\\'))?),
            other => text.push(other),
        }
    }
}

/// Executes a change, or replies as was replied the first time.
pub(super) async fn execute<E: Executor>(
    door: &Door<E>,
    prepared: Prepared,
    loader: Loader,
    (key, reply): (&str, Reply<'_>),
) -> Result<Response, Refusal> {
    let request = request(&door.app, &prepared, &loader, key)?;
    let turn = idempotency::turn(&door.app, &request).await.map_err(|problem| Refusal::of(&problem.logged()))?;
    match turn {
        Turn::Mine(claim) => first(door, prepared, loader.claiming(claim.clone()), (claim, reply)).await,
        Turn::Answered(Kept { body, has_errors }) => {
            let mut response = reply.answered(Answer::kept(body.into_bytes(), has_errors));
            response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
            Ok(response)
        }
        refused => Err(refusal(&refused)),
    }
}

/// What is asked for, where it may be asked for with a key.
fn request(app: &App, prepared: &Prepared, loader: &Loader, key: &str) -> Result<Request, Refusal> {
    if !prepared.writes() {
        return Err(wrong("`Idempotency-Key` is for mutations: a query changes nothing, and may be repeated without one."));
    }
    let fields = prepared.fields();
    let [name] = fields[..] else {
        let message = format!("An operation with an `Idempotency-Key` makes one change: it has {} of them.", fields.len());
        return Err(wrong(message));
    };
    if UNREPEATED.contains(&name) {
        return Err(wrong(format!("`{name}` takes no `Idempotency-Key`: what it answers is kept nowhere.")));
    }
    let request = Request::new(app, loader.viewer(), key, &prepared.written(), counted(loader));
    request.ok_or_else(|| {
        wrong(
            "An `Idempotency-Key` is for those who can be known again: sign in, or take a visitor's token: `visitorTokenCreate`.",
        )
    })
}

/// Makes a change for the first time. It goes on where the client goes away: whoever asks again is to find the answer.
async fn first<E: Executor>(
    door: &Door<E>,
    prepared: Prepared,
    loader: Loader,
    (claim, reply): (Claim, Reply<'_>),
) -> Result<Response, Refusal> {
    let (door, id) = (door.clone(), reply.id.0.clone());
    let made = tokio::spawn(async move {
        if let Err(problem) = count(&loader, prepared.mutations()).await {
            settle(claim.give_up(&door.app).await);
            return Err(problem);
        }
        let answered = door.front.execute(prepared, &id, |request| request.data(Arc::new(loader))).await;
        settle(end(&door.app, &claim, &answered).await);
        Ok(answered)
    });
    match made.await.unwrap_or_else(|panic| Err(Error::internal(panic))) {
        Ok(Ok(answer)) => Ok(reply.answered(answer)),
        Ok(Err(refused)) => Ok(reply.refused(refused)),
        Err(problem) => Err(Refusal::of(&problem.logged())),
    }
}

/// Keeps an answer that would be the same again and is all in its body; what failed for now may be tried again.
async fn end(app: &App, claim: &Claim, answered: &Result<Answer, Refused>) -> Result<(), Error> {
    match answered {
        Ok(answer) if answer.is_lasting && answer.beside.is_empty() => {
            let body = String::from_utf8(answer.body.clone()).map_err(Error::internal)?;
            claim.keep(app, &Kept { body, has_errors: answer.has_errors }).await
        }
        _ => claim.give_up(app).await,
    }
}

/// The client is answered either way; who asks again is told the truth once the lease has ended.
fn settle(settled: Result<(), Error>) {
    if let Err(problem) = settled {
        tracing::warn!(problem = %problem.logged(), "the answer to a change with a key was not kept");
    }
}

/// How somebody is turned away who asks again.
fn refusal(turn: &Turn) -> Refusal {
    match turn {
        Turn::Reused => {
            let message = "This `Idempotency-Key` was given with another request before: choose a new one for a new change.";
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, BAD_REQUEST, message)
        }
        Turn::Forbidden => {
            let message = "Your rights have changed since this change was asked for with this `Idempotency-Key`: you may not \
                 read its answer any more.";
            Refusal::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
        }
        Turn::Unkept => {
            let message = "The change was made the first time, and its answer is not kept: read anew what it was about.";
            Refusal::new(StatusCode::CONFLICT, BAD_REQUEST, message)
        }
        Turn::Mine(_) | Turn::Answered(_) | Turn::Busy => {
            let message = "The first request with this `Idempotency-Key` is still at work; please try again in a second.";
            Refusal::new(StatusCode::CONFLICT, UNAVAILABLE, message).with(RETRY_AFTER, "1")
        }
    }
}

fn wrong(message: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, BAD_REQUEST, message)
}
