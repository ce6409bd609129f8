//! What a running Alliance answers while its database is stopped, frozen or cut off, and how soon it is well again.
//! `load-faults ALLIANCE SERVER DATABASE SECONDS [NAME BREAK MEND]...`, the last two as commands of a shell; see `tests/load/faults`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alliance_tests::proxy::Proxy;
use alliance_tests::running::Running;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

const CLIENTS: usize = 32;
const QUERIES: [&str; 3] = [
    include_str!("queries/q1.graphql"),
    include_str!("queries/q2.graphql"),
    "{ alliance(slug: \"nottingham-citizens\") { name institutions(first: 10) { nodes { name } } } }",
];
const BEFORE: Duration = Duration::from_secs(3);
const AFTER: Duration = Duration::from_secs(10);
const ANSWERED_WITHIN: Duration = Duration::from_millis(3500);
const HEALTHY_WITHIN: Duration = Duration::from_secs(5);

/// One request, and how it was answered: by status, 0 where it was not.
struct Seen {
    began: Instant,
    took: Duration,
    status: u16,
}

/// What is done to the database, and undone.
enum Fault {
    Commands(String, String),
    Cut(Arc<Proxy>),
}

impl Fault {
    async fn begin(&self) {
        match self {
            Self::Commands(begin, _) => shell(begin).await,
            Self::Cut(network) => network.cut(),
        }
    }

    async fn end(&self) {
        match self {
            Self::Commands(_, end) => shell(end).await,
            Self::Cut(network) => network.mend(),
        }
    }
}

async fn shell(command: &str) {
    let mut told = Command::new("/bin/sh");
    told.args(["-c", command]).stdin(Stdio::null()).stdout(Stdio::null());
    let done = tokio::task::spawn_blocking(move || told.status()).await.expect("it ends").expect("there is a shell");
    assert!(done.success(), "{command}: {done}");
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alliance, server, database, seconds, faults @ ..] = arguments.as_slice() else {
        eprintln!("load-faults ALLIANCE SERVER DATABASE SECONDS [NAME BREAK MEND]...");
        std::process::exit(2);
    };
    let lasting = Duration::from_secs(seconds.parse().expect("a number of seconds"));
    let network = Arc::new(Proxy::before(server).await);
    let url = format!("postgres://postgres@{}/{database}", network.address);
    let alliance = Running::start(alliance, &[("DATABASE_URL", &url), ("ALLIANCE_DEMO", "true")]);
    println!("| database | requests | slowest ms | before | while it lasts | after | well again after ms | ill last after ms |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    let mut holds = true;
    for fault in faults.chunks_exact(3) {
        holds &= examine(&fault[0], &Fault::Commands(fault[1].clone(), fault[2].clone()), lasting, &alliance.address).await;
    }
    holds &= examine("cut off", &Fault::Cut(Arc::clone(&network)), lasting, &alliance.address).await;
    drop(alliance);
    if !holds {
        eprintln!("not every request was answered in time, or it was not well again in time");
        std::process::exit(1);
    }
}

/// Does this to the database under load, tells what was seen, and says whether all of it was as it should be.
async fn examine(name: &str, fault: &Fault, lasting: Duration, address: &str) -> bool {
    let ends = Instant::now() + BEFORE + lasting + AFTER + Duration::from_secs(5);
    let load: JoinSet<Vec<Seen>> = (0..CLIENTS).map(|number| client(address.to_owned(), number, ends)).collect();
    sleep(BEFORE).await;
    let broken = Instant::now();
    fault.begin().await;
    sleep(lasting.saturating_sub(broken.elapsed())).await;
    fault.end().await;
    let mended = Instant::now();
    let all: Vec<Seen> = load.join_all().await.into_iter().flatten().collect();

    let slowest = all.iter().map(|seen| seen.took).max().unwrap_or_default();
    let ended = |seen: &Seen| seen.began + seen.took;
    let well = all.iter().filter(|seen| seen.began >= mended && seen.status == 200).map(ended).min();
    let ill = all.iter().filter(|seen| ended(seen) >= mended && seen.status != 200).map(ended).max();
    let since = |time: Option<Instant>| time.map_or(Duration::ZERO, |time| time - mended);
    println!(
        "| {name} | {} | {} | {} | {} | {} | {} | {} |",
        all.len(),
        slowest.as_millis(),
        statuses(all.iter().filter(|seen| seen.began < broken)),
        statuses(all.iter().filter(|seen| seen.began >= broken && seen.began < mended)),
        statuses(all.iter().filter(|seen| seen.began >= mended)),
        well.map_or("never".to_owned(), |_| since(well).as_millis().to_string()),
        since(ill).as_millis(),
    );
    let known = all.iter().all(|seen| matches!(seen.status, 200 | PARTIAL | 503));
    slowest <= ANSWERED_WITHIN && known && well.is_some() && since(ill.max(well)) <= HEALTHY_WITHIN
}

fn statuses<'a>(all: impl Iterator<Item = &'a Seen>) -> String {
    let mut counts = BTreeMap::<u16, u64>::new();
    all.for_each(|seen| *counts.entry(seen.status).or_default() += 1);
    counts.iter().map(|(status, count)| format!("{count} x {status}")).collect::<Vec<_>>().join(", ")
}

async fn client(address: String, number: usize, ends: Instant) -> Vec<Seen> {
    let body = json!({ "query": QUERIES[number % QUERIES.len()] }).to_string();
    let request = format!(
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut all = Vec::new();
    while Instant::now() < ends {
        let began = Instant::now();
        let status = timeout(Duration::from_secs(60), exchange(&address, &request)).await.ok().flatten().unwrap_or_default();
        all.push(Seen { began, took: began.elapsed(), status });
        if status != 200 {
            sleep(Duration::from_millis(20)).await;
        }
    }
    all
}

/// What is told of an answer with status 200 that says which part of it was lost: the database went away in its midst.
const PARTIAL: u16 = 206;

/// The status of the whole answer; none where the connection failed, or the answer has other errors beside a status of success.
async fn exchange(address: &str, request: &str) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    match (status, answer.contains("\"errors\":"), answer.contains("\"code\":\"UNAVAILABLE\"")) {
        (200, true, true) => Some(PARTIAL),
        (200, true, false) => None,
        _ => Some(status),
    }
}
