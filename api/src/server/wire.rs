//! A connection's socket: it tells the pulse what moves, gives up on a client that does not read, and closes gently.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use crate::server::pulse::{Patience, Pulse};

/// How long, and how much, is read of what nobody wants, so that a client that is still sending can read why.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES: usize = 64 * 1024 * 1024;
const CHUNK: usize = 16 * 1024;
/// How much of an answer that lasts the system keeps for a client.
const NARROW: usize = 32 * 1024;

/// The socket. It holds a seat among the connections for as long as it is open, after an upgrade too.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    pulse: Arc<Pulse>,
    patience: Patience,
    /// Whether the system keeps little of what is written.
    is_narrow: bool,
    /// Runs while the client does not take what is written.
    stall: Option<Pin<Box<Sleep>>>,
    closing: Option<Closing>,
    _seat: watch::Receiver<()>,
}

#[derive(Debug)]
struct Closing {
    until: Pin<Box<Sleep>>,
    read: usize,
}

impl Wire {
    /// A socket that gives up where there is no progress.
    pub(super) fn new(stream: TcpStream, pulse: Arc<Pulse>, patience: Patience, seat: watch::Receiver<()>) -> Self {
        Self { stream, pulse, patience, is_narrow: false, stall: None, closing: None, _seat: seat }
    }

    /// Of what a client does not take, little is kept where it would pile up, and not for long.
    fn narrow(&mut self) {
        if !self.is_narrow && self.pulse.lasts() {
            self.is_narrow = true;
            let socket = SockRef::from(&self.stream);
            drop(socket.set_send_buffer_size(NARROW));
            // Who has vanished answers nothing, and the system would try for a quarter of an hour.
            #[cfg(target_os = "linux")]
            drop(socket.set_tcp_user_timeout(Some(self.patience.slow * 2)));
        }
    }

    fn written(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(done) => {
                self.stall = None;
                if let Ok(bytes) = done {
                    self.pulse.wrote(bytes);
                }
                Poll::Ready(done)
            }
            Poll::Pending => {
                let patience = if self.pulse.lasts() { self.patience.slow } else { self.patience.idle };
                let stall = self.stall.get_or_insert_with(|| Box::pin(sleep(patience)));
                ready!(stall.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }

    /// Reads and forgets until the client has ended, or time or patience has.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(closing) = &mut self.closing else { return Poll::Ready(()) };
        let mut chunk = [0; CHUNK];
        while closing.until.as_mut().poll(cx).is_pending() {
            let mut read = ReadBuf::new(&mut chunk);
            match ready!(Pin::new(&mut self.stream).poll_read(cx, &mut read)) {
                Ok(()) if !read.filled().is_empty() => closing.read += read.filled().len(),
                _ => break,
            }
            if closing.read > LINGER_BYTES {
                break;
            }
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let done = ready!(Pin::new(&mut self.stream).poll_read(cx, buffer));
        // While an answer waits to be taken, what comes is not yet the next request's turn.
        if buffer.filled().len() > before && self.stall.is_none() {
            self.pulse.read();
        }
        Poll::Ready(done)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.narrow();
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(cx, written)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        self.narrow();
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.written(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.closing.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            if !self.pulse.is_sending() {
                return Poll::Ready(Ok(()));
            }
            self.closing = Some(Closing { until: Box::pin(sleep(LINGER)), read: 0 });
        }
        ready!(self.poll_linger(cx));
        Poll::Ready(Ok(()))
    }
}
