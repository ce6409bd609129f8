//! Kills a server while many write, again and again, and tells what was lost.
//! `load-crash ALLIANCE LIVES MILLISECONDS`, the server's settings in the environment; see `tests/load/crash`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the command line")]

use std::time::Duration;

use alliance_tests::crash::survive;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let numbers: Vec<u64> = arguments.iter().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (Some(alliance), [lives, lasting]) = (arguments.first(), numbers.as_slice()) else {
        eprintln!("load-crash ALLIANCE LIVES MILLISECONDS");
        std::process::exit(2);
    };
    let lives = usize::try_from(*lives).expect("it fits");
    let well = survive(alliance, &[], lives, Duration::from_millis(*lasting), |life| {
        println!("{life}");
        life.lost.iter().chain(&life.wrong).for_each(|problem| println!("  {problem}"));
    });
    if !well {
        eprintln!("something that was acknowledged is lost, or a change is half done");
        std::process::exit(1);
    }
}
