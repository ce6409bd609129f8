//! One connection: HTTP/1.1 or HTTP/2 on it, its timers, and its end.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONNECTION, UPGRADE};
use axum::http::{HeaderMap, HeaderValue, Request, Version};
use hyper::body::{Body as _, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tower::Service;

use crate::config::limits::Limits;
use crate::server::client::Peer;
use crate::server::compression::{self, Compressed};
use crate::server::pulse::{Paced, Patience, Pulse, Sent, Turn};
use crate::server::wire::Wire;

/// HTTP/2: requests at once on one connection, what a client may send before it is read, and what is kept of an answer to be sent.
const STREAMS: u32 = 100;
const STREAM_WINDOW: u32 = 64 * 1024;
const CONNECTION_WINDOW: u32 = 256 * 1024;
const SEND_BUFFER: usize = 64 * 1024;
/// HTTP/2: how often a peer must show that it lives, and within which time.
const PING: Duration = Duration::from_secs(20);
const PONG: Duration = Duration::from_secs(10);
/// How long an idle HTTP/2 client has to take note that it is sent away.
const FAREWELL: Duration = Duration::from_secs(1);

/// How the whole server stands, for each connection to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Requests are answered.
    Serving,
    /// What has begun is finished, nothing else begins.
    Draining,
    /// What is not finished is cut.
    Over,
}

/// What all connections share.
pub(super) struct Line {
    http: auto::Builder<TokioExecutor>,
    answers: Compressed,
    patience: Patience,
}

impl Line {
    /// Connections to these routes within these limits.
    pub(super) fn new(routes: Router, limits: &Limits) -> Self {
        let mut http = auto::Builder::new(TokioExecutor::new());
        // The pulse times the headers: hyper's own timer would also end a connection that waits for its next request.
        http.http1()
            .timer(TokioTimer::new())
            .header_read_timeout(None)
            // The headers must fit into what is read at once, so that this limits them.
            .max_buf_size(usize::try_from(limits.header_bytes).unwrap_or(usize::MAX));
        http.http2()
            .timer(TokioTimer::new())
            .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
            .max_concurrent_streams(STREAMS)
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_send_buf_size(SEND_BUFFER)
            .keep_alive_interval(PING)
            .keep_alive_timeout(PONG);
        Self { http, answers: compression::around(routes), patience: Patience::of(limits) }
    }

    /// Answers on one connection until it ends, or must.
    pub(super) async fn attend(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        seat: watch::Receiver<()>,
        mut phase: watch::Receiver<Phase>,
    ) {
        let pulse = Arc::new(Pulse::new());
        let wire = Wire::new(stream, Arc::clone(&pulse), self.patience, seat);
        let tie = Tie { pulse: Arc::clone(&pulse), phase: phase.clone() };
        let requests = service_fn(|request| answer(&self.answers, &tie, peer, request));
        let mut connection = pin!(self.http.serve_connection_with_upgrades(TokioIo::new(wire), requests));
        let mut timer = pin!(sleep_until(Instant::now() + self.patience.header));
        let mut draining = false;
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(error = %error, "a connection ended early");
                    }
                    return;
                }
                next = later(&mut phase, draining) => match next {
                    Phase::Draining => {
                        draining = true;
                        connection.as_mut().graceful_shutdown();
                    }
                    Phase::Serving | Phase::Over => return,
                },
                () = poll_fn(|cx| poll_expired(&pulse, &self.patience, timer.as_mut(), cx)) => {
                    tracing::debug!("a connection did nothing for too long");
                    if pulse.is_http2() && !draining {
                        connection.as_mut().graceful_shutdown();
                        drop(timeout(FAREWELL, connection).await);
                    }
                    return;
                }
            }
        }
    }
}

/// The next phase, or the last where the server is gone.
async fn later(phase: &mut watch::Receiver<Phase>, draining: bool) -> Phase {
    let next = phase.wait_for(|phase| *phase == Phase::Over || (*phase == Phase::Draining && !draining)).await;
    next.map_or(Phase::Over, |phase| *phase)
}

/// Ready once the connection has been in one state for too long. The timer is only ever moved nearer here, and away once it fires:
/// a request costs it nothing.
fn poll_expired(pulse: &Pulse, patience: &Patience, mut timer: Pin<&mut Sleep>, cx: &mut Context<'_>) -> Poll<()> {
    loop {
        let Some(deadline) = pulse.deadline(patience) else { return Poll::Pending };
        if deadline < timer.deadline() {
            timer.as_mut().reset(deadline);
        }
        ready!(timer.as_mut().poll(cx));
        if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        timer.as_mut().reset(deadline);
    }
}

/// What an answer is tied to that lasts: its connection, and the server's end.
#[derive(Debug, Clone)]
pub(super) struct Tie {
    pulse: Arc<Pulse>,
    phase: watch::Receiver<Phase>,
}

impl Tie {
    /// The answer lasts from now on: a client that does not take it is given up sooner.
    pub(super) fn last(&self) {
        self.pulse.last();
    }

    /// Ready once the server is to end.
    pub(super) async fn ending(&mut self) {
        later(&mut self.phase, false).await;
    }
}

/// Whether a client wants an answer that lasts.
fn may_last(headers: &HeaderMap) -> bool {
    let streams = |value: &HeaderValue| {
        let value = value.as_bytes();
        [&b"event-stream"[..], b"multipart"].iter().any(|word| value.windows(word.len()).any(|part| part == *word))
    };
    headers.contains_key(UPGRADE) || headers.get_all(ACCEPT).iter().any(streams)
}

type Answer = hyper::Response<Paced<compression::Body>>;

/// Hands one request to the routes.
fn answer(
    answers: &Compressed,
    tie: &Tie,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> impl Future<Output = Result<Answer, Infallible>> + Send + use<> {
    let version = request.version();
    let mut turn = Turn::begin(&tie.pulse, version, !request.body().is_end_stream());
    request.extensions_mut().insert(Peer(peer.ip()));
    if may_last(request.headers()) {
        request.extensions_mut().insert(tie.clone());
    }
    accept_any(request.headers_mut());
    let pulse = Arc::clone(&tie.pulse);
    let answer = answers.clone().call(request.map(|body| Body::new(Sent { body, pulse })));
    async move {
        let mut response = answer.await?;
        // An answer may come before the request's body has: then the connection serves for nothing else.
        if turn.answered() && version != Version::HTTP_2 {
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        Ok(response.map(|body| Paced { body, turn }))
    }
}

/// Who will not have an answer as it is would get a 406 for what has been done already: they get it as it is.
fn accept_any(headers: &mut HeaderMap) {
    let particular = |value: &HeaderValue| value.as_bytes().contains(&b'*') || names_identity(value);
    if headers.get_all(ACCEPT_ENCODING).iter().any(particular) {
        headers.remove(ACCEPT_ENCODING);
    }
}

fn names_identity(value: &HeaderValue) -> bool {
    value.as_bytes().windows(8).any(|word| word.eq_ignore_ascii_case(b"identity"))
}
