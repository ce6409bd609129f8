//! The messages of `graphql-transport-ws`, read and written.
//!
//! <https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md>

use axum::extract::ws::Utf8Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// How long the id of an operation may be.
const LONGEST_ID: usize = 128;

/// What a client sends.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Message {
    /// It begins, and may say who it is.
    ConnectionInit(Map<String, Value>),
    /// It wants to know whether we are there.
    Ping(Option<Value>),
    /// It is there.
    Pong,
    /// It asks for an operation under an id.
    Subscribe(String, Value),
    /// It is done with an operation.
    Complete(String),
}

#[derive(Deserialize)]
struct Read {
    #[serde(rename = "type")]
    kind: String,
    id: Option<Value>,
    payload: Option<Value>,
}

impl Message {
    /// Reads a message.
    ///
    /// # Errors
    /// What is wrong with it, for the reason of a close frame.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let Read { kind, id, payload } =
            serde_json::from_str(text).map_err(|_| "Invalid message: it is no JSON object with a `type`")?;
        let payload = payload.filter(|payload| !payload.is_null());
        let map = |payload: Option<Value>| match payload {
            None => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map),
            Some(_) => Err("Invalid message: its `payload` is no object"),
        };
        match kind.as_str() {
            "connection_init" => Ok(Self::ConnectionInit(map(payload)?)),
            "ping" => map(payload.clone()).map(|_| Self::Ping(payload)),
            "pong" => map(payload).map(|_| Self::Pong),
            "subscribe" => {
                let payload = payload.ok_or("Invalid message: `subscribe` has no `payload`")?;
                Ok(Self::Subscribe(named(id)?, Value::Object(map(Some(payload))?)))
            }
            "complete" => Ok(Self::Complete(named(id)?)),
            _ => Err("Invalid message: its `type` is none that a client sends"),
        }
    }
}

fn named(id: Option<Value>) -> Result<String, &'static str> {
    match id {
        Some(Value::String(id)) if (1..=LONGEST_ID).contains(&id.len()) => Ok(id),
        _ => Err("Invalid message: its `id` is no text of 1 to 128 bytes"),
    }
}

/// `connection_ack`; its payload tells where events stand now.
pub(super) fn ack(cursor: &str) -> Utf8Bytes {
    json!({ "type": "connection_ack", "payload": { "cursor": cursor } }).to_string().into()
}

/// `pong`, with what came with the ping.
pub(super) fn pong(payload: Option<Value>) -> Utf8Bytes {
    match payload {
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string().into(),
        None => Utf8Bytes::from_static(r#"{"type":"pong"}"#),
    }
}

/// `next`, with a response.
pub(super) fn next(id: &str, body: &[u8]) -> Utf8Bytes {
    carrying("next", id, body)
}

/// `error`, with a list of what is wrong.
pub(super) fn error(id: &str, errors: &[u8]) -> Utf8Bytes {
    carrying("error", id, errors)
}

/// `complete`.
pub(super) fn complete(id: &str) -> Utf8Bytes {
    json!({ "id": id, "type": "complete" }).to_string().into()
}

/// The payload is JSON already: it is put in as it is.
fn carrying(kind: &str, id: &str, payload: &[u8]) -> Utf8Bytes {
    let (id, payload) = (Value::from(id), String::from_utf8_lossy(payload));
    format!(r#"{{"id":{id},"type":"{kind}","payload":{payload}}}"#).into()
}
