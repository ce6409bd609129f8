//! How soon thousands of sockets hear of an event, and what readers notice of others who never read.
//! `load-sockets ALLIANCE SOCKETS READERS SECONDS`, the server's settings in the environment; see `tests/load/sockets`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::io::{Read, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alliance_tests::readers::percentile;
use alliance_tests::running::{Connection, Running, body};
use futures_util::stream::FuturesUnordered;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::{JoinSet, block_in_place};
use tokio::time::{sleep, timeout};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

const EVENTS: usize = 5;
const PAUSE: Duration = Duration::from_millis(100);
const PATIENCE: Duration = Duration::from_secs(60);
const AT_ONCE: usize = 64;
const METRICS: &str = "127.0.0.1:19464";
const OFTEN: &str = "1000000";
const SETTINGS: [(&str, &str); 6] = [
    ("ALLIANCE_DEMO", "true"),
    ("ALLIANCE_RATE_MUTATIONS", OFTEN),
    ("ALLIANCE_SOCKETS_OF_ADDRESS", OFTEN),
    ("ALLIANCE_SOCKETS", OFTEN),
    ("ALLIANCE_FOLLOWED_OF_ADDRESS", OFTEN),
    ("ALLIANCE_METRICS_LISTEN", METRICS),
];
const PUBLISHED: &str = "subscription { postPublished { post { title body { html } } } }";

type Socket = WebSocketStream<TcpStream>;
/// When somebody heard of which post.
type Heard = (usize, Instant);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alliance, sockets, readers, seconds] = arguments.as_slice() else {
        eprintln!("load-sockets ALLIANCE SOCKETS READERS SECONDS");
        std::process::exit(2);
    };
    let number = |text: &String| text.parse::<usize>().expect("a number");
    let server = Running::start(alliance, &SETTINGS);
    let mut desk = Desk::open(&server);
    crowd(&server, &mut desk, number(sockets)).await;
    silent(&server, &mut desk, number(readers), Duration::from_secs(number(seconds) as u64)).await;
}

/// An editor, who publishes.
struct Desk {
    connection: Connection,
    token: String,
    here: Value,
    posts: usize,
}

impl Desk {
    fn open(server: &Running) -> Self {
        let mut connection = Connection::open(&server.address);
        let (email, password) = server.demo_passwords().into_iter().find(|(email, _)| email.starts_with("editor")).expect("one");
        let signed = connection.change("", "signIn", &json!({ "email": email, "password": password }), "accessToken");
        let answer = connection.ask("", &body("{ alliance(slug: \"nottingham-citizens\") { id } }", &Value::Null)).body;
        let mut answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
        let token = signed["accessToken"].as_str().expect("a token").to_owned();
        Self { connection, token, here: answer["data"]["alliance"]["id"].take(), posts: 0 }
    }

    /// Publishes the next post; returns its number, and when that was asked for.
    fn publish(&mut self) -> Heard {
        let number = self.posts;
        self.posts += 1;
        let text = "Children breathe **it** on the way to school.\n\n".repeat(40);
        let input = json!({ "alliance": self.here, "title": number.to_string(), "body": text });
        let post = self.connection.change(&self.token, "postCreate", &input, "post { id version }")["post"].take();
        let began = Instant::now();
        let input = json!({ "id": post["id"], "version": post["version"] });
        self.connection.change(&self.token, "postPublish", &input, "post { id }");
        (number, began)
    }
}

/// Opens a socket that follows.
async fn open(address: &str) -> Socket {
    let stream = TcpStream::connect(address).await.expect("it listens");
    let mut request = format!("ws://{address}/graphql").into_client_request().expect("an address");
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let config = WebSocketConfig::default().read_buffer_size(4_096).write_buffer_size(0).max_write_buffer_size(65_536);
    let (mut socket, _) = client_async_with_config(request, stream, Some(config)).await.expect("it is opened");
    let messages =
        [json!({ "type": "connection_init" }), json!({ "id": "1", "type": "subscribe", "payload": { "query": PUBLISHED } })];
    for message in messages {
        socket.send(Message::text(message.to_string())).await.expect("it is open");
    }
    socket
}

async fn open_many(address: &str, many: usize) -> Vec<Socket> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let opening: FuturesUnordered<_> = (0..many)
        .map(|_| async {
            let _place = places.acquire().await;
            let mut socket = open(address).await;
            // It has begun once it is acknowledged.
            timeout(PATIENCE, socket.next()).await.expect("it begins").expect("it is open").expect("it is whole");
            socket
        })
        .collect();
    opening.collect().await
}

