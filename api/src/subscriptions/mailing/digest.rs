//! When digests are sent: at an hour of the day on the clocks of the alliance's city.

use alliance_entity::email_subscription::EmailFrequency;
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

/// What is published later than this before a digest is for the next one: nobody adds to one that is being sent.
const CLOSED: TimeDelta = TimeDelta::minutes(1);
/// The day of weekly digests.
const DAY: Weekday = Weekday::Mon;

/// When the next digest goes that can tell of what is published now; nothing for those who are told at once.
#[must_use]
pub fn next(frequency: EmailFrequency, now: DateTime<Utc>, zone: &str, hour: u64) -> Option<DateTime<Utc>> {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let today = now.with_timezone(&zone).date_naive();
    let is_day = |day: &NaiveDate| match frequency {
        EmailFrequency::Immediate => false,
        EmailFrequency::Daily => true,
        EmailFrequency::Weekly => day.weekday() == DAY,
    };
    let days = (0..=14).filter_map(|ahead| today.checked_add_days(Days::new(ahead))).filter(is_day);
    days.filter_map(|day| moment(day, zone, hour)).find(|at| *at > now + CLOSED)
}

/// When the clocks of a zone show this hour of a day, or the next one, where they are put forward over it.
fn moment(day: NaiveDate, zone: Tz, hour: u64) -> Option<DateTime<Utc>> {
    let hour = u32::try_from(hour).ok()?;
    let at = day.and_hms_opt(hour, 0, 0)?;
    let shown = |at| zone.from_local_datetime(&at).earliest();
    shown(at).or_else(|| shown(at + TimeDelta::hours(1))).map(|at| at.to_utc())
}
