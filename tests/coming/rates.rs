//! What it costs to ask by mail.

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::guests::{self, stranger_tries};
use crate::people;

#[tokio::test]
async fn an_answer_to_what_nobody_can_come_to_costs_no_mail() {
    for app in TestApp::both().await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let alliance = people::demo(&app).await.to_string();
        let event = async |title: &str, starts: &str| -> Value {
            let input = json!({ "alliance": alliance, "title": title, "startsAt": starts, "capacity": 2 });
            operator.does(&app, "eventCreate", input, "event { id }").await["event"]["id"].take()
        };
        let (draft, open, begun) = (
            event("A draft", "2027-01-15T18:00:00Z").await,
            event("A vigil", "2027-01-15T18:00:00Z").await,
            event("A lunch", "2026-11-24T12:30:00Z").await,
        );
        for event in [&open, &begun] {
            operator.does(&app, "eventPublish", json!({ "id": event, "version": 1 }), "event { id }").await;
        }
        let asks = |event: &Value, guests: i32| json!({ "event": event, "name": "Nadia", "email": "nadia@example.org", "guests": guests });
        let nowhere = json!("event_01jdz0000000000000000000zz");
        for (event, guests, told) in [(&nowhere, 0, "NOT_FOUND"), (&draft, 0, "NOT_FOUND"), (&open, 2, "INVALID")] {
            assert_eq!(stranger_tries(&app, "eventRsvp", asks(event, guests)).await, told, "{}: {event}", app.name);
        }
        assert_eq!(stranger_tries(&app, "eventRsvp", asks(&open, 1)).await, "done", "{}: the address has its mail", app.name);
        assert_eq!(stranger_tries(&app, "eventRsvp", asks(&open, 1)).await, "RATE_LIMITED", "{}: and no other", app.name);
        let (later, counted) =
            (app.later(chrono::TimeDelta::hours(1)), guests::rows_of(&app, "SELECT key FROM rates").await.len());
        let mut late = asks(&begun, 0);
        late["email"] = json!("theo@example.org");
        assert_eq!(stranger_tries(&later, "eventRsvp", late).await, "WRONG_STATE", "{}: it has begun", app.name);
        assert_eq!(guests::rows_of(&app, "SELECT key FROM rates").await.len(), counted, "{}", app.name);
        app.work().await;
    }
}
