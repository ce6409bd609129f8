//! Sites that webhooks are sent to: each takes messages, or fails in a way of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// What a site does with whatever it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// It answers with this status, and these headers besides.
    Answers(u16, &'static str),
    /// It never answers.
    Hangs,
    /// It answers a letter at a time, for ever, and never comes to the end of its headers.
    Trickles,
    /// It takes the message, and goes on answering for ever.
    Floods,
    /// It ends the connection in the midst of its headers.
    BreaksOff,
}

/// A message that came.
#[derive(Debug, Clone)]
pub struct Received {
    /// Its headers, by their names in lower case.
    pub headers: HashMap<String, String>,
    /// Its body as it came.
    pub body: Vec<u8>,
    /// When.
    pub at: Instant,
}

impl Received {
    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Its id, the same each time.
    #[must_use]
    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    /// What it says.
    #[must_use]
    pub fn said(&self) -> Value {
        serde_json::from_slice(&self.body).expect("a message is JSON")
    }
}

/// A site, which is gone with this.
#[derive(Debug)]
pub struct Receiver {
    /// Where messages are posted to.
    pub url: String,
    manner: Arc<Mutex<Manner>>,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// A site that takes messages.
    pub async fn start() -> Self {
        Self::of(Manner::Answers(200, "")).await
    }

    /// A site of this manner.
    pub async fn of(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}/hooks", listener.local_addr().expect("it has an address"));
        let (manner, received) = (Arc::new(Mutex::new(manner)), Arc::new(Mutex::new(Vec::new())));
        let (own, kept) = (Arc::clone(&manner), Arc::clone(&received));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(attend(stream, Arc::clone(&own), Arc::clone(&kept)));
            }
        });
        Self { url, manner, received, task }
    }

    /// Lets it be another from now on.
    pub fn becomes(&self, manner: Manner) {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// What has come since this was asked last.
    #[must_use]
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut *self.received.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many messages have come.
    #[must_use]
    pub fn count(&self) -> usize {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn attend(mut stream: TcpStream, manner: Arc<Mutex<Manner>>, kept: Arc<Mutex<Vec<Received>>>) {
    while let Some(received) = message(&mut stream).await {
        kept.lock().unwrap_or_else(PoisonError::into_inner).push(received);
        let manner = *manner.lock().unwrap_or_else(PoisonError::into_inner);
        if answer(&mut stream, manner).await.is_none() {
            return;
        }
    }
}

async fn message(stream: &mut TcpStream) -> Option<Received> {
    let (mut bytes, mut piece) = (Vec::new(), vec![0; 16_384]);
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let pairs = head.lines().skip(1).filter_map(|line| line.split_once(':'));
            let headers: HashMap<_, _> = pairs.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
            let length: usize = headers.get("content-length")?.parse().ok()?;
            if bytes.len() >= end + 4 + length {
                return Some(Received { headers, body: bytes[end + 4..end + 4 + length].to_vec(), at: Instant::now() });
            }
        }
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&piece[..read]),
        }
    }
}

/// Nothing where the connection has ended.
async fn answer(stream: &mut TcpStream, manner: Manner) -> Option<()> {
    match manner {
        Manner::Answers(status, headers) => {
            let body = if status == 204 { "" } else { "Thank you." };
            let answer = format!("HTTP/1.1 {status} Told\r\n{headers}content-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.ok()
        }
        Manner::Hangs => std::future::pending().await,
        Manner::Trickles => {
            stream.write_all(b"HTTP/1.1 200 Told\r\nx-slow: ").await.ok()?;
            loop {
                stream.write_all(b"a").await.ok()?;
                sleep(Duration::from_millis(100)).await;
            }
        }
        Manner::Floods => {
            stream.write_all(b"HTTP/1.1 200 Told\r\ncontent-length: 1073741824\r\n\r\n").await.ok()?;
            let piece = vec![b'x'; 65_536];
            loop {
                stream.write_all(&piece).await.ok()?;
            }
        }
        Manner::BreaksOff => {
            stream.write_all(b"HTTP/1.1 200 Told\r\ncontent-le").await.ok()?;
            None
        }
    }
}
