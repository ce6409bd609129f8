//! The months by which archives are parted, in UTC, and the pages of those of which there is much to tell.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// The month that a moment lies in.
    #[must_use]
    pub fn of(at: DateTime<Utc>) -> Self {
        Self(at.date_naive().with_day(1).unwrap_or_default())
    }

    /// When it begins.
    #[must_use]
    pub fn start(self) -> DateTime<Utc> {
        self.0.and_time(chrono::NaiveTime::MIN).and_utc()
    }

    /// When the next one begins.
    #[must_use]
    pub fn end(self) -> DateTime<Utc> {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)).start()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl FromStr for Month {
    type Err = ();

    /// Reads `2026-11`, and nothing that says the same otherwise: a page has one address.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        let is_plain = |part: &str, length: usize| part.len() == length && part.bytes().all(|letter| letter.is_ascii_digit());
        if !is_plain(year, 4) || !is_plain(month, 2) {
            return Err(());
        }
        let (year, month) = (year.parse().map_err(|_| ())?, month.parse().map_err(|_| ())?);
        NaiveDate::from_ymd_opt(year, month, 1).map(Self).ok_or(())
    }
}

/// A page of an archive: a part of what came in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The month.
    pub month: Month,
    /// Which part of it, from 1 on.
    pub part: u32,
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.part {
            1 => write!(f, "{}", self.month),
            part => write!(f, "{}.{part}", self.month),
        }
    }
}

impl FromStr for Page {
    type Err = ();

    /// Reads `2026-11`, the first part of a month, and `2026-11.2`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let Some((month, part)) = text.split_once('.') else { return Ok(Self { month: text.parse()?, part: 1 }) };
        let page = Self { month: month.parse()?, part: part.parse().map_err(|_| ())? };
        if page.part > 1 && page.to_string() == text { Ok(page) } else { Err(()) }
    }
}
