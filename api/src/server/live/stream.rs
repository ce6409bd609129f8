//! Answers that last over HTTP: server-sent events, and the parts of Apollo's multipart subscriptions.
//!
//! <https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md>, its distinct connections mode;
//! <https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol>

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use async_graphql::Executor;
use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, VARY};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use futures_util::StreamExt;
use futures_util::stream::{self, Stream};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::SendTimeoutError;
use tokio::time::{Instant, sleep_until};

use crate::app::App;
use crate::error::Error;
use crate::error::report::Report;
use crate::server::accept::{EXACTLY, liking};
use crate::server::authentication::Standing;
use crate::server::connection::Tie;
use crate::server::graphql::DEPENDS_ON;
use crate::server::live::seats::Seat;
use crate::server::live::subscription::{Subscription, Told};
use crate::server::live::{LOOK, ending};
use crate::server::refusal::RequestId;
use crate::viewer::Viewer;

/// How often something is sent where there is nothing to tell, so that nobody on the way takes the connection for dead.
const BEAT: Duration = Duration::from_secs(10);
/// The cursor of the last event that a browser has heard.
pub(in crate::server) const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
const BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// In which form an answer lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::server) enum Form {
    /// `text/event-stream`.
    Events,
    /// `multipart/mixed;subscriptionSpec=1.0`.
    Parts,
}

impl Form {
    /// The form that a client accepts: events rather than parts.
    pub(in crate::server) fn wanted(headers: &HeaderMap) -> Option<Self> {
        let accepts = |of: &str| liking(headers, of).1 == EXACTLY;
        let mut accepted = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let mut follows = || accepted.any(|value| value.to_ascii_lowercase().contains("subscriptionspec="));
        match (accepts("text/event-stream"), accepts("multipart/mixed")) {
            (true, _) => Some(Self::Events),
            (false, true) => follows().then_some(Self::Parts),
            (false, false) => None,
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Events => "text/event-stream; charset=utf-8",
            Self::Parts => "multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0",
        }
    }

    /// What comes first: a browser learns from where on it resumes.
    fn first(self, cursor: &str) -> String {
        match self {
            Self::Events => format!("id: {cursor}\n\n"),
            Self::Parts => "\r\n--graphql".to_owned(),
        }
    }

    fn next(self, body: &[u8], cursor: Option<&str>) -> String {
        let body = String::from_utf8_lossy(body);
        match (self, cursor) {
            (Self::Events, Some(cursor)) => format!("id: {cursor}\nevent: next\ndata: {body}\n\n"),
            (Self::Events, None) => format!("event: next\ndata: {body}\n\n"),
            (Self::Parts, _) => part(&format!("{{\"payload\":{body}}}")),
        }
    }

    /// It ends with what went wrong.
    fn failed(self, report: Report, id: &RequestId) -> String {
        let errors = crate::document::answer::listed(vec![report], &id.0);
        let errors = String::from_utf8_lossy(&errors);
        match self {
            Self::Events => self.next(format!("{{\"errors\":{errors}}}").as_bytes(), None) + &self.complete(),
            Self::Parts => part(&format!("{{\"payload\":null,\"errors\":{errors}}}")) + &self.complete(),
        }
    }

    fn complete(self) -> String {
        match self {
            Self::Events => "event: complete\ndata:\n\n".to_owned(),
            Self::Parts => "--\r\n".to_owned(),
        }
    }

    fn beat(self) -> String {
        match self {
            Self::Events => ":\n\n".to_owned(),
            Self::Parts => part("{}"),
        }
    }

