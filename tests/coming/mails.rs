//! The mails to those who come, through a whole exchange with a mail server, whatever an event and its people are called.

use alliance_tests::smtp::Received;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::coming::Scene;
use crate::guests::{self, done};
use crate::posting::Posting;

const EVIL: &str = "Zo\u{eb}\r\nBcc: eve@example.org\r\n\r\n.\r\nMAIL FROM:<eve@example.org>";
const HEADERS: [&str; 8] = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"];

impl Posting<'_> {
    /// The one mail that is sent now. No door lets in what everything is called then; it stands in the database all the same.
    async fn hostile(&self) -> Received {
        for sql in [
            "UPDATE alliances SET name = $1",
            "UPDATE event_rsvps SET name = $1",
            "UPDATE events SET title = $1, venue_name = $1, venue_address = $1",
            "UPDATE events SET reschedule_reason = $1 WHERE reschedule_reason IS NOT NULL",
            "UPDATE events SET cancel_reason = $1 WHERE cancel_reason IS NOT NULL",
        ] {
            let statement = Statement::from_sql_and_values(self.app.app.db().backend(), sql, [EVIL.into()]);
            self.app.app.db().write().execute_raw(statement).await.expect("it is written");
        }
        self.mail().await
    }

    /// The mail that a stranger's change lets be sent.
    async fn told(&self, field: &str, input: Value) -> Received {
        self.stranger(field, input).await;
        self.hostile().await
    }

    /// The mail that a change of the event lets be sent.
    async fn changed(&self, scene: &Scene, act: &str, input: Value) -> Received {
        assert_eq!(scene.change(self.app, act, input).await, "done", "{}: {act}", self.app.name);
        self.hostile().await
    }
}

/// The token of the link in a mail that leads to such a page.
fn token(mail: &Received, page: &str) -> Value {
    let (link, text) = (format!("https://citizens.example/rsvp/{page}?token="), mail.text());
    let token = text.lines().find_map(|line| line.strip_prefix(link.as_str()));
    json!({ "token": token.unwrap_or_else(|| panic!("no link to {page}: {text}")).trim() })
}

#[tokio::test]
async fn every_mail_goes_to_one_person_whatever_an_event_and_its_people_are_called() {
    for app in guests::both().await {
        let (scene, posting) = (Scene::set(&app, Some(1)).await, Posting::start(&app).await);
        let asks = |email: &str| json!({ "event": scene.event, "name": "Nadia", "email": email });
        let confirm = posting.told("eventRsvp", asks("nadia@example.org")).await;
        let comes = posting.told("eventRsvpConfirm", token(&confirm, "confirm")).await;
        let asked = posting.told("eventRsvp", asks("theo@example.org")).await;
        let waits = posting.told("eventRsvpConfirm", token(&asked, "confirm")).await;
        let promoted = posting.told("eventRsvpCancel", token(&comes, "cancel")).await;
        let moved = json!({ "startsAt": "2027-06-15T18:00:00Z", "reason": "The mayor is ill." });
        let moved = posting.changed(&scene, "eventReschedule", moved).await;
        let placed = posting.changed(&scene, "eventEdit", json!({ "venue": { "name": "The Arboretum" } })).await;
        let off = posting.changed(&scene, "eventCancel", json!({ "reason": "Snow." })).await;
        let on = posting.changed(&scene, "eventPublish", json!({})).await;
        let mails = [
            (confirm, "nadia", "Do you come", Some("confirm")),
            (comes, "nadia", "You come:", Some("cancel")),
            (waits, "theo", "You are on the waiting list:", Some("cancel")),
            (promoted, "theo", "There is a place for you:", Some("cancel")),
            (moved, "theo", "Another time:", Some("cancel")),
            (placed, "theo", "Another place:", Some("cancel")),
            (off, "theo", "Called off:", None),
            (on, "theo", "It takes place after all:", Some("cancel")),
        ];
        for (mail, to, subject, page) in &mails {
            assert_eq!(mail.to, [format!("{to}@example.org")], "{}: {subject}", app.name);
            let (head, _) = mail.source.split_once("\n\n").expect("it has a body");
            let names: Vec<&str> =
                head.lines().filter(|line| !line.starts_with(' ')).filter_map(|line| line.split(':').next()).collect();
            assert_eq!(names, HEADERS, "{}: {subject}: {head}", app.name);
            assert!(mail.source.is_ascii(), "{}: {subject}", app.name);
            let about = mail.header("Subject").expect("a subject");
            assert!(about.starts_with(subject), "{}: {about}", app.name);
            let html = mail.source.split("text/html").nth(1).expect("it is there twice").replace("=\n", "");
            assert!(html.contains("&lt;eve@example.org") && !html.contains("<eve"), "{}: {subject}: {html}", app.name);
            match page {
                Some(page) => drop(token(mail, page)),
                None => assert!(!mail.text().contains("/rsvp/"), "{}: {subject}", app.name),
            }
        }
        assert_eq!(posting.sink.taken(), mails.len() + 1, "{}: and no other", app.name);
        assert!(!posting.sink.commands().iter().any(|command| command.contains("eve")), "{}", app.name);
    }
}

#[tokio::test]
async fn links_lead_to_pages_of_ones_own_where_there_are_some() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let app = app.with(|config| config.public_links = "https://choir.example/{purpose}/{token}".to_owned());
        let mut input = json!({ "event": scene.event, "name": "Nadia", "email": "nadia@example.org" });
        for (field, page) in [("eventRsvp", "confirm"), ("eventRsvpConfirm", "cancel"), ("eventRsvpCancel", "")] {
            done(&app, ("", field), input.take(), "__typename").await;
            app.work().await;
            let mails = app.mails();
            let link = format!("https://choir.example/rsvp/{page}/");
            let token = mails.iter().find_map(|mail| mail.text.lines().find_map(|line| line.strip_prefix(&link)));
            assert_eq!(token.is_some(), !page.is_empty(), "{}: {field}: {mails:?}", app.name);
            input = json!({ "token": token });
        }
        assert_eq!(scene.sums(&app).await, (0, 0), "{}", app.name);
    }
}
