//! Calendar files, as RFC 5545 has them: events as calendars take them up and follow them.

use alliance_entity::alliance;
use alliance_entity::event::{self, EventStatus};
use chrono::{DateTime, TimeDelta, Utc};

use crate::alliances::address::{self, Kind};
use crate::app::App;

/// How long an event is in its alliance's calendar after it began.
pub const KEPT: TimeDelta = TimeDelta::days(366);
/// How many events a calendar has at most: the latest.
pub const MOST: u64 = 1_000;
/// How many bytes a line may have.
const LINE: usize = 75;

/// Where an alliance's calendar is found.
#[must_use]
pub fn address(app: &App, alliance: &str) -> String {
    app.config().address(&format!("/calendar/{alliance}.ics"))
}

/// Where the calendar file of one event is found.
#[must_use]
pub fn address_of(app: &App, alliance: &str, event: &str) -> String {
    app.config().address(&format!("/calendar/{alliance}/{event}.ics"))
}

/// A calendar file of an alliance. Times are in UTC, which every calendar shows on its reader's own clocks.
#[must_use]
pub fn write(app: &App, alliance: &alliance::Model, name: &str, events: &[event::Model]) -> String {
    let host = app.config().public_url.host_str().unwrap_or("localhost").to_owned();
    let mut lines = Lines::default();
    for fixed in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Alliance//Events//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"] {
        lines.put(fixed);
    }
    lines.text("NAME", name);
    lines.text("X-WR-CALNAME", name);
    lines.put("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    lines.put("X-PUBLISHED-TTL:PT1H");
    for event in events {
        lines.event(event, &host, &address::of(app, alliance, Kind::Event, &event.slug, event.id.0));
    }
    lines.put("END:VCALENDAR");
    lines.0
}

#[derive(Debug, Default)]
struct Lines(String);

impl Lines {
    fn event(&mut self, event: &event::Model, host: &str, page: &str) {
        self.put("BEGIN:VEVENT");
        self.put(&format!("UID:{}@{host}", event.id));
        // Each change counts, so that a calendar takes the newer one.
        self.put(&format!("SEQUENCE:{}", event.version.saturating_sub(1).max(0)));
        self.time("DTSTAMP", event.updated_at);
        self.time("CREATED", event.created_at);
        self.time("LAST-MODIFIED", event.updated_at);
        self.time("DTSTART", event.starts_at);
        if let Some(end) = event.ends_at {
            self.time("DTEND", end);
        }
        self.text("SUMMARY", &event.title);
        // An address is no text: nothing of it is escaped.
        self.put(&format!("URL:{page}"));
        let reason = |before: &str, reason: &Option<String>| reason.as_ref().map(|reason| format!("{before}: {reason}"));
        let said = [
            Some(event.summary.clone()).filter(|summary| !summary.is_empty()),
            reason("Moved", &event.reschedule_reason),
            reason("Called off", &event.cancel_reason),
        ];
        let said: Vec<String> = said.into_iter().flatten().collect();
        if !said.is_empty() {
            self.text("DESCRIPTION", &said.join("\n\n"));
        }
        if let Some(place) = &event.venue_name {
            let address = event.venue_address.iter().flat_map(|address| address.lines());
            self.text("LOCATION", &[place.as_str()].into_iter().chain(address).collect::<Vec<_>>().join(", "));
        }
        self.put(if event.status == EventStatus::Cancelled { "STATUS:CANCELLED" } else { "STATUS:CONFIRMED" });
        self.put("END:VEVENT");
    }

    fn time(&mut self, name: &str, at: DateTime<Utc>) {
        self.put(&format!("{name}:{}", at.format("%Y%m%dT%H%M%SZ")));
    }

    /// A text: what would end it, or part it, is escaped.
    fn text(&mut self, name: &str, text: &str) {
        let mut line = format!("{name}:");
        for letter in text.chars() {
            match letter {
                '\\' | ';' | ',' => line.extend(['\\', letter]),
                '\n' => line.push_str("\\n"),
                letter if letter.is_control() => line.push(' '),
                letter => line.push(letter),
            }
        }
        self.put(&line);
    }

    /// A line, folded between letters where it is long.
    fn put(&mut self, line: &str) {
        let (mut rest, mut room) = (line, LINE);
        while rest.len() > room {
            let (now, later) = rest.split_at(fold(rest, room));
            self.0.push_str(now);
            self.0.push_str("\r\n ");
            // The blank that goes on is one of the line's bytes.
            (rest, room) = (later, LINE - 1);
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }
}

/// Where a line is folded that has room for so many bytes. Not beside a blank, if it can be: programs cut blanks at the ends of lines.
fn fold(line: &str, room: usize) -> usize {
    let ends = || (1..=room).rev().filter(|end| line.is_char_boundary(*end));
    let beside_no_blank = |end: &usize| !line[..*end].ends_with(' ') && !line[*end..].starts_with(' ');
    ends().find(beside_no_blank).or_else(|| ends().next()).unwrap_or(room)
}
