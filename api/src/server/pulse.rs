//! What a connection is doing and since when, which says how long it may go on: no socket here and no HTTP.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::Version;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Instant;

use crate::config::limits::Limits;

/// No control frame of HTTP/2 is larger. A write of no more may be the answer to a ping, which is not progress.
const CONTROL_FRAME: usize = 32;
/// There is no request whose headers are awaited.
const NONE: u64 = u64::MAX;

/// How long a connection may stay in each state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// Until the headers of a request have come.
    pub(super) header: Duration,
    /// Without a request, or without progress of an answer.
    pub(super) idle: Duration,
    /// Until a client takes more of an answer that lasts.
    pub(super) slow: Duration,
}

impl Patience {
    /// As the limits say.
    pub(super) fn of(limits: &Limits) -> Self {
        let [header, idle, slow] =
            [limits.header_seconds, limits.idle_seconds, limits.socket_send_seconds].map(Duration::from_secs);
        Self { header, idle, slow }
    }
}

/// The state of one connection, told by its socket and by its requests. The times are milliseconds since it began.
#[derive(Debug)]
pub(super) struct Pulse {
    start: Instant,
    /// Since when the headers of a request are awaited, or [`NONE`].
    head: AtomicU64,
    /// When something was written last, or an answer was ready.
    moved: AtomicU64,
    /// Requests of which the answer is not yet complete.
    open: AtomicU32,
    /// Those of them that wait for us, not for the client.
    busy: AtomicU32,
    /// Whether a part of the headers has come.
    begun: AtomicBool,
    /// Whether the body of the last request has not been read to its end.
    unread: AtomicBool,
    http2: AtomicBool,
    /// Whether an answer goes on for as long as the client listens.
    lasts: AtomicBool,
}

impl Pulse {
    /// A connection that has sent nothing.
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            head: AtomicU64::new(0),
            moved: AtomicU64::new(0),
            open: AtomicU32::new(0),
            busy: AtomicU32::new(0),
            begun: AtomicBool::new(false),
            unread: AtomicBool::new(false),
            http2: AtomicBool::new(false),
            lasts: AtomicBool::new(false),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(NONE - 1)
    }

    /// Something has come. Between two requests of HTTP/1 it is the beginning of the next.
    pub(super) fn read(&self) {
        if self.open.load(Ordering::Relaxed) > 0 || self.http2.load(Ordering::Relaxed) {
            return;
        }
        self.begun.store(true, Ordering::Relaxed);
        if self.head.load(Ordering::Relaxed) == NONE {
            self.head.store(self.now(), Ordering::Relaxed);
        }
    }

    /// So many bytes have gone.
    pub(super) fn wrote(&self, bytes: usize) {
        if bytes > CONTROL_FRAME {
            self.moved.store(self.now(), Ordering::Relaxed);
        }
    }

    /// Whether the client may still be sending what nobody will read: to close at once would take our last answer from it.
    pub(super) fn is_sending(&self) -> bool {
        self.unread.load(Ordering::Relaxed) || self.begun.load(Ordering::Relaxed)
    }

    /// Whether it speaks HTTP/2, as far as is known.
    pub(super) fn is_http2(&self) -> bool {
        self.http2.load(Ordering::Relaxed)
    }

    /// An answer goes on from now on.
    pub(super) fn last(&self) {
        self.lasts.store(true, Ordering::Relaxed);
    }

    /// Whether an answer goes on for as long as the client listens.
    pub(super) fn lasts(&self) -> bool {
        self.lasts.load(Ordering::Relaxed)
    }

    /// When it must have moved on; never while it waits for us.
    pub(super) fn deadline(&self, patience: &Patience) -> Option<Instant> {
        let head = self.head.load(Ordering::Relaxed);
        if head != NONE {
            return Some(self.start + Duration::from_millis(head) + patience.header);
        }
        if self.busy.load(Ordering::Relaxed) > 0 {
            return None;
        }
        Some(self.start + Duration::from_millis(self.moved.load(Ordering::Relaxed)) + patience.idle)
    }
}

/// One request's share of its connection's state, from its headers to the end of its answer.
#[derive(Debug)]
pub(super) struct Turn {
    pulse: Arc<Pulse>,
    busy: bool,
}

impl Turn {
    /// The headers of a request have come, and perhaps a body follows.
    pub(super) fn begin(pulse: &Arc<Pulse>, version: Version, has_body: bool) -> Self {
        pulse.open.fetch_add(1, Ordering::Relaxed);
        pulse.busy.fetch_add(1, Ordering::Relaxed);
        pulse.head.store(NONE, Ordering::Relaxed);
        pulse.begun.store(false, Ordering::Relaxed);
        pulse.unread.store(has_body, Ordering::Relaxed);
        if version == Version::HTTP_2 {
            pulse.http2.store(true, Ordering::Relaxed);
        }
        Self { pulse: Arc::clone(pulse), busy: true }
    }

    /// The answer is ready. Returns whether the request's body has not been read to its end.
    pub(super) fn answered(&mut self) -> bool {
        self.pulse.moved.store(self.pulse.now(), Ordering::Relaxed);
        self.set_busy(false);
        self.pulse.unread.load(Ordering::Relaxed)
    }

    fn set_busy(&mut self, busy: bool) {
        match (self.busy, busy) {
            (false, true) => drop(self.pulse.busy.fetch_add(1, Ordering::Relaxed)),
            (true, false) => drop(self.pulse.busy.fetch_sub(1, Ordering::Relaxed)),
            _ => {}
        }
        self.busy = busy;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.set_busy(false);
        self.pulse.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// An answer's body that tells its connection whether the client waits for us or we for the client.
#[derive(Debug)]
pub(super) struct Paced<B> {
    /// The body.
    pub(super) body: B,
    /// Its request.
    pub(super) turn: Turn,
}

impl<B: Body + Unpin> Body for Paced<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(cx);
        if frame.is_pending() {
            self.turn.set_busy(true);
        } else if self.turn.busy {
            self.turn.pulse.moved.store(self.turn.pulse.now(), Ordering::Relaxed);
            self.turn.set_busy(false);
        }
        Poll::Ready(ready!(frame))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A request's body that tells its connection when it has been read to its end.
#[derive(Debug)]
pub(super) struct Sent<B> {
    /// The body.
    pub(super) body: B,
    /// Its connection.
    pub(super) pulse: Arc<Pulse>,
}

impl<B: Body + Unpin> Body for Sent<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.pulse.unread.store(false, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
