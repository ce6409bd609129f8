//! Sends many messages to some sites, and measures how fast and with how much memory.
//! `load-webhooks ALLIANCE DATABASE_URL MESSAGES SITES`, the server's keys in the environment; see `tests/load/webhooks`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use alliance_tests::hooking::{Place, deliver};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [alliance, url, messages, sites] = arguments.as_slice() else {
        eprintln!("load-webhooks ALLIANCE DATABASE_URL MESSAGES SITES");
        std::process::exit(2);
    };
    let (messages, sites) = (messages.parse().expect("a number of messages"), sites.parse().expect("a number of sites"));
    let outcome = deliver(Place { alliance, settings: &[], url }, messages, sites).await;
    println!("{outcome}");
    if !outcome.is_well() {
        eprintln!("something has not arrived, or under another's id");
        std::process::exit(1);
    }
}
