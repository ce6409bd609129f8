//! Calendar files, read by a parser that calendars use.

use alliance_entity::event;
use alliance_entity::event::EventStatus;
use alliance_entity::id::EventId;
use axum::http::{Method, StatusCode};
use ical::IcalParser;
use ical::parser::ical::component::IcalEvent;
use serde_json::json;
use uuid::Uuid;

use crate::coming::Scene;
use crate::guests;
use crate::rows::{self, put};
use crate::viewers::HERE;

const PATH: &str = "/calendar/here/a-vigil-for-clean-air.ics";

fn parsed(text: &str) -> Vec<IcalEvent> {
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\n', '\r']), "{line:?}");
    }
    let calendars: Result<Vec<_>, _> = IcalParser::new(text.as_bytes()).collect();
    let [calendar] = <[_; 1]>::try_from(calendars.unwrap_or_else(|e| panic!("{e}: {text}"))).expect("one calendar");
    assert!(calendar.properties.iter().any(|one| one.name == "VERSION" && one.value.as_deref() == Some("2.0")), "{text}");
    calendar.events
}

/// What a property says, as RFC 5545 has it escaped.
fn property(event: &IcalEvent, name: &str) -> String {
    let found = event.properties.iter().find(|one| one.name == name).and_then(|one| one.value.clone()).unwrap_or_default();
    let (mut text, mut letters) = (String::new(), found.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next().expect("something is escaped") {
                'n' | 'N' => text.push('\n'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    text
}

#[tokio::test]
async fn a_calendar_follows_an_event_that_moves_and_is_called_off() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let urls = scene.read(&app, None, "calendarUrl alliance { calendarUrl }").await;
        assert_eq!(urls["calendarUrl"], format!("https://citizens.example{PATH}"), "{}", app.name);
        assert_eq!(urls["alliance"]["calendarUrl"], "https://citizens.example/calendar/here.ics", "{}", app.name);
        let (status, headers, text) = app.get(PATH, &[]).await;
        assert_eq!((status, &headers["content-type"]), (StatusCode::OK, &"text/calendar; charset=utf-8".parse().expect("text")));
        let [first] = <[_; 1]>::try_from(parsed(&text)).expect("one event");
        assert_eq!(property(&first, "UID"), format!("{}@citizens.example", scene.event), "{}", app.name);
        assert_eq!(property(&first, "DTSTART"), "20270115T180000Z", "{}", app.name);
        assert_eq!((property(&first, "STATUS"), property(&first, "SEQUENCE")), ("CONFIRMED".to_owned(), "1".to_owned()));
        assert_eq!(property(&first, "SUMMARY"), "A vigil for clean air", "{}", app.name);
        assert!(property(&first, "LOCATION").contains("Sneinton Market"), "{}: {text}", app.name);

        let tag = headers["etag"].to_str().expect("text").to_owned();
        for known in [tag.as_str(), tag.trim_start_matches("W/"), "*"] {
            let (status, _, text) = app.get(PATH, &[("if-none-match", known)]).await;
            assert_eq!((status, text.as_str()), (StatusCode::NOT_MODIFIED, ""), "{}: {known}", app.name);
        }
        let moved = json!({ "startsAt": "2027-06-15T18:00:00Z", "reason": "The mayor is ill." });
        assert_eq!(scene.change(&app, "eventReschedule", moved).await, "done", "{}", app.name);
        let (status, _, text) = app.get(PATH, &[("if-none-match", &tag)]).await;
        assert_eq!(status, StatusCode::OK, "{}", app.name);
        let second = parsed(&text).remove(0);
        assert_eq!(
            (property(&second, "DTSTART"), property(&second, "SEQUENCE")),
            ("20270615T180000Z".to_owned(), "2".to_owned())
        );
        assert_eq!(property(&second, "UID"), property(&first, "UID"), "{}", app.name);
        assert_eq!(scene.change(&app, "eventCancel", json!({ "reason": "Snow." })).await, "done", "{}", app.name);
        let third = parsed(&app.get("/calendar/here.ics", &[]).await.2).remove(0);
        assert_eq!((property(&third, "STATUS"), property(&third, "SEQUENCE")), ("CANCELLED".to_owned(), "3".to_owned()));
        assert!(property(&third, "DESCRIPTION").contains("Called off: Snow."), "{}: {third:?}", app.name);

        assert_eq!(scene.change(&app, "eventEdit", json!({ "slug": "vigil" })).await, "done", "{}", app.name);
        let (status, headers, _) = app.get(PATH, &[]).await;
        assert_eq!(status, StatusCode::PERMANENT_REDIRECT, "{}", app.name);
        assert_eq!(headers["location"], "https://citizens.example/calendar/here/vigil.ics", "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_calendar_holds_what_the_public_sees_and_nothing_else() {
    for app in guests::both().await {
        guests::admin(&app, Some(HERE), "ada@example.org").await;
        let evil = "Tea, cake; \\n and\nBEGIN:VEVENT\r\nUID:evil \u{1f370} ".repeat(4).trim().to_owned();
        let event = |number: u128, slug: &str, status: EventStatus, starts_at: &str| event::Model {
            starts_at: starts_at.parse().expect("this is a time"),
            title: evil.clone(),
            summary: evil.clone(),
            ..rows::event(EventId(Uuid::from_u128(number)), HERE, slug, status)
        };
        put!(
            &app,
            event(1, "draft", EventStatus::Draft, "2027-01-01T00:00:00Z"),
            event(2, "past", EventStatus::Scheduled, "2026-02-01T00:00:00Z"),
            event(3, "long-past", EventStatus::Scheduled, "2025-02-01T00:00:00Z"),
            event(4, "off", EventStatus::Cancelled, "2027-02-01T00:00:00Z"),
        );
        let (status, _, text) = app.get("/calendar/here.ics", &[]).await;
        assert_eq!(status, StatusCode::OK, "{}: {text}", app.name);
        let events = parsed(&text);
        let starts: Vec<String> = events.iter().map(|event| property(event, "DTSTART")).collect();
        assert_eq!(starts, ["20260201T000000Z", "20270201T000000Z"], "{}", app.name);
        for event in &events {
            for name in ["SUMMARY", "DESCRIPTION"] {
                assert_eq!(property(event, name), evil.replace('\r', " "), "{}: {name}", app.name);
            }
        }
        for path in [
            "/calendar/here/draft.ics",
            "/calendar/here/nothing.ics",
            "/calendar/nowhere.ics",
            "/calendar/here",
            "/calendar/here/past",
        ] {
            let (status, _, said) = app.get(path, &[]).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{}: {path}: {said}", app.name);
        }
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let (status, headers, _) = app.open(method, "/calendar/here.ics", &[]).await;
            assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED, "{}", app.name);
            assert_eq!(headers["allow"], "GET,HEAD", "{}", app.name);
        }
    }
}