/// Lets sockets tell what they hear.
fn listen(sockets: Vec<Socket>, heard: &mpsc::UnboundedSender<Heard>) -> JoinSet<()> {
    let mut listening = JoinSet::new();
    for mut socket in sockets {
        let heard = heard.clone();
        listening.spawn(async move {
            while let Some(Ok(message)) = socket.next().await {
                let at = Instant::now();
                let Message::Text(text) = message else { continue };
                let number = text.split("\"title\":\"").nth(1).and_then(|rest| rest.split('"').next()?.parse().ok());
                if let Some(number) = number {
                    heard.send((number, at)).expect("somebody counts");
                }
            }
        });
    }
    listening
}

/// Publishes, and returns how long it took until each of them had heard, in order.
async fn times(desk: &mut Desk, heard: &mut mpsc::UnboundedReceiver<Heard>, listeners: usize) -> Vec<Duration> {
    let (number, began) = block_in_place(|| desk.publish());
    let mut times = Vec::with_capacity(listeners);
    while times.len() < listeners {
        let (told, at) = timeout(PATIENCE, heard.recv()).await.expect("all hear of it").expect("somebody listens");
        assert_eq!(told, number, "in order");
        times.push(at - began);
    }
    times.sort_unstable();
    times
}

async fn crowd(server: &Running, desk: &mut Desk, many: usize) {
    let before = server.memory();
    let sockets = open_many(&server.address, many).await;
    sleep(Duration::from_secs(2)).await;
    let opened = server.memory();
    let (sender, mut heard) = mpsc::unbounded_channel();
    let listening = listen(sockets, &sender);
    println!("## {many} sockets on one node\n\n| event | median ms | p99 ms | slowest ms |\n| --- | --- | --- | --- |");
    for event in 1..=EVENTS {
        let times = times(desk, &mut heard, many).await;
        let [median, most, slowest] = [50, 99, 100].map(|hundredth| percentile(&times, hundredth));
        println!("| {event} | {median:.0} | {most:.0} | {slowest:.0} |");
    }
    let number = |number: u64| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let each = |memory: u64| number(memory.saturating_sub(before)) / number(many as u64);
    let after = server.memory();
    println!(
        "\nmemory {before} kB before, {opened} kB with all open ({:.1} kB each), {after} kB after the events ({:.1} kB each)",
        each(opened),
        each(after)
    );
    drop(listening);
}

/// Publishes for so long; returns how long it took until they had heard, in order.
async fn going_on(
    desk: &mut Desk,
    heard: &mut mpsc::UnboundedReceiver<Heard>,
    readers: usize,
    lasting: Duration,
) -> Vec<Duration> {
    let (began, mut all) = (Instant::now(), Vec::new());
    while began.elapsed() < lasting {
        all.extend(times(desk, heard, readers).await);
        sleep(PAUSE).await;
    }
    all.sort_unstable();
    all
}

async fn silent(server: &Running, desk: &mut Desk, readers: usize, lasting: Duration) {
    while open_now() > 0 {
        sleep(PAUSE).await;
    }
    let (sender, mut heard) = mpsc::unbounded_channel();
    let _listening = listen(open_many(&server.address, readers).await, &sender);
    let usual = going_on(desk, &mut heard, readers, lasting).await;
    let before = server.memory();
    let silent = open_many(&server.address, readers).await;
    let began = Instant::now();
    let gone = tokio::task::spawn_blocking(move || {
        while open_now() > readers {
            assert!(began.elapsed() < PATIENCE, "those who never read are still there");
            std::thread::sleep(PAUSE);
        }
        began.elapsed()
    });
    let meanwhile = going_on(desk, &mut heard, readers, lasting).await;
    let (gone, after) = (gone.await.expect("they are counted"), server.memory());
    drop(silent);
    println!(
        "\n## {readers} who read, beside as many who never do\n\n| | times | median ms | p99 ms |\n| --- | --- | --- | --- |"
    );
    for (name, times) in [("usually", &usual), ("meanwhile", &meanwhile)] {
        println!("| {name} | {} | {:.1} | {:.1} |", times.len(), percentile(times, 50), percentile(times, 99));
    }
    println!(
        "\nreaders' p99 is {:.2} times the usual; the last of the others was let go after {:.1} s; memory {before} kB before, {after} kB after",
        percentile(&meanwhile, 99) / percentile(&usual, 99),
        gone.as_secs_f64()
    );
}

/// How many sockets are open, as the server counts them.
fn open_now() -> usize {
    let mut stream = std::net::TcpStream::connect(METRICS).expect("it tells what it measures");
    stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("it reads");
    let mut text = String::new();
    stream.read_to_string(&mut text).expect("it is text");
    let line = text.lines().find_map(|line| line.strip_prefix("alliance_live_sockets_open ")).unwrap_or("0");
    line.trim().parse().expect("a number")
}
