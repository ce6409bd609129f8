//! GraphQL over WebSocket: the upgrade, and the life of one socket.
//!
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

mod end;
mod life;
mod message;
mod operation;

use async_graphql::Executor;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts, Request};
use axum::http::header::UPGRADE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::response::{IntoResponse, Response};

use crate::client::{Client, Source};
use crate::server::Door;
use crate::server::authentication::Standing;
use crate::server::client;
use crate::server::connection::Tie;
use crate::server::guards::Places;
use crate::server::live::socket::life::Socket;
use crate::server::live::turned_away;
use crate::server::refusal::RequestId;

/// The protocol that is spoken.
const PROTOCOL: &str = "graphql-transport-ws";
/// How much is read at once: there may be many sockets. What is written is flushed before the next, so that one answer is kept at most.
const READ: usize = 2_048;

/// Whether a request wants to become a socket.
pub(in crate::server) fn wants(method: &Method, headers: &HeaderMap) -> bool {
    let names_it = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"websocket");
    method == Method::GET && headers.get_all(UPGRADE).iter().any(names_it)
}

/// Makes a socket of a request.
pub(in crate::server) async fn upgrade<E: Executor>(door: &Door<E>, request: Request, id: &RequestId) -> Response {
    let (mut parts, _) = request.into_parts();
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => upgrade,
        Err(rejection) => return rejection.into_response(),
    };
    let client = sender(door, &parts);
    let seat = match door.hub.seats().seat(client.counted()) {
        Ok(seat) => seat,
        Err(full) => return turned_away(full).respond(id),
    };
    let limits = door.app.config().limits;
    let most = usize::try_from(limits.socket_message_bytes).unwrap_or(usize::MAX);
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(most).max_frame_size(most);
    let speaks = upgrade.selected_protocol().is_some();
    let tie = parts.extensions.get::<Tie>().cloned();
    if let Some(tie) = &tie {
        tie.last();
    }
    let standing = parts.extensions.get::<Standing>().cloned().unwrap_or_else(Standing::anonymous);
    let places = parts.extensions.get::<Places>().cloned().unwrap_or_else(|| Places::new(door.app.config()));
    let door = door.clone();
    upgrade
        .read_buffer_size(READ)
        .write_buffer_size(0)
        .on_upgrade(move |stream| Box::pin(Socket::live((door, stream), (standing, client, places), (seat, tie), speaks)))
}

/// Who sends what comes over the socket. It has no cookies: no page of another origin gets anything by them.
fn sender<E>(door: &Door<E>, parts: &Parts) -> Client {
    Client { source: Source::Program, refresh_token: None, ..client::sender(parts, door.app.config()) }
}
