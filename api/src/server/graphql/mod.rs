//! GraphQL over HTTP: GET for queries, POST for all; a request in, its answer out, with the media type that the client wants and the
//! status that it means.
//!
//! <https://graphql.github.io/graphql-over-http/draft/>

mod accept;
mod reply;
mod request;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::Response;

use crate::document::Asked;
use crate::loader::Loader;
use crate::server::graphql::accept::Media;
use crate::server::graphql::reply::Reply;
use crate::server::pages::explorer;
use crate::server::refusal::{Refusal, RequestId};
use crate::server::{Door, body};
use crate::viewer::Viewer;

/// Answers one request.
pub async fn answer(State(door): State<Door>, request: Request) -> Response {
    if request.method() != Method::POST
        && let Some(page) = explorer::led(&door.app, request.headers(), request.uri().query())
    {
        return page;
    }
    let id = request.extensions().get::<RequestId>().cloned().unwrap_or_default();
    match process(&door, request, &id).await {
        Ok(response) => response,
        Err(refusal) => refusal.respond(&id),
    }
}

async fn process(door: &Door, request: Request, id: &RequestId) -> Result<Response, Refusal> {
    let (head, body) = request.into_parts();
    let is_post = head.method == Method::POST;
    if is_post {
        is_json(&head.headers)?;
    }
    let media = Media::wanted(&head.headers).ok_or_else(not_acceptable)?;
    let viewer = viewer(&head.headers)?;
    let reply = Reply { config: door.app.config(), media, is_get: !is_post, id, headers: &head.headers };
    let asked = if is_post {
        request::of_body(&body::read(body, &door.app.config().limits).await?)
    } else {
        request::of_query(head.uri.query().unwrap_or_default())
    };
    match asked {
        Ok(asked) => Ok(execute(door, asked, viewer, reply).await),
        Err(malformed) => Ok(reply.malformed(malformed)),
    }
}

async fn execute(door: &Door, mut asked: Asked, viewer: Viewer, reply: Reply<'_>) -> Response {
    asked.only_a_query = reply.is_get;
    let prepared = match door.front.prepare(asked).await {
        Ok(prepared) => prepared,
        Err(refused) => return reply.refused(refused),
    };
    let loader = Arc::new(Loader::new(door.app.clone(), viewer));
    match door.front.execute(prepared, &reply.id.0, |request| request.data(loader)).await {
        Ok(answer) => reply.answered(answer),
        Err(refused) => reply.refused(refused),
    }
}

/// A form of another site's page can send any of the other types without asking.
fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let given = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = given.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"));
    let other_charset = parts.any(|parameter| match parameter.split_once('=') {
        Some((name, value)) => {
            name.trim().eq_ignore_ascii_case("charset") && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        None => false,
    });
    if is_json && !other_charset {
        return Ok(());
    }
    let message = "Send the request as `Content-Type: application/json`, in UTF-8.";
    Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message))
}

fn not_acceptable() -> Refusal {
    let message = "The answer comes as `application/graphql-response+json` or as `application/json`: accept one of them.";
    Refusal::new(StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST", message)
}

/// Who asks. Nobody has a token yet, so that none can be right: better said than taken for a stranger.
fn viewer(headers: &HeaderMap) -> Result<Viewer, Refusal> {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_bearer = given.split(' ').next().is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer"));
    if is_bearer {
        let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "This token is not valid here.");
        return Err(refusal.with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""));
    }
    Ok(Viewer::Anonymous)
}
