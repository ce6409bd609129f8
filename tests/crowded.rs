//! Many who sign in at once: few are hashed at a time, and each is told how it went.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::available_parallelism;

use alliance_tests::postgres;
use alliance_tests::running::changing;
use serde_json::json;

use crate::binary::serve;
use crate::metrics::{MEASURED, address, values};
use crate::nodes::{Answer, ask, demo_passwords};

const AT_ONCE: usize = 200;
const OFTEN: &str = "1000000";

/// The most that were seen to be hashed, and to wait for it, until this is told to end.
fn watch(metrics: &str, ended: &AtomicBool) -> (f64, f64) {
    let mut most = (0.0_f64, 0.0_f64);
    while !ended.load(Ordering::Relaxed) {
        let seen = values(metrics);
        let value = |name: &str| seen.get(name).copied().expect("it is measured");
        most = (most.0.max(value("alliance_passwords_hashing")), most.1.max(value("alliance_passwords_waiting")));
    }
    most
}

fn says_when(answer: &Answer) -> bool {
    let line = answer.head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("retry-after:").map(str::to_owned));
    line.is_some_and(|seconds| seconds.trim().parse::<u32>().is_ok_and(|seconds| seconds >= 1))
}

#[test]
fn of_200_who_sign_in_at_once_each_has_tokens_or_is_told_when_to_come_again() {
    let url = postgres::database();
    for url in ["", url.as_str()] {
        crowd(url);
    }
}

fn crowd(url: &str) {
    let settings = [
        MEASURED,
        ("DATABASE_URL", url),
        // On a slow machine the last of those who wait are hashed after longer than an operation may take.
        ("ALLIANCE_OPERATION_SECONDS", "60"),
        ("ALLIANCE_DEMO", "true"),
        ("ALLIANCE_RATE_SIGN_IN_ADDRESS", OFTEN),
        ("ALLIANCE_RATE_SIGN_IN_ACCOUNT", OFTEN),
        ("ALLIANCE_RATE_MUTATIONS", OFTEN),
    ];
    let server = serve(&settings);
    let (email, password) = demo_passwords(&server).swap_remove(0);
    let (asked, metrics) = (changing("signIn", "accessToken refreshToken"), address(&server));
    let input = json!({ "input": { "email": email, "password": password } });
    let ended = AtomicBool::new(false);
    let (answers, most) = std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch(&metrics, &ended));
        let all: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(|| ask(&server.address, "", &asked, &input))).collect();
        let answers: Vec<Answer> = all.into_iter().map(|one| one.join().expect("it is answered")).collect();
        ended.store(true, Ordering::Relaxed);
        (answers, watching.join().expect("it is measured"))
    });

    let signed_in = |answer: &&Answer| answer.status == 200 && answer.body["data"]["signIn"]["accessToken"].is_string();
    let refused = |answer: &&Answer| answer.status == 429 && answer.code() == "RATE_LIMITED" && says_when(answer);
    let counts = (answers.iter().filter(signed_in).count(), answers.iter().filter(refused).count());
    let other = answers.iter().find(|answer| !signed_in(answer) && !refused(answer));
    assert!(counts.0 + counts.1 == AT_ONCE, "{counts:?}: {other:?}");
    // The gate's own place and those that wait before it.
    assert!(counts.0 >= 33 && counts.1 > 0, "{counts:?}");
    let gate = available_parallelism().map_or(1, usize::from).saturating_sub(1).max(1);
    let gate = f64::from(u32::try_from(gate).expect("so many cores"));
    assert!(most.0 >= 1.0 && most.0 <= gate, "{most:?} at a time, not {gate}");
    // Whoever has left the queue and has not begun yet is counted among those who wait.
    assert!(most.1 > 1.0 && most.1 <= 32.0 + gate, "{most:?} waited");
}
