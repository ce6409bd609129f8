//! How a socket ends, and what is written to it until then.
//!
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message as Frame, Utf8Bytes, WebSocket};
use tokio::time::{sleep, timeout};

/// How long a client has to say goodbye.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long the reason of a close frame may be.
const LONGEST_REASON: usize = 123;

/// Why a socket ends.
#[derive(Debug)]
pub(super) enum End {
    /// Nobody listens any more.
    Gone,
    /// With a close code and its reason.
    Closed(u16, String),
}

/// Writes, unless the client takes too long to read.
pub(super) async fn write(stream: &mut WebSocket, frame: Frame, slow: Duration) -> Result<(), End> {
    let written = timeout(slow, stream.send(frame)).await;
    if written.is_err() {
        metrics::counter!("alliance_live_drops_total", "reason" => "slow").increment(1);
    }
    written.ok().and_then(Result::ok).ok_or(End::Gone)
}

pub(super) async fn close(stream: &mut WebSocket, code: u16, reason: &str) {
    let reason = Utf8Bytes::from(reason.get(..LONGEST_REASON).unwrap_or(reason));
    let goodbye = async {
        if stream.send(Frame::Close(Some(CloseFrame { code, reason }))).await.is_ok() {
            while let Some(Ok(_)) = stream.recv().await {}
            // What cannot be read any more is not read to its end, and a connection that is closed before that loses its last words.
            sleep(FAREWELL).await;
        }
    };
    drop(timeout(FAREWELL, goodbye).await);
}

pub(super) fn ended(code: u16, reason: &str) -> End {
    End::Closed(code, reason.to_owned())
}

/// What cannot be read any more: a message that is too large says so.
pub(super) fn too_large(error: &axum::Error) -> End {
    match error.to_string().contains("too long") {
        true => ended(1009, "Message too large (ALLIANCE_SOCKET_MESSAGE_BYTES)"),
        false => End::Gone,
    }
}
