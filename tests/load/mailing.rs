//! Tells many subscribers of a post, kills the node in the midst of it, and measures readers meanwhile.
//! `load-mailing ALLIANCE DATABASE_URL SUBSCRIBERS SECONDS PER_SECOND`, the server's keys in the environment; see `tests/load/mailing`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::time::Duration;

use alliance_tests::mailing::{Place, survive};
use alliance_tests::readers::{percentile, read};
use tokio::task::block_in_place;

const LIST: &str = include_str!("queries/q1.graphql");

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alliance, url, subscribers, seconds, per_second] = arguments.as_slice() else {
        eprintln!("load-mailing ALLIANCE DATABASE_URL SUBSCRIBERS SECONDS PER_SECOND");
        std::process::exit(2);
    };
    let subscribers = subscribers.parse().expect("a number of subscribers");
    let lasting = Duration::from_secs(seconds.parse().expect("a number of seconds"));
    let mut most = Vec::new();
    let place = Place { alliance, settings: &[("ALLIANCE_MAILS_PER_SECOND", per_second)], url };
    let outcome = survive(place, subscribers, !url.starts_with("sqlite"), |address| {
        let mut times = block_in_place(|| read(address, LIST, lasting, |_| ()));
        times.sort_unstable();
        most.push(percentile(&times, 99));
    })
    .await;
    println!("{outcome}");
    if let [usual, meanwhile] = most.as_slice() {
        println!("readers' p99: {usual:.2} ms usually, {meanwhile:.2} ms meanwhile: {:.2} times", meanwhile / usual);
    }
    if !outcome.is_well() {
        eprintln!("somebody was told twice or not at all, or more is uncertain than was in flight");
        std::process::exit(1);
    }
}
