//! How long a save of a long post takes, and what readers notice of it.
//! `load-autosave ALLIANCE SECONDS`, the server's settings in the environment; see `tests/load/autosave`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use alliance_tests::readers::{percentile, read};
use alliance_tests::running::{Connection, Running, body};
use serde_json::{Value, json};

const EDITORS: usize = 4;
const TURNS: u32 = 4;
const SETTINGS: [(&str, &str); 3] =
    [("ALLIANCE_DEMO", "true"), ("ALLIANCE_RATE_MUTATIONS", "1000000"), ("ALLIANCE_RATE_SIGN_IN_ADDRESS", "1000000")];
const LIST: &str = include_str!("queries/q1.graphql");
const SAVE: &str = "mutation($input: PostEditInput!) { postEdit(input: $input) { post { version } userErrors { code } } }";

/// A post that somebody writes on.
struct Desk {
    connection: Connection,
    post: Value,
    version: Value,
    saves: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alliance, seconds] = arguments.as_slice() else {
        eprintln!("load-autosave ALLIANCE SECONDS");
        std::process::exit(2);
    };
    let turn = Duration::from_secs(seconds.parse().expect("a number of seconds")) / TURNS;
    let server = Running::start(alliance, &SETTINGS);
    let mut connection = Connection::open(&server.address);
    let editor = server.demo_passwords().into_iter().find(|(email, _)| email.starts_with("editor")).expect("there is one");
    let token = connection.change("", "signIn", &json!({ "email": editor.0, "password": editor.1 }), "accessToken");
    let token = token["accessToken"].as_str().expect("a token").to_owned();
    let here = connection.ask("", &body("{ alliance(slug: \"nottingham-citizens\") { id } }", &Value::Null)).body;
    let here: Value = serde_json::from_str(&here).expect("an answer is JSON");
    let mut desks: Vec<Desk> = (0..EDITORS).map(|_| begin(&server.address, &token, &here["data"]["alliance"]["id"])).collect();
    let (mut usual, mut meanwhile, mut short, mut long) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        usual.extend(read(&server.address, LIST, turn, |_| ()));
        meanwhile.extend(read(&server.address, LIST, turn, |ended| long.extend(save(&mut desks, &token, ended, true))));
        read(&server.address, LIST, turn / 4, |ended| short.extend(save(&mut desks, &token, ended, false)));
    }
    println!("| | times | a second | median ms | p99 ms | slowest ms |\n| --- | --- | --- | --- | --- | --- |");
    let whole = turn * TURNS;
    tell("a save of 50 KB that says something else", long, whole);
    tell("a save of 50 KB that says the same", short, whole / 4);
    let (usual, meanwhile) =
        (tell("the list of posts, usually", usual, whole), tell("the list of posts, meanwhile", meanwhile, whole));
    println!("\nreaders' p99 is {:.2} times the usual while {EDITORS} save without a pause", meanwhile / usual);
    drop(server);
}

fn begin(address: &str, token: &str, alliance: &Value) -> Desk {
    let mut connection = Connection::open(address);
    let input = json!({ "alliance": alliance, "title": "Long", "body": text(0) });
    let post = connection.change(token, "postCreate", &input, "post { id version }")["post"].take();
    Desk { connection, version: post["version"].clone(), post: post["id"].clone(), saves: 0 }
}

/// Some 50 KB of Markdown.
fn text(save: usize) -> String {
    let paragraph =
        "Children breathe **it** on the way to school, and so do [their teachers](https://example.org/air), says _Ines_.\n\n";
    let table = "| street | value |\n| --- | --- |\n| Sneinton | 41 |\n\n";
    format!("# Save {save}\n\n{}", [paragraph.repeat(10).as_str(), table].concat().repeat(41))
}

/// All save without a pause until it is ended; returns how long each save took.
fn save(desks: &mut [Desk], token: &str, ended: &AtomicBool, says_more: bool) -> Vec<Duration> {
    std::thread::scope(|scope| {
        let writers: Vec<_> = desks
            .iter_mut()
            .map(|desk| {
                scope.spawn(move || {
                    let mut took = Vec::new();
                    while !ended.load(Ordering::Relaxed) {
                        desk.saves += usize::from(says_more);
                        let input = json!({ "id": desk.post, "version": desk.version, "body": text(desk.saves) });
                        let asked = body(SAVE, &json!({ "input": input }));
                        let began = Instant::now();
                        let answered = desk.connection.ask(token, &asked);
                        took.push(began.elapsed());
                        let answer: Value = serde_json::from_str(&answered.body).expect("an answer is JSON");
                        let payload = &answer["data"]["postEdit"];
                        assert!(payload["userErrors"] == json!([]), "{}", answered.body);
                        desk.version = payload["post"]["version"].clone();
                    }
                    took
                })
            })
            .collect();
        writers.into_iter().flat_map(|writer| writer.join().expect("it saves")).collect()
    })
}

/// Tells how long they took, and returns the 99th percentile in milliseconds.
fn tell(name: &str, mut times: Vec<Duration>, whole: Duration) -> f64 {
    times.sort_unstable();
    let rate = f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX)) / whole.as_secs_f64();
    let [median, most, slowest] = [50, 99, 100].map(|hundredth| percentile(&times, hundredth));
    println!("| {name} | {} | {rate:.0} | {median:.2} | {most:.2} | {slowest:.2} |", times.len());
    most
}
