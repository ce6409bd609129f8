//! A mail server that keeps what it gets: it speaks as much SMTP as there is in an exchange, and refuses or hangs when told to.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A step of an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The server's first word.
    Greeting,
    /// `EHLO`.
    Hello,
    /// `AUTH`.
    Auth,
    /// `MAIL FROM`.
    From,
    /// `RCPT TO`.
    To,
    /// `DATA`.
    Data,
    /// The end of a mail.
    End,
}

/// How the server behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mood {
    /// It takes every mail.
    Well,
    /// It answers so at a step.
    Says(Step, &'static str),
    /// It says nothing from a step on.
    Hangs(Step),
    /// It closes the connection at a step.
    Leaves(Step),
}

/// A mail that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Who sent it, as the envelope says.
    pub from: String,
    /// Whom it is for, as the envelope says.
    pub to: Vec<String>,
    /// Everything between `DATA` and the dot, with the dots of the exchange taken out; lines end with a line feed.
    pub source: String,
}

impl Received {
    /// The first header with this name, unfolded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let head = self.source.split("\n\n").next()?.replace("\n ", " ");
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned))
    }

    /// The text of the mail, decoded.
    #[must_use]
    pub fn text(&self) -> String {
        let part = self.source.split("\n--").find(|part| part.contains("Content-Type: text/plain")).unwrap_or_default();
        let (head, text) = part.split_once("\n\n").unwrap_or_default();
        if head.contains("quoted-printable") { decoded(text) } else { text.to_owned() }
    }

    /// The first link of the text.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        self.text().lines().find(|line| line.starts_with("http")).map(|line| line.trim().to_owned())
    }
}

/// Quoted-printable, read.
fn decoded(text: &str) -> String {
    let text = text.replace("=\n", "");
    let mut parts = text.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).expect("this is quoted-printable"));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("it is UTF-8")
}

#[derive(Debug)]
struct State {
    mood: Mood,
    received: Vec<Received>,
    connections: usize,
    commands: Vec<String>,
    forgets: bool,
}

/// The server; it ends with this.
#[derive(Debug)]
pub struct Sink {
    port: u16,
    state: Arc<Mutex<State>>,
    listening: JoinHandle<()>,
}

impl Sink {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let port = listener.local_addr().expect("it listens").port();
        let state = State { mood: Mood::Well, received: Vec::new(), connections: 0, commands: Vec::new(), forgets: false };
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                lock(&shared).connections += 1;
                let shared = Arc::clone(&shared);
                tokio::spawn(async move { converse(stream, &shared).await });
            }
        });
        Self { port, state, listening }
    }

    /// Its address, as `ALLIANCE_SMTP_URL` takes it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Its address with a user and a password.
    #[must_use]
    pub fn url_of(&self, user: &str, password: &str) -> String {
        format!("smtp://{user}:{password}@127.0.0.1:{}", self.port)
    }

    /// How it behaves from now on.
    pub fn set(&self, mood: Mood) {
        lock(&self.state).mood = mood;
    }

    /// The mails that it took.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        lock(&self.state).received.clone()
    }

    /// Whom the mails that it took are for.
    #[must_use]
    pub fn recipients(&self) -> Vec<String> {
        lock(&self.state).received.iter().flat_map(|mail| mail.to.clone()).collect()
    }

    /// How many mails it took.
    #[must_use]
    pub fn taken(&self) -> usize {
        lock(&self.state).received.len()
    }

    /// Keeps no more than whom a mail is for, from now on: many mails are much to keep.
    pub fn forget_texts(&self) {
        lock(&self.state).forgets = true;
    }

    /// How many connections it had.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    /// The commands that came.
    #[must_use]
    pub fn commands(&self) -> Vec<String> {
        lock(&self.state).commands.clone()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers at a step, as the mood is; nothing where the connection is over.
async fn answer(out: &mut OwnedWriteHalf, state: &Mutex<State>, step: Step, usual: &str) -> Option<bool> {
    let mood = lock(state).mood.clone();
    let says = match mood {
        Mood::Hangs(at) if at == step => std::future::pending().await,
        Mood::Leaves(at) if at == step => return None,
        Mood::Says(at, says) if at == step => says,
        _ => usual,
    };
    out.write_all(format!("{says}\r\n").as_bytes()).await.ok()?;
    Some(says.starts_with(['2', '3']))
}

async fn converse(stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let (input, mut out) = stream.into_split();
    let mut lines = BufReader::new(input).lines();
    answer(&mut out, state, Step::Greeting, "220 sink.example ESMTP").await?;
    let (mut from, mut to) = (String::new(), Vec::new());
    while let Ok(Some(line)) = lines.next_line().await {
        if !lock(state).forgets {
            lock(state).commands.push(line.clone());
        }
        let command = line.to_ascii_uppercase();
        if command.starts_with("EHLO") {
            let hello = "250-sink.example\r\n250-SIZE 1048576\r\n250 AUTH PLAIN LOGIN";
            answer(&mut out, state, Step::Hello, hello).await?;
        } else if command.starts_with("AUTH") {
            answer(&mut out, state, Step::Auth, "235 welcome").await?;
        } else if command.starts_with("MAIL FROM:") {
            answer(&mut out, state, Step::From, "250 ok").await?;
            from = between(&line);
        } else if command.starts_with("RCPT TO:") {
            answer(&mut out, state, Step::To, "250 ok").await?;
            to.push(between(&line));
        } else if command == "DATA" {
            if !answer(&mut out, state, Step::Data, "354 go ahead").await? {
                continue;
            }
            let mut source = String::new();
            while let Some(line) = lines.next_line().await.ok()?.filter(|line| line != ".") {
                source.push_str(line.strip_prefix('.').unwrap_or(&line));
                source.push('\n');
            }
            if answer(&mut out, state, Step::End, "250 taken").await? {
                let source = if lock(state).forgets { String::new() } else { source };
                let mail = Received { from: std::mem::take(&mut from), to: std::mem::take(&mut to), source };
                lock(state).received.push(mail);
            }
        } else if command == "QUIT" {
            out.write_all(b"221 goodbye\r\n").await.ok()?;
            return Some(());
        } else {
            (from, to) = (String::new(), Vec::new());
            out.write_all(b"250 ok\r\n").await.ok()?;
        }
    }
    Some(())
}

/// The address between the angle brackets.
fn between(line: &str) -> String {
    line.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or_else(String::new, |(address, _)| address.to_owned())
}
