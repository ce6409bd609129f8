//! The listener: takes connections, as many as are allowed at once, and ends them in time when the process is to stop.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::config::limits::Limits;
use crate::error::{Error, Result};
use crate::server::connection::{Line, Phase};
use crate::server::descriptors;
use crate::server::metrics::Open;
use crate::server::stop::Stop;

/// Connections that may wait to be taken.
const WAITING: u32 = 4_096;
/// How long no connection is taken after the system could not give one: most often it has no file descriptor left.
pub(super) const BACK_OFF: Duration = Duration::from_millis(200);
/// How long connections that are cut have to go.
const CUT: Duration = Duration::from_millis(100);
/// What a connection beyond the cap gets, whatever it was going to ask.
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Type: application/json; charset=utf-8\r\n\
Cache-Control: no-store\r\nContent-Length: 123\r\nConnection: close\r\n\r\n\
{\"errors\":[{\"message\":\"Too many connections are open; please try again in a second.\",\"extensions\":{\"code\":\"UNAVAILABLE\"}}]}";

/// Takes the address. Whoever comes in a rush waits here: past a shorter line the system lets them try again a second later.
///
/// # Errors
/// Where the address is not ours, or is taken.
pub fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // The connections of a process that has just stopped do not keep its address from the next.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

/// Answers on `listener` until the process is asked to stop; what has begun is finished, as far as the time for it goes. Returns
/// until when the rest of the process must have stopped.
///
/// # Errors
/// Where the routes cannot be built, or the system delivers no signals.
pub async fn serve(listener: TcpListener, routes: Router, limits: Limits) -> Result<Instant> {
    let mut stop = Stop::listen().map_err(Error::internal)?;
    let cap = descriptors::connections(limits.connections);
    // Each open connection holds a seat, and each follows the phase.
    let (seats, _) = watch::channel(());
    let (phase, _) = watch::channel(Phase::Serving);
    let line = Arc::new(Line::new(routes, &limits));
    let mut failing = false;
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.asked() => break,
        };
        match accepted {
            Ok((stream, _)) if seats.receiver_count() >= cap => turn_away(stream),
            Ok((stream, peer)) => {
                failing = false;
                take(&line, stream, peer, (seats.subscribe(), phase.subscribe()));
            }
            // The client went away before it was taken.
            Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
            Err(error) => {
                if !failing {
                    tracing::error!(error = %error, open = seats.receiver_count(), "no connection can be taken; trying again");
                }
                failing = true;
                tokio::select! { () = sleep(BACK_OFF) => (), () = stop.asked() => break }
            }
        }
    }
    drop(listener);
    stop.end_when_asked_again();
    Ok(drain(&seats, &phase, Duration::from_secs(limits.drain_seconds)).await)
}

type Ties = (watch::Receiver<()>, watch::Receiver<Phase>);

fn take(line: &Arc<Line>, stream: TcpStream, peer: SocketAddr, (seat, phase): Ties) {
    let line = Arc::clone(line);
    // Answers are written whole: waiting for more to send would only delay them.
    drop(stream.set_nodelay(true));
    let open = Open::one("alliance_connections_open");
    tokio::spawn(async move {
        line.attend(stream, peer, seat, phase).await;
        drop(open);
    });
}

/// Says why, and closes, without waiting for anything.
fn turn_away(stream: TcpStream) {
    metrics::counter!("alliance_connections_refused_total").increment(1);
    tracing::debug!("a connection beyond ALLIANCE_CONNECTIONS was turned away");
    let Ok(mut stream) = stream.into_std() else { return };
    // A request that is left unread would reset the connection and take the answer with it.
    drop(stream.read(&mut [0; 4096]));
    drop(stream.write_all(FULL));
    drop(stream.shutdown(std::net::Shutdown::Write));
}

/// Lets what has begun be finished, then cuts the rest.
async fn drain(seats: &watch::Sender<()>, phase: &watch::Sender<Phase>, patience: Duration) -> Instant {
    let deadline = Instant::now() + patience;
    tracing::info!(open = seats.receiver_count(), "stopping: what has begun is being finished");
    phase.send_replace(Phase::Draining);
    if timeout_at(deadline, seats.closed()).await.is_err() {
        tracing::warn!(cut = seats.receiver_count(), "connections that did not end within ALLIANCE_DRAIN_SECONDS are cut");
        phase.send_replace(Phase::Over);
        drop(timeout(CUT, seats.closed()).await);
    }
    deadline
}
