//! How long a small question takes while 200 sign in at once, beside how long it takes else.
//! `load-crowd ALLIANCE SECONDS`, the server's settings in the environment; see `tests/load/crowd`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::sync::atomic::Ordering;
use std::time::Duration;

use alliance_tests::readers::{percentile, read};
use alliance_tests::running::{Answered, Connection, Running, mutation};
use serde_json::json;

const CROWD: usize = 200;
const QUESTION: &str = "{ __typename }";
const TURNS: u32 = 4;
const RATIO: f64 = 2.0;
const OFTEN: &str = "1000000";
const SETTINGS: [(&str, &str); 4] = [
    ("ALLIANCE_DEMO", "true"),
    ("ALLIANCE_RATE_SIGN_IN_ADDRESS", OFTEN),
    ("ALLIANCE_RATE_SIGN_IN_ACCOUNT", OFTEN),
    ("ALLIANCE_RATE_MUTATIONS", OFTEN),
];

/// How many who signed in were answered: with tokens, with when to come again, and otherwise.
#[derive(Debug, Default)]
struct Signed {
    tokens: usize,
    later: usize,
    other: usize,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alliance, seconds] = arguments.as_slice() else {
        eprintln!("load-crowd ALLIANCE SECONDS");
        std::process::exit(2);
    };
    let turn = Duration::from_secs(seconds.parse().expect("a number of seconds")) / TURNS;
    let server = Running::start(alliance, &SETTINGS);
    let (email, password) = server.demo_passwords().swap_remove(0);
    let sign_in = mutation("signIn", &json!({ "email": email, "password": password }), "accessToken refreshToken");
    let mut crowd: Vec<Connection> = (0..CROWD).map(|_| Connection::open(&server.address)).collect();
    // What is slow the first time.
    come(&mut crowd, &sign_in, &mut Signed::default());
    drop(read(&server.address, QUESTION, Duration::from_secs(1), |_| ()));

    let (mut usual, mut crowded, mut signed) = (Vec::new(), Vec::new(), Signed::default());
    for _ in 0..TURNS {
        usual.extend(read(&server.address, QUESTION, turn, |_| ()));
        crowded.extend(read(&server.address, QUESTION, turn, |ended| {
            while !ended.load(Ordering::Relaxed) {
                come(&mut crowd, &sign_in, &mut signed);
            }
        }));
    }
    println!("| `{{ __typename }}` | questions | median ms | p99 ms | slowest ms |\n| --- | --- | --- | --- | --- |");
    let [usual, crowded] = [("usual", usual), ("while 200 sign in at once", crowded)].map(|(name, times)| tell(name, times));
    let ratio = crowded / usual;
    println!(
        "\np99 {ratio:.2} times the usual; of those who signed in {} got tokens, {} are to come again, {} were answered otherwise",
        signed.tokens, signed.later, signed.other
    );
    // Leaving runs no destructors.
    drop(server);
    std::process::exit(i32::from(ratio > RATIO || signed.other > 0 || signed.tokens == 0));
}

/// All of the crowd sign in at once, and wait for their answers.
fn come(crowd: &mut [Connection], sign_in: &str, signed: &mut Signed) {
    let answers: Vec<Answered> = std::thread::scope(|scope| {
        let all: Vec<_> = crowd.iter_mut().map(|one| scope.spawn(|| one.ask("", sign_in))).collect();
        all.into_iter().map(|one| one.join().expect("it is answered")).collect()
    });
    for answer in answers {
        match answer.status {
            200 if answer.body.contains("\"refreshToken\":\"alr_") => signed.tokens += 1,
            429 if answer.says_when => signed.later += 1,
            _ => signed.other += 1,
        }
    }
}

/// Tells how long they took, and returns the 99th percentile in milliseconds.
fn tell(name: &str, mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let [median, most, slowest] = [50, 99, 100].map(|hundredth| percentile(&times, hundredth));
    println!("| {name} | {} | {median:.2} | {most:.2} | {slowest:.2} |", times.len());
    most
}