    fn response(self, body: Body) -> Response {
        let mut response = Response::new(body);
        let values = [(CONTENT_TYPE, self.content_type()), (CACHE_CONTROL, "no-store"), (VARY, DEPENDS_ON), (BUFFERING, "no")];
        for (name, value) in values {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        response
    }
}

/// A part, and the boundary behind it: a client reads a part once its end has come.
fn part(json: &str) -> String {
    format!("\r\nContent-Type: application/json\r\n\r\n{json}\r\n--graphql")
}

/// One response as events, where a client accepts nothing else.
pub(in crate::server) fn once(body: &[u8]) -> Response {
    let events = Form::Events.next(body, None) + &Form::Events.complete();
    Form::Events.response(Body::from(events))
}

/// What an answer that lasts is tied to.
pub(in crate::server) struct Ties {
    pub(in crate::server) app: App,
    pub(in crate::server) standing: Standing,
    /// It is held until the answer ends.
    pub(in crate::server) _seat: Seat,
    pub(in crate::server) tie: Option<Tie>,
    pub(in crate::server) id: RequestId,
}

/// What a subscription tells, for as long as the client listens.
pub(in crate::server) fn answer<E: Executor>(form: Form, subscription: Subscription<E>, ties: Ties) -> Response {
    if let Some(tie) = &ties.tie {
        tie.last();
    }
    let ending = ending(ties.tie.clone(), ties.app.config().limits.drain_seconds);
    let (now, first) = (Instant::now(), form.first(&subscription.cursor()));
    let lasting = Lasting {
        form,
        told: Box::pin(subscription.told()),
        ending: Box::pin(ending),
        ties,
        beats: now + BEAT,
        looks: now + LOOK,
        is_over: false,
    };
    let (pieces, taken) = mpsc::channel(1);
    tokio::spawn(lasting.go_on(first, pieces));
    form.response(Body::from_stream(stream::unfold(taken, |mut taken| async move {
        let piece = taken.recv().await?;
        Some((Ok::<_, Infallible>(piece), taken))
    })))
}

struct Lasting {
    form: Form,
    told: Pin<Box<dyn Stream<Item = Told> + Send>>,
    /// Ready once the server is to end.
    ending: Pin<Box<dyn Future<Output = ()> + Send>>,
    ties: Ties,
    beats: Instant,
    looks: Instant,
    is_over: bool,
}

impl Lasting {
    /// Goes on until there is nothing more to say, nobody listens, or somebody does not take what was said. It is a task of its own, since
    /// nobody asks a body for more whose client does not read: what it holds would be held for ever.
    async fn go_on(mut self, first: String, pieces: mpsc::Sender<Bytes>) {
        let slow = Duration::from_secs(self.ties.app.config().limits.socket_send_seconds);
        let mut piece = Some(first);
        while let Some(text) = piece {
            match pieces.send_timeout(Bytes::from(text), slow).await {
                Ok(()) => {}
                Err(SendTimeoutError::Timeout(_)) => {
                    metrics::counter!("alliance_live_drops_total", "reason" => "slow").increment(1);
                    return;
                }
                Err(SendTimeoutError::Closed(_)) => return,
            }
            piece = tokio::select! {
                piece = self.next() => piece,
                () = pieces.closed() => return,
            };
        }
    }

    /// The next piece of the answer. Where the server ends it breaks off, so that the client asks again.
    async fn next(&mut self) -> Option<String> {
        while !self.is_over {
            let is_known = self.ties.standing.viewer != Viewer::Anonymous;
            tokio::select! {
                told = self.told.next() => return Some(self.tell(told)),
                () = &mut self.ending => return None,
                () = sleep_until(self.looks), if is_known => {
                    self.looks = Instant::now() + LOOK;
                    if let Err(error @ Error::Unauthenticated(_)) = self.ties.standing.again(&self.ties.app).await {
                        return Some(self.fail(Report::from(&error)));
                    }
                }
                () = sleep_until(self.beats) => {
                    self.beats = Instant::now() + BEAT;
                    return Some(self.form.beat());
                }
            }
        }
        None
    }

    fn tell(&mut self, told: Option<Told>) -> String {
        match told {
            Some(Told::Next(next)) => {
                self.beats = Instant::now() + BEAT;
                self.form.next(&next.body, Some(&next.cursor))
            }
            Some(Told::Failed(report)) => self.fail(report),
            Some(Told::Ended(why)) => self.fail(Report::from(&Error::Unauthenticated(why))),
            None => {
                self.is_over = true;
                self.form.complete()
            }
        }
    }

    fn fail(&mut self, report: Report) -> String {
        self.is_over = true;
        self.form.failed(report, &self.ties.id)
    }
}
