//! Times on the clocks of an alliance's city.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

/// The moment at which the clocks of a zone show a time.
///
/// # Errors
/// A sentence for the person who gave it, where the clocks never show it or show it twice.
pub fn moment(local: NaiveDateTime, zone: &str) -> Result<DateTime<Utc>, String> {
    match of(zone)?.from_local_datetime(&local) {
        LocalResult::Single(moment) => Ok(moment.to_utc()),
        LocalResult::None => Err(format!("the clocks of {zone} never show {local}: they are put forward over it")),
        LocalResult::Ambiguous(first, second) => Err(format!(
            "the clocks of {zone} show {local} twice, since they are put back: name the moment, {} or {}",
            first.to_rfc3339(),
            second.to_rfc3339()
        )),
    }
}

/// What the clocks of a zone show at a moment; those of UTC where there is no such zone.
#[must_use]
pub fn local(moment: DateTime<Utc>, zone: &str) -> NaiveDateTime {
    of(zone).map_or(moment.naive_utc(), |zone| moment.with_timezone(&zone).naive_local())
}

fn of(zone: &str) -> Result<Tz, String> {
    zone.parse().map_err(|_| format!("`{zone}` is no time zone that is known here"))
}
