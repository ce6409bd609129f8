//! When an event is full: who waits, who is next, and what becomes of the places that there are.

use alliance_entity::event_rsvp::{self, RsvpState};
use alliance_entity::id::RsvpId;
use alliance_tests::app::TestApp;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::coming::{Scene, mails};
use crate::guests::{self, Guest, done};
use crate::idempotency::write;
use crate::rows::{self, insert_all};

/// So many people with accounts.
async fn people(app: &TestApp, many: usize) -> Vec<Guest> {
    let mut all = Vec::new();
    for number in 0..many {
        all.push(guests::registered(app, &format!("p{number}@example.org")).await);
    }
    all
}

/// Where everybody stands, in their order.
async fn states(app: &TestApp, scene: &Scene, all: &[Guest]) -> Vec<Value> {
    let mut states = Vec::new();
    for guest in all {
        states.push(scene.read(app, Some(guest), "viewerRsvp { state }").await["viewerRsvp"]["state"].take());
    }
    states
}

#[tokio::test]
async fn a_place_that_is_given_up_goes_to_who_has_waited_the_longest() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(2)).await;
        let all = people(&app, 5).await;
        let mut said = Vec::new();
        for guest in &all {
            said.push(scene.comes(&app, guest, 0).await);
        }
        assert_eq!(said, ["COMING", "COMING", "WAITING", "WAITING", "WAITING"], "{}", app.name);
        assert_eq!(scene.read(&app, None, "isFull").await["isFull"], true, "{}", app.name);
        for (gone, next) in [(1, 2), (0, 3)] {
            all[gone].does(&app, "eventRsvpCancel", json!({ "event": scene.event }), "state").await;
            assert_eq!(states(&app, &scene, &all).await[next], "COMING", "{}", app.name);
            let told = mails(&app, &all[next].email).await;
            assert_eq!(told.len(), 1, "{}", app.name);
            assert_eq!(told[0].subject, "There is a place for you: A vigil for clean air", "{}", app.name);
        }
        assert_eq!(states(&app, &scene, &all).await, ["CANCELLED", "CANCELLED", "COMING", "COMING", "WAITING"], "{}", app.name);
        assert_eq!(scene.sums(&app).await, (2, 1), "{}", app.name);
        // Who comes back stands behind those who wait.
        assert_eq!(scene.comes(&app, &all[0], 0).await, "WAITING", "{}", app.name);
        all[2].does(&app, "eventRsvpCancel", json!({ "event": scene.event }), "state").await;
        let now = states(&app, &scene, &all).await;
        assert_eq!((&now[4], &now[0]), (&json!("COMING"), &json!("WAITING")), "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_party_comes_as_a_whole_and_keeps_its_turn_where_there_is_no_room_for_it() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(4)).await;
        let all = people(&app, 4).await;
        let mut said = Vec::new();
        for (guest, brings) in all.iter().zip([1, 1, 2, 0]) {
            said.push(scene.comes(&app, guest, brings).await);
        }
        assert_eq!(said, ["COMING", "COMING", "WAITING", "WAITING"], "{}", app.name);
        // Two places: the three who are first do not fit, the one behind them does.
        all[0].does(&app, "eventRsvpCancel", json!({ "event": scene.event }), "state").await;
        assert_eq!(states(&app, &scene, &all).await, ["CANCELLED", "COMING", "WAITING", "COMING"], "{}", app.name);
        // One more place is left, and not two: who comes keeps what they have.
        let input = json!({ "event": scene.event, "guests": 3 });
        let more = guests::change(&app, (&all[1].token, "eventRsvp"), input, "userErrors { code message }").await;
        let told = &more["data"]["eventRsvp"]["userErrors"][0];
        assert_eq!(told["code"], "WRONG_STATE", "{}: {more}", app.name);
        let message = told["message"].as_str().expect("a sentence");
        assert!(!message.contains(|c: char| c.is_ascii_digit()), "{}: how many come is not told: {message}", app.name);
        assert_eq!(scene.sums(&app).await, (3, 3), "{}", app.name);
        // A smaller party fits.
        assert_eq!(scene.comes(&app, &all[2], 0).await, "COMING", "{}", app.name);
        assert_eq!(scene.sums(&app).await, (4, 0), "{}", app.name);
        // And whoever brings fewer makes room.
        assert_eq!(scene.comes(&app, &all[0], 0).await, "WAITING", "{}", app.name);
        assert_eq!(scene.comes(&app, &all[1], 0).await, "COMING", "{}", app.name);
        assert_eq!(states(&app, &scene, &all).await[0], "COMING", "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn fewer_places_send_nobody_away_and_more_places_let_in_who_waits() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(2)).await;
        let all = people(&app, 4).await;
        for guest in &all {
            scene.comes(&app, guest, 0).await;
        }
        assert_eq!(scene.change(&app, "eventEdit", json!({ "capacity": 1 })).await, "done", "{}", app.name);
        assert_eq!(scene.sums(&app).await, (2, 2), "{}", app.name);
        all[0].does(&app, "eventRsvpCancel", json!({ "event": scene.event }), "state").await;
        assert_eq!(scene.sums(&app).await, (1, 2), "{}: there is no place to give", app.name);
        assert_eq!(scene.change(&app, "eventEdit", json!({ "capacity": 2 })).await, "done", "{}", app.name);
        assert_eq!(states(&app, &scene, &all).await[2..], ["COMING", "WAITING"], "{}", app.name);
        assert_eq!(scene.change(&app, "eventEdit", json!({ "capacity": null })).await, "done", "{}", app.name);
        assert_eq!(scene.sums(&app).await, (3, 0), "{}", app.name);
        assert_eq!(mails(&app, &all[3].email).await.len(), 1, "{}: they are told", app.name);
    }
}

