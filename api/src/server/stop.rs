//! How the process is asked to stop.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// The signals that ask: SIGTERM and SIGINT.
pub(super) struct Stop {
    terminate: Signal,
    interrupt: Signal,
}

impl Stop {
    /// Listens from now on: neither ends the process by itself any more.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Ready once it is asked; again once it is asked again.
    pub(super) async fn asked(&mut self) {
        tokio::select! { _ = self.terminate.recv() => (), _ = self.interrupt.recv() => () }
    }

    /// Ends the process where it is asked once more, whatever is still going on.
    pub(super) fn end_when_asked_again(mut self) {
        tokio::spawn(async move {
            self.asked().await;
            tracing::warn!("asked again: stopping at once");
            std::process::exit(1);
        });
    }
}
