//! Readers beside something else: how long each of their questions takes meanwhile.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::running::{Connection, body};

const READERS: usize = 4;
const PAUSE: Duration = Duration::from_millis(5);

/// Asks a question now and then for so long, beside something that goes on until it is told to end; returns how long each took.
pub fn read(address: &str, query: &str, lasting: Duration, beside: impl FnOnce(&AtomicBool)) -> Vec<Duration> {
    let (ended, question) = (AtomicBool::new(false), body(query, &Value::Null));
    std::thread::scope(|scope| {
        let reader = || {
            let (mut connection, mut took) = (Connection::open(address), Vec::new());
            let ends = Instant::now() + lasting;
            while Instant::now() < ends {
                let began = Instant::now();
                assert_eq!(connection.ask("", &question).status, 200);
                took.push(began.elapsed());
                std::thread::sleep(PAUSE);
            }
            took
        };
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(reader)).collect();
        // Not for the readers to tell: what goes on beside them must end where they fail, too.
        scope.spawn(|| {
            std::thread::sleep(lasting);
            ended.store(true, Ordering::Relaxed);
        });
        beside(&ended);
        readers.into_iter().flat_map(|reader| reader.join().expect("it reads")).collect()
    })
}

/// Of times in order the one that so many hundredths do not pass, in milliseconds.
#[must_use]
pub fn percentile(times: &[Duration], hundredth: usize) -> f64 {
    times[(times.len() - 1) * hundredth / 100].as_secs_f64() * 1000.0
}
