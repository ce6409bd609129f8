//! How long a message waits for its next try, and when a receiver is left alone: after some failures in a row for a growing while, and
//! after days for good.

use std::time::Duration;

use alliance_entity::webhook::{self, WebhookDisabledReason};
use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;

/// How long after each try the next one comes.
const WAITS: [Duration; 9] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 60 * 60),
    Duration::from_secs(5 * 60 * 60),
    Duration::from_secs(10 * 60 * 60),
    Duration::from_secs(14 * 60 * 60),
    Duration::from_secs(20 * 60 * 60),
    Duration::from_secs(24 * 60 * 60),
];
/// How many failures in a row let a receiver be left alone for a while.
pub const FAILURES: i32 = 5;
const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(60 * 60);
/// How long a receiver may ask to be left alone at most.
const LONGEST_WISH: u64 = 24 * 60 * 60;
/// How long a receiver may fail.
const GIVEN_UP: TimeDelta = TimeDelta::hours(120);
/// For how long at most nothing is sent to who fails, in milliseconds: after that it is another failure, which began now.
const SILENCE: i64 = 27 * 60 * 60 * 1_000;

/// How long a message waits that was tried so often in vain; nothing where it was tried often enough.
#[must_use]
pub fn wait(tries: i32) -> Option<Duration> {
    let wait = WAITS.get(usize::try_from(tries - 1).ok()?)?;
    // Those that failed together do not come back together.
    Some(wait.mul_f64(rand::rng().random_range(0.9..1.1)))
}

/// How long a receiver asks to be left alone.
#[must_use]
pub fn wish(retry_after: &str, now: DateTime<Utc>) -> Option<Duration> {
    let seconds = retry_after.trim().parse::<u64>().ok().or_else(|| {
        let until = DateTime::parse_from_rfc2822(retry_after.trim()).ok()?.to_utc();
        u64::try_from((until - now).num_seconds()).ok()
    })?;
    Some(Duration::from_secs(seconds.min(LONGEST_WISH)))
}

/// How a try went, as far as its receiver is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// It has taken the message.
    Well,
    /// It has not; and how long it asks to be left alone.
    Badly(Option<Duration>),
    /// It says that it is gone for good.
    Gone,
}

/// How a webhook stands after a try; `time` is the database's, in milliseconds.
#[must_use]
pub fn after(mut row: webhook::Model, went: Went, (now, time): (DateTime<Utc>, i64)) -> webhook::Model {
    let later = |pause: Duration| time.saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX / 4));
    match went {
        Went::Well => (row.failures, row.failing_since, row.open_until) = (0, None, None),
        Went::Badly(wish) => {
            let is_same = row.open_until.is_some_and(|until| time.saturating_sub(until) < SILENCE);
            if !is_same && row.failing_since.is_some_and(|since| now - since >= GIVEN_UP) {
                (row.failures, row.failing_since) = (0, None);
            }
            row.failures = row.failures.saturating_add(1);
            let since = *row.failing_since.get_or_insert(now);
            let pause = pause(row.failures).into_iter().chain(wish).max().map(later);
            row.open_until = pause.into_iter().chain(row.open_until).max();
            if row.disabled_at.is_none() && now - since >= GIVEN_UP {
                (row.disabled_at, row.disabled_reason) = (Some(now), Some(WebhookDisabledReason::Failing));
            }
        }
        Went::Gone if row.disabled_at.is_none() => {
            (row.disabled_at, row.disabled_reason) = (Some(now), Some(WebhookDisabledReason::Gone));
        }
        Went::Gone => {}
    }
    row
}

fn pause(failures: i32) -> Option<Duration> {
    let beyond = u32::try_from(failures - FAILURES).ok()?;
    Some(FIRST_PAUSE.saturating_mul(1 << beyond.min(16)).min(LONGEST_PAUSE))
}
