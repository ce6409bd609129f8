//! Live subscriptions: over sockets, events and parts, on one node and on two.

mod forms;
mod moments;
mod protocol;
mod resuming;
mod rolling;
mod room;
mod withdrawn;

use std::time::Duration;

use alliance::outbox::sequencer;
use alliance_tests::app::TestApp;
use axum::body::{Body, BodyDataStream};
use axum::http::{Request, StatusCode};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderValue, Response};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

const SOON: Duration = Duration::from_secs(20);
/// Within this what is to be told has been told, as far as nothing else is to be done.
const MOMENT: Duration = Duration::from_millis(300);
const PROTOCOL: &str = "graphql-transport-ws";

/// What came over a socket.
#[derive(Debug, PartialEq)]
pub(crate) enum Came {
    /// A message.
    Said(Value),
    /// The end, with its code and its reason.
    Closed(u16, String),
    /// The end without a word.
    Gone,
}

/// A client's end of a socket.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// Opens one with these headers; what was answered instead where it is refused.
    pub(crate) async fn open_with(address: &str, headers: &[(&'static str, &str)]) -> Result<Self, Response<Option<Vec<u8>>>> {
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("it is an address");
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("it is a header"));
        }
        match connect_async(request).await {
            Ok((stream, _)) => Ok(Self(stream)),
            Err(Error::Http(refused)) => Err(*refused),
            Err(error) => panic!("{error}"),
        }
    }

    /// Opens one, where somebody listens.
    pub(crate) async fn try_open(address: &str) -> Option<Self> {
        let mut request = format!("ws://{address}/graphql").into_client_request().expect("it is an address");
        request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static(PROTOCOL));
        connect_async(request).await.ok().map(|(stream, _)| Self(stream))
    }

    /// Opens one, as the protocol wants it.
    pub(crate) async fn open(address: &str) -> Self {
        Self::open_with(address, &[("sec-websocket-protocol", PROTOCOL)]).await.expect("it is opened")
    }

    /// One that has begun, as whoever has the token.
    pub(crate) async fn begun(address: &str, token: &str) -> Self {
        let mut socket = Self::open(address).await;
        let payload = if token.is_empty() { Value::Null } else { json!({ "authorization": format!("Bearer {token}") }) };
        socket.say(&json!({ "type": "connection_init", "payload": payload })).await;
        let came = socket.came().await;
        assert!(matches!(&came, Came::Said(said) if said["type"] == "connection_ack"), "{came:?}");
        socket
    }

    /// Sends something. Where it is closed, that comes next.
    pub(crate) async fn send(&mut self, message: Message) {
        drop(self.0.send(message).await);
    }

    pub(crate) async fn say(&mut self, message: &Value) {
        self.send(Message::text(message.to_string())).await;
    }

    /// Asks for an operation.
    pub(crate) async fn subscribe(&mut self, id: &str, query: &str, variables: &Value) {
        self.say(&json!({ "id": id, "type": "subscribe", "payload": { "query": query, "variables": variables } })).await;
    }

    /// What comes next.
    pub(crate) async fn came(&mut self) -> Came {
        loop {
            let came = timeout(SOON, self.0.next()).await.expect("something comes");
            return match came {
                Some(Ok(Message::Text(text))) => Came::Said(serde_json::from_str(&text).expect("it is JSON")),
                Some(Ok(Message::Close(Some(frame)))) => Came::Closed(frame.code.into(), frame.reason.to_string()),
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(other)) => panic!("{other:?}"),
                Some(Err(_)) | None => Came::Gone,
            };
        }
    }

    /// The message that comes next.
    pub(crate) async fn said(&mut self) -> Value {
        match self.came().await {
            Came::Said(said) => said,
            ended => panic!("{ended:?}"),
        }
    }

    /// The data of the response that comes next to an operation.
    pub(crate) async fn data(&mut self, id: &str) -> Value {
        let mut said = self.said().await;
        assert!(said["id"] == id && said["type"] == "next" && said["payload"]["errors"].is_null(), "{said}");
        said["payload"]["data"].take()
    }

    /// Whether nothing comes for a moment.
    pub(crate) async fn is_quiet(&mut self) -> bool {
        timeout(Duration::from_millis(700), self.came()).await.is_err()
    }
}

/// Somebody who reads server-sent events.
pub(crate) struct Watcher {
    body: BodyDataStream,
    read: String,
    /// Where the stream began.
    pub(crate) began: String,
}

impl Watcher {
    /// Follows a subscription, as whoever has the token, behind the event that was heard last.
    pub(crate) async fn open_after(app: &TestApp, token: &str, query: &str, last: &str) -> Self {
        Self::open_of(app, token, &json!({ "query": query }), last).await
    }

    /// The same of a whole request.
    pub(crate) async fn open_of(app: &TestApp, token: &str, body: &Value, last: &str) -> Self {
        let mut request =
            Request::post("/graphql").header("content-type", "application/json").header("accept", "text/event-stream");
        if !token.is_empty() {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if !last.is_empty() {
            request = request.header("last-event-id", last);
        }
        let response = app.respond(request.body(Body::from(body.to_string())).expect("this is a request")).await;
        assert_eq!(response.status(), StatusCode::OK, "{body}");
        let mut opened = Self { body: response.into_body().into_data_stream(), read: String::new(), began: String::new() };
        let first = opened.block().await.expect("it begins");
        first.strip_prefix("id: ").unwrap_or_default().clone_into(&mut opened.began);
        opened.read = if opened.began.is_empty() { format!("{first}\n\n{}", opened.read) } else { opened.read };
        opened
    }

    /// Follows a subscription from now on.
    pub(crate) async fn open(app: &TestApp, token: &str, query: &str) -> Self {
        Self::open_after(app, token, query, "").await
    }

    /// The next block of lines; nothing at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.read = rest;
                return Some(block);
            }
            let piece = timeout(SOON, self.body.next()).await.expect("something comes")?;
            self.read.push_str(&String::from_utf8_lossy(&piece.expect("it does not break")));
        }
    }

    /// The next response, with the id of its event; nothing where the stream is complete.
    pub(crate) async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            let block = self.block().await?;
            let line = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            match line("event: ").as_deref() {
                Some("next") => {
                    let data = serde_json::from_str(&line("data: ").expect("it has data")).expect("it is JSON");
                    return Some((line("id: ").unwrap_or_default(), data));
                }
                Some("complete") => return None,
                _ => {}
            }
        }
    }

    /// The data of the next response.
    pub(crate) async fn data(&mut self) -> Value {
        let (_, mut response) = self.next().await.expect("it goes on");
        assert!(response["errors"].is_null(), "{response}");
        response["data"].take()
    }

    /// Whether nothing is told for a moment.
    pub(crate) async fn is_quiet(&mut self) -> bool {
        self.told_more().await.is_none()
    }

    /// What is told within a moment, or that it ends.
    pub(crate) async fn told_more(&mut self) -> Option<String> {
        timeout(MOMENT, self.next()).await.ok().map(|told| format!("{told:?}"))
    }
}

/// Tells those who follow what has happened.
pub(crate) async fn tell(app: &TestApp) {
    while let sequencer::Turn::Given(_) = sequencer::sequence(app.app.db()).await.expect("the database answers") {}
    app.app.live().follow(app.app.db()).await.expect("the database answers");
}
