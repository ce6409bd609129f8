//! Coming to an event: with an account or by the link of a mail, while there are places and when there are none.

mod answering;
mod calendars;
mod crowd;
mod mails;
mod moving;
mod pages;
mod rates;
mod turnout;
mod waiting;

use alliance::mail::Message;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::guests::{self, Guest, done};
use crate::viewers::HERE;

/// Those who work an alliance, and an event of theirs that is announced.
struct Scene {
    ada: Guest,
    omar: Guest,
    event: String,
}

impl Scene {
    /// An event in January with so many places.
    async fn set(app: &TestApp, capacity: Option<i32>) -> Self {
        let ada = guests::admin(app, Some(HERE), "ada@example.org").await;
        let omar = guests::joined(app, &ada, (HERE, Role::Organiser), "omar@example.org").await;
        let event = announced(app, &ada, "A vigil for clean air", capacity).await;
        Self { ada, omar, event }
    }

    /// What somebody reads of the event.
    async fn read(&self, app: &TestApp, guest: Option<&Guest>, fields: &str) -> Value {
        let token = guest.map_or("", |guest| &guest.token);
        let mut answer =
            guests::ask(app, token, &format!("{{ event(id: \"{}\") {{ {fields} }} }}", self.event), &json!({})).await;
        assert!(answer.get("errors").is_none(), "{}: {answer}", app.name);
        answer["data"]["event"].take()
    }

    /// How many come, and how many wait, as the organiser reads it.
    async fn sums(&self, app: &TestApp) -> (i64, i64) {
        let read = self.read(app, Some(&self.omar), "rsvpCount waitingCount").await;
        (read["rsvpCount"].as_i64().expect("a number"), read["waitingCount"].as_i64().expect("a number"))
    }

    /// Changes the event, at the version that it has.
    async fn change(&self, app: &TestApp, act: &str, more: Value) -> String {
        let version = self.read(app, Some(&self.ada), "version").await["version"].take();
        let mut input = more;
        (input["id"], input["version"]) = (json!(self.event), version);
        self.ada.tries(app, act, input).await
    }

    /// Lets somebody with an account come, and returns whether they do, or wait.
    async fn comes(&self, app: &TestApp, guest: &Guest, guests: i32) -> String {
        let input = json!({ "event": self.event, "guests": guests });
        let answer = guest.does(app, "eventRsvp", input, "rsvp { state }").await;
        answer["rsvp"]["state"].as_str().expect("a state").to_owned()
    }

    /// Lets a stranger ask by mail, and returns the token of the link that they get.
    async fn asks(&self, app: &TestApp, email: &str, guests: i32) -> String {
        let input = json!({ "event": self.event, "name": "Nadia Novak", "email": email, "guests": guests });
        done(app, ("", "eventRsvp"), input, "accepted").await;
        token(&mails(app, email).await.pop().expect("a mail is sent"), "confirm")
    }

    /// The same, who follows the link; returns whether they come or wait, and the token of the link to cancel.
    async fn confirms(&self, app: &TestApp, email: &str, guests: i32) -> (String, String) {
        let input = json!({ "token": self.asks(app, email, guests).await });
        let state = done(app, ("", "eventRsvpConfirm"), input, "state").await["state"].take();
        let cancel = token(&mails(app, email).await.pop().expect("a mail is sent"), "cancel");
        (state.as_str().expect("a state").to_owned(), cancel)
    }
}

/// Announces an event in January 2027: its id.
async fn announced(app: &TestApp, by: &Guest, title: &str, capacity: Option<i32>) -> String {
    let input = json!({
        "alliance": HERE.to_string(), "title": title, "startsAt": "2027-01-15T18:00:00Z", "capacity": capacity,
        "venue": { "name": "Sneinton Market", "address": "1 Market Square\nNottingham" },
    });
    let event = by.does(app, "eventCreate", input, "event { id }").await["event"]["id"].take();
    by.does(app, "eventPublish", json!({ "id": event, "version": 1 }), "event { id }").await;
    event.as_str().expect("an id").to_owned()
}

/// The mails to an address that are sent now; those to others are read, too.
async fn mails(app: &TestApp, email: &str) -> Vec<Message> {
    app.work().await;
    app.mails().into_iter().filter(|mail| mail.to == email).collect()
}

/// The token of the link in a mail that leads to such a page.
fn token(mail: &Message, page: &str) -> String {
    let link = format!("https://citizens.example/rsvp/{page}?token=");
    let found = mail.text.lines().find_map(|line| line.strip_prefix(link.as_str()));
    found.unwrap_or_else(|| panic!("no link to {page}: {}", mail.text)).to_owned()
}
