//! What time it is. Nothing else in the code base asks the system for it, so that a test can hold it still.

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};
use chrono_tz::Tz;

/// Tells the time.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The system's time.
    #[default]
    System,
    /// A time that stands still.
    Frozen(DateTime<Utc>),
}

impl Clock {
    /// The time in UTC, in whole microseconds: what both databases keep.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that may ask")]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::System => Utc::now().trunc_subsecs(6),
            Self::Frozen(time) => *time,
        }
    }

    /// Today's date in UTC: the day that memberships begin and end by.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }
}

/// The day at a moment in a time zone, which has an IANA name; in UTC where there is no such zone.
#[must_use]
pub fn day_in(zone: &str, at: DateTime<Utc>) -> NaiveDate {
    zone.parse::<Tz>().map_or_else(|_| at.date_naive(), |zone| at.with_timezone(&zone).date_naive())
}
