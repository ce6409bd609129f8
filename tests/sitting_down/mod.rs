//! Institutions that ask to sit down with an organiser: what they are told, who works it, and what comes of it.

mod expiring;
mod mails;
mod working;

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::guests::{self, Guest};
use crate::viewers::HERE;

/// What an institution asks, with this address for the answer.
fn asked(email: &str) -> Value {
    json!({
        "alliance": HERE.to_string(), "institutionName": "St. Ann's Food Bank", "institutionKind": "CHARITY",
        "contactName": "Nadia Novak", "email": email, "phone": "+44 115 496 0000",
        "message": "We feed 300 families.\n\nHow do we join?",
    })
}

/// An admin of the alliance, and an organiser.
async fn staff(app: &TestApp) -> (Guest, Guest) {
    let ada = guests::admin(app, Some(HERE), "ada@example.org").await;
    let omar = guests::joined(app, &ada, (HERE, Role::Organiser), "omar@example.org").await;
    (ada, omar)
}

/// The one enquiry that there is, as somebody sees it.
async fn only(app: &TestApp, guest: &Guest, fields: &str) -> Value {
    let mut answer = guest.ask(app, &format!("{{ enquiries {{ nodes {{ {fields} }} }} }}")).await;
    let nodes = answer["data"]["enquiries"]["nodes"].take();
    assert_eq!(nodes.as_array().map(Vec::len), Some(1), "{}: {answer}: {nodes}", app.name);
    nodes[0].clone()
}
