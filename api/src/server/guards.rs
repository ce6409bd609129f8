//! What every request passes on its way to its route, and every answer on its way back: an id, the client's address, the origin of
//! the page that asks, the cap on requests in flight, the net under a panic, and one line in the log.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::FutureExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::App;
use crate::config::Config;
use crate::config::door::StatusCodes;
use crate::error::LIMIT_EXCEEDED;
use crate::server::client::{Client, Peer};
use crate::server::metrics::{self, Open};
use crate::server::origins::{self, Source};
use crate::server::refusal::{Refusal, RequestId};
use crate::server::{authentication, body};

/// How many bytes an address may have. Beyond the limit of all headers, the connection says so itself.
const LONGEST_ADDRESS: usize = 8_192;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What the guards know.
pub(super) struct Guards {
    app: App,
    origins: origins::Guard,
    places: Places,
}

/// The places of those that are answered at this moment, cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Places(Arc<Semaphore>);

impl Places {
    /// As many as the settings say.
    pub(super) fn new(config: &Config) -> Self {
        let most = usize::try_from(config.limits.requests_in_flight).unwrap_or(Semaphore::MAX_PERMITS);
        Self(Arc::new(Semaphore::new(most)))
    }

    /// One of them, until it is dropped.
    ///
    /// # Errors
    /// 503 where none is free.
    pub(super) fn take(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.0).try_acquire_owned().map_err(|_| {
            let message = "Too many requests are being answered at this moment; please try again in a second.";
            Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message).with(RETRY_AFTER, "1")
        })
    }
}

impl Guards {
    /// As the settings say.
    pub(super) fn new(app: App) -> Self {
        let (origins, places) = (origins::Guard::new(app.config()), Places::new(app.config()));
        Self { app, origins, places }
    }
}

/// Lets a request pass, or answers it.
pub(super) async fn pass(State(guards): State<Arc<Guards>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let config = guards.app.config();
    let id = RequestId::new();
    let (mut parts, body) = request.into_parts();
    let client = Client::of(parts.extensions.get::<Peer>().copied(), &parts.headers, &config.trusted_proxies);
    let source = guards.origins.source(&parts, &client, config);
    let (method, uri) = (parts.method.clone(), parts.uri.clone());
    let route = parts.extensions.get::<MatchedPath>().cloned();
    let is_graphql = is_graphql(&uri);
    let asks = is_graphql && origins::is_preflight(&parts);

    let mut response = if length(&uri) > LONGEST_ADDRESS {
        too_long(&uri).respond(&id)
    } else if source == Source::Foreign && (is_graphql || !origins::is_safe(&method)) {
        origins::refusal().respond(&id)
    } else if asks {
        origins::preflight()
    } else {
        parts.extensions.insert(client);
        parts.extensions.insert(source.clone());
        parts.extensions.insert(id.clone());
        answer(&guards, &id, Request::from_parts(parts, body), next).await
    };
    if is_graphql {
        origins::mark(&mut response, source);
        if config.status_codes == StatusCodes::September2026 && !response.status().is_success() {
            as_graphql_response(&mut response);
        }
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    metrics::answered(route.as_ref().map_or("other", MatchedPath::as_str), &method, response.status(), began.elapsed());
    note(&Asked { method, uri, client, began }, response.status(), &id);
    response
}

/// Runs the route. On /graphql it is known first who asks, and the body has come: a client that is slow to send holds no place among
/// those that are answered, and none sends more than it may. What other sites take up is put together for each request, and needs a place, too;
/// health and pages need none.
async fn answer(guards: &Guards, id: &RequestId, mut request: Request, next: Next) -> Response {
    let taken = match request.uri() {
        uri if is_graphql(uri) => received(guards, &mut request).await.map(Some),
        uri if is_gathered(uri) => guards.places.take().map(Some),
        _ => Ok(None),
    };
    let place = match taken {
        Ok(taken) => taken.map(|taken| (taken, Open::one("alliance_requests_in_flight"))),
        Err(refusal) => return refusal.respond(id),
    };
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    drop(place);
    answered.unwrap_or_else(|panic| {
        tracing::error!(request_id = id.0, panic = words(&*panic), "a request ended in a panic");
        let message = "Something went wrong on our side; the request id finds it in the log.";
        Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message).respond(id)
    })
}

/// Finds out who asks, reads the body, and takes a place.
async fn received(guards: &Guards, request: &mut Request) -> Result<OwnedSemaphorePermit, Refusal> {
    // Looking at a token is work, too: it takes a place of its own.
    let looking = request.headers().contains_key(AUTHORIZATION).then(|| guards.places.take()).transpose()?;
    let standing = authentication::standing(&guards.app, request.headers()).await?;
    drop(looking);
    if !request.body().is_end_stream() {
        let audience = authentication::audience(&standing.viewer);
        let bytes = body::read(std::mem::take(request.body_mut()), audience, &guards.app.config().limits).await?;
        *request.body_mut() = Body::from(bytes);
    }
    request.extensions_mut().insert(standing);
    request.extensions_mut().insert(guards.places.clone());
    guards.places.take()
}

fn length(uri: &Uri) -> usize {
    uri.path_and_query().map_or(0, |address| address.as_str().len())
}

fn too_long(uri: &Uri) -> Refusal {
    let message =
        format!("The address has {} bytes, at most {LONGEST_ADDRESS} are allowed: send the request by POST.", length(uri));
    Refusal::new(StatusCode::URI_TOO_LONG, LIMIT_EXCEEDED, message)
}

/// Of what failed, a client can only tell by this type that the answer is a GraphQL response.
fn as_graphql_response(response: &mut Response) {
    let is_json = response.headers().get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"application/json"));
    if is_json {
        let media = HeaderValue::from_static("application/graphql-response+json; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, media);
    }
}

fn is_graphql(uri: &Uri) -> bool {
    uri.path().starts_with("/graphql")
}

fn is_gathered(uri: &Uri) -> bool {
    ["/feeds/", "/sitemap/", "/oembed"].iter().any(|start| uri.path().starts_with(start))
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no words)")
}

struct Asked {
    method: Method,
    uri: Uri,
    client: Client,
    began: Instant,
}

/// One line for a request: what, how it went and how long it took; no query, no whole address, nothing of the body.
fn note(asked: &Asked, status: StatusCode, id: &RequestId) {
    macro_rules! line {
        ($level:ident, $words:literal) => {
            tracing::$level!(
                method = %asked.method,
                path = asked.uri.path(),
                status = status.as_u16(),
                milliseconds = u64::try_from(asked.began.elapsed().as_millis()).unwrap_or(u64::MAX),
                request_id = id.0,
                client = %asked.client.network(),
                $words
            )
        };
    }
    if status.is_server_error() {
        line!(warn, "a request failed");
    } else {
        line!(debug, "a request was answered");
    }
}
