//! A running server for the tools that measure, and connections to it that stay open.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

const SOON: Duration = Duration::from_secs(60);

/// A running server, which ends with this.
#[derive(Debug)]
pub struct Running {
    child: Child,
    /// Where it listens.
    pub address: String,
    told: Arc<Mutex<String>>,
}

impl Running {
    /// Starts the binary at this path with these settings beside those of the environment.
    ///
    /// # Panics
    /// Where it does not start.
    #[must_use]
    pub fn start(alliance: &str, settings: &[(&str, &str)]) -> Self {
        let mut command = Command::new(alliance);
        command.args(["--listen", "127.0.0.1:0"]).env("ALLIANCE_LOG", "error").envs(settings.iter().copied());
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it has an output")).lines().map_while(Result::ok);
        let said = lines.find_map(|line| line.split_once("http://").map(|(_, rest)| rest.to_owned()));
        let address = said.and_then(|said| said.split('/').next().map(str::to_owned)).expect("it says its address");
        let told = Arc::new(Mutex::new(String::new()));
        let telling = Arc::clone(&told);
        std::thread::spawn(move || {
            lines.for_each(|line| telling.lock().unwrap_or_else(PoisonError::into_inner).extend([&line, "\n"]));
        });
        Self { child, address, told }
    }

    /// How many kilobytes of memory it takes, as the system counts them.
    ///
    /// # Panics
    /// Where it does not run.
    #[must_use]
    pub fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let kilobytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
        kilobytes.and_then(|number| number.parse().ok()).expect("its memory is told")
    }

    /// The address and the password of each account of the demo, which are told once.
    ///
    /// # Panics
    /// Where they are not told.
    #[must_use]
    pub fn demo_passwords(&self) -> Vec<(String, String)> {
        let began = Instant::now();
        loop {
            if let Some(found) = demo_passwords(&self.told.lock().unwrap_or_else(PoisonError::into_inner)) {
                return found;
            }
            assert!(began.elapsed() < SOON, "the demo's passwords are not told");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The addresses and passwords among what a server told, once all are there.
#[must_use]
pub fn demo_passwords(told: &str) -> Option<Vec<(String, String)>> {
    let lines = told.lines().filter(|line| line.contains("@demo.example")).map(|line| line.split_whitespace());
    let found = lines.filter_map(|mut words| Some((words.nth(1)?.to_owned(), words.next()?.to_owned()))).collect::<Vec<_>>();
    (found.len() == 6).then_some(found)
}

/// The body of a request.
#[must_use]
pub fn body(query: &str, variables: &Value) -> String {
    json!({ "query": query, "variables": variables }).to_string()
}

/// A mutation of one field with its input, as the body of a request.
#[must_use]
pub fn mutation(field: &str, input: &Value, selection: &str) -> String {
    body(&changing(field, selection), &json!({ "input": input }))
}

/// A mutation of one field that takes an input, with what is asked of its payload.
#[must_use]
pub fn changing(field: &str, selection: &str) -> String {
    let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
    format!("mutation($input: {kind}!) {{ {field}(input: $input) {{ {selection} userErrors {{ field code message }} }} }}")
}

/// How a request was answered.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// Whether it says when to come again.
    pub says_when: bool,
    /// The whole body.
    pub body: String,
}

/// A connection that stays open.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    /// A new one.
    ///
    /// # Panics
    /// Where nobody listens.
    #[must_use]
    pub fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).expect("it listens");
        stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(SOON))).expect("sockets have settings");
        Self { stream: BufReader::new(stream) }
    }

    /// Asks, as whoever has the token; as nobody without one.
    ///
    /// # Panics
    /// Where the answer does not come.
    pub fn ask(&mut self, token: &str, body: &str) -> Answered {
        self.try_ask(token, body).expect("it answers")
    }

    /// The same of a server that may go away meanwhile.
    ///
    /// # Errors
    /// Where the answer does not come, or not whole.
    pub fn try_ask(&mut self, token: &str, body: &str) -> io::Result<Answered> {
        let shown = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let length = body.len();
        let head =
            format!("POST /graphql HTTP/1.1\r\nHost: x\r\n{shown}Content-Type: application/json\r\nContent-Length: {length}");
        self.stream.get_mut().write_all(format!("{head}\r\n\r\n{body}").as_bytes())?;
        let (mut status, mut length, mut says_when) = (None, 0, false);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            match line.split_once(": ") {
                _ if line.is_empty() => break,
                Some(("content-length", value)) => length = value.parse().map_err(io::Error::other)?,
                Some(("retry-after", _)) => says_when = true,
                None => status = line.split(' ').nth(1).and_then(|status| status.parse().ok()),
                Some(_) => {}
            }
        }
        let status = status.ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answered { status, says_when, body: String::from_utf8_lossy(&body).into_owned() })
    }

    /// Makes a change that must succeed, and returns its payload.
    ///
    /// # Panics
    /// Where it does not.
    pub fn change(&mut self, token: &str, field: &str, input: &Value, selection: &str) -> Value {
        let answered = self.ask(token, &mutation(field, input, selection));
        let mut answer: Value = serde_json::from_str(&answered.body).unwrap_or_default();
        let payload = answer["data"][field].take();
        assert!(payload["userErrors"] == json!([]), "{field}: {answered:?}");
        payload
    }
}