#[tokio::test]
async fn whoever_waits_is_told_so_by_mail_and_can_stop_waiting() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(1)).await;
        let (first, _) = scene.confirms(&app, "nadia@example.org", 0).await;
        let (second, cancel) = scene.confirms(&app, "theo@example.org", 0).await;
        assert_eq!((first.as_str(), second.as_str()), ("COMING", "WAITING"), "{}", app.name);
        done(&app, ("", "eventRsvpCancel"), json!({ "token": cancel }), "state").await;
        assert_eq!(scene.sums(&app).await, (1, 0), "{}", app.name);
    }
}

#[tokio::test]
async fn of_a_long_list_no_more_are_read_than_there_is_room_for() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(2)).await;
        let all = people(&app, 2).await;
        for guest in &all {
            scene.comes(&app, guest, 0).await;
        }
        let waits = |number: i32| event_rsvp::Model {
            id: RsvpId(Uuid::from_u128(0x9000 + u128::from(number.unsigned_abs()))),
            event_id: scene.event.parse().expect("an id"),
            state: RsvpState::Waiting,
            // The first thousand bring somebody, and do not fit.
            guests: i32::from(number <= 1_000),
            name: Some("Theo".to_owned()),
            email: Some(format!("t{number}@example.org")),
            email_key: Some(format!("t{number}@example.org")),
            account_id: None,
            turn: Some(2 + number),
            expires_at: None,
            created_at: rows::now(),
            updated_at: rows::now(),
        };
        insert_all(&app, (1..=1_000).map(waits)).await;
        insert_all(&app, (1_001..=2_000).map(waits)).await;
        write(&app, "UPDATE rsvp_counters SET waiting = 3000, turns = 2002").await;
        app.statements();
        all[0].does(&app, "eventRsvpCancel", json!({ "event": scene.event }), "state").await;
        let lists = app
            .statements()
            .into_iter()
            .filter(|statement| statement.sql.starts_with("SELECT \"event_rsvps\".\"id\", \"event_rsvps\".\"guests\" FROM"));
        let lists: Vec<_> = lists.collect();
        assert!(!lists.is_empty(), "{}: the list is read", app.name);
        for list in lists {
            let read = app.app.db().read().query_all_raw(list.clone()).await.expect("it can be read again");
            assert!(read.len() <= 1, "{}: {} are read for one place: {}", app.name, read.len(), list.sql);
        }
        assert_eq!(scene.sums(&app).await, (2, 2_999), "{}", app.name);
        let next = guests::rows_of(&app, "SELECT turn FROM event_rsvps WHERE state = 'COMING' ORDER BY turn DESC").await;
        assert_eq!(next[0].try_get_by_index::<i32>(0).expect("a turn"), 1_003, "{}: the first who fits", app.name);
        // Without an end to the places all of them come.
        assert_eq!(scene.change(&app, "eventEdit", json!({ "capacity": null })).await, "done", "{}", app.name);
        assert_eq!(scene.sums(&app).await, (3_001, 0), "{}", app.name);
        app.leave_jobs();
    }
}
