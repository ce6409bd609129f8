//! GraphQL over HTTP: GET for queries, POST for all; a request in, its answer out, with the media type that the client wants and the
//! status that it means.
//!
//! <https://graphql.github.io/graphql-over-http/draft/>

mod accept;
mod reply;
mod request;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
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

/// Who asks. Nobody has a token yet, so that none can be right: better said than taken for a stranger. What is meant for somebody on
/// the way (`Basic`, of a proxy) is none of ours.
fn viewer(headers: &HeaderMap) -> Result<Viewer, Refusal> {
    if !headers.contains_key(AUTHORIZATION) {
        return Ok(Viewer::Anonymous);
    }
    let scheme = only(headers, &AUTHORIZATION).and_then(|given| given.split_whitespace().next());
    match scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("basic") => Ok(Viewer::Anonymous),
        _ => {
            let refusal = Refusal::new(StatusCode::UNAUTHORIZED, "UNAUTHENTICATED", "This token is not valid here.");
            Err(refusal.with(WWW_AUTHENTICATE, "Bearer error=\"invalid_token\""))
        }
    }
}
