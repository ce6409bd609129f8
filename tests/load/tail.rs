//! Measures the event tail on PostgreSQL: `tests/load/tail [EVENTS] [WRITERS] [NODES]`. Prints what each node was told.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a command")]

use std::time::Duration;

use alliance_tests::app::TestApp;
use alliance_tests::tail::{Plan, Told, measure};

#[tokio::main]
async fn main() {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse().ok().filter(|number| *number > 0));
    let mut number = |default: usize| numbers.next().map_or(Some(default), |given| given);
    let (Some(events), Some(writers), Some(nodes)) = (number(100_000), number(12), number(2)) else {
        eprintln!("load-tail [EVENTS] [WRITERS] [NODES]");
        std::process::exit(2);
    };
    let [_, app] = TestApp::both_empty().await;
    let mut all = vec![app.app.clone()];
    for _ in 1..nodes {
        all.push(app.node().await);
    }
    let told = measure(&all, Plan { writers, events, objects: 200, pause: Duration::from_millis(4) }).await;
    for (node, told) in told.iter().enumerate() {
        println!("node {}: {told}", node + 1);
    }
    let well = |told: &Told| told.lost + told.doubled + told.out_of_order == 0;
    drop(app);
    std::process::exit(i32::from(!told.iter().all(well)));
}
