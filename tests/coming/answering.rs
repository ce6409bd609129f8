//! Who can say that they come, how it is confirmed, and who is told how many do.

use alliance::retention;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::coming::{Scene, announced, mails, token};
use crate::guests::{self, done, rows_of, stranger_tries};
use crate::people;
use crate::viewers::HERE;

#[tokio::test]
async fn somebody_with_an_account_comes_at_once_and_says_so_twice_with_one_effect() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        for guests in [2, 2, 4] {
            assert_eq!(scene.comes(&app, &rosa, guests).await, "COMING", "{}", app.name);
            assert_eq!(scene.sums(&app).await, (i64::from(guests) + 1, 0), "{}", app.name);
        }
        assert_eq!(rows_of(&app, "SELECT id FROM event_rsvps").await.len(), 1, "{}", app.name);
        assert_eq!(mails(&app, "rosa@example.org").await.len(), 0, "{}: no mail is needed", app.name);
        let own = scene.read(&app, Some(&rosa), "viewerRsvp { state guests name email event { title } }").await;
        let wanted = json!({
            "state": "COMING", "guests": 4, "name": "Rosa Rook", "email": "rosa@example.org", "event": { "title": "A vigil for clean air" },
        });
        assert_eq!(own["viewerRsvp"], wanted, "{}", app.name);
        let listed = rosa.ask(&app, "{ viewer { rsvps { nodes { guests event { title } } } } }").await;
        assert_eq!(listed["data"]["viewer"]["rsvps"]["nodes"][0]["guests"], 4, "{}: {listed}", app.name);
        rosa.does(&app, "eventRsvpCancel", json!({ "event": scene.event }), "state").await;
        assert_eq!(scene.sums(&app).await, (0, 0), "{}", app.name);
        let again = rosa.tries(&app, "eventRsvpCancel", json!({ "event": scene.event })).await;
        assert_eq!(again, "NOT_FOUND", "{}: nobody cancels twice", app.name);
        assert_eq!(scene.comes(&app, &rosa, 0).await, "COMING", "{}: and can come back", app.name);
    }
}

#[tokio::test]
async fn a_stranger_comes_once_the_link_of_the_mail_is_followed_and_only_once() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let input = json!({ "event": scene.event, "name": "Nadia Novak", "email": "nadia@example.org", "guests": 1 });
        let answer = done(&app, ("", "eventRsvp"), input, "accepted rsvp { id }").await;
        assert_eq!((&answer["accepted"], &answer["rsvp"]), (&json!(true), &json!(null)), "{}", app.name);
        let [mail] = <[_; 1]>::try_from(mails(&app, "nadia@example.org").await).expect("one mail");
        assert!(
            mail.text.contains("A vigil for clean air") && mail.text.contains("Friday 15 January 2027, 18:00"),
            "{}",
            mail.text
        );
        assert!(!mail.text.contains("Nadia") && !mail.html.contains("Nadia"), "{}: {}", app.name, mail.text);
        assert_eq!(scene.sums(&app).await, (0, 0), "{}: nothing counts yet", app.name);

        let confirm = token(&mail, "confirm");
        let cancels = stranger_tries(&app, "eventRsvpCancel", json!({ "token": confirm })).await;
        assert_eq!(cancels, "EXPIRED", "{}: a link does one thing", app.name);
        let state = done(&app, ("", "eventRsvpConfirm"), json!({ "token": confirm }), "state").await;
        assert_eq!(state["state"], "COMING", "{}", app.name);
        assert_eq!(scene.sums(&app).await, (2, 0), "{}", app.name);
        assert_eq!(stranger_tries(&app, "eventRsvpConfirm", json!({ "token": confirm })).await, "EXPIRED", "{}", app.name);
        let [mail] = <[_; 1]>::try_from(mails(&app, "nadia@example.org").await).expect("one mail");
        assert!(mail.text.contains("/calendar/here/a-vigil-for-clean-air.ics"), "{}: {}", app.name, mail.text);
        let cancel = token(&mail, "cancel");
        done(&app, ("", "eventRsvpCancel"), json!({ "token": cancel }), "state").await;
        assert_eq!(scene.sums(&app).await, (0, 0), "{}", app.name);
        assert_eq!(stranger_tries(&app, "eventRsvpCancel", json!({ "token": cancel })).await, "EXPIRED", "{}", app.name);
        let (id, seal) = cancel.split_at("alg_".len() + 32);
        let other = format!("{id}{}", seal.chars().rev().collect::<String>());
        let wanted = ["eventRsvp", "eventRsvpCancel", "eventRsvpConfirm"];
        assert_eq!(guests::recorded(&app, "eventRsvp").await, wanted, "{}", app.name);
        for forged in [other.as_str(), id, "", "rsvp_01jdz0000000000000000000zz", &confirm.replace("ale_", "alg_")] {
            assert_eq!(stranger_tries(&app, "eventRsvpCancel", json!({ "token": forged })).await, "EXPIRED", "{forged}");
        }
    }
}

#[tokio::test]
async fn a_request_that_nobody_confirms_is_over_after_72_hours_and_is_kept_no_longer() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let confirm = scene.asks(&app, "nadia@example.org", 0).await;
        let later = app.later(TimeDelta::hours(72));
        assert_eq!(stranger_tries(&later, "eventRsvpConfirm", json!({ "token": confirm })).await, "EXPIRED", "{}", app.name);
        retention::run(&app.later(TimeDelta::hours(73)).app).await.expect("the database answers");
        assert_eq!(rows_of(&app, "SELECT id FROM event_rsvps").await.len(), 0, "{}", app.name);
        // A newer request takes the place of an older one.
        let first = scene.asks(&app, "nadia@example.org", 0).await;
        let second = scene.asks(&app, "nadia@example.org", 3).await;
        assert_eq!(stranger_tries(&app, "eventRsvpConfirm", json!({ "token": first })).await, "EXPIRED", "{}", app.name);
        assert_eq!(stranger_tries(&app, "eventRsvpConfirm", json!({ "token": second })).await, "done", "{}", app.name);
        assert_eq!(scene.sums(&app).await, (4, 0), "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn one_person_is_counted_once_however_they_answer() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        // By mail before there is an account, with the account, and by mail again.
        scene.confirms(&app, "Rosa@example.org", 1).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        assert_eq!(scene.comes(&app, &rosa, 2).await, "COMING", "{}", app.name);
        assert_eq!(scene.sums(&app).await, (3, 0), "{}", app.name);
        scene.confirms(&app, "rosa@example.org", 4).await;
        assert_eq!(scene.sums(&app).await, (5, 0), "{}", app.name);
        assert_eq!(rows_of(&app, "SELECT id FROM event_rsvps").await.len(), 1, "{}", app.name);
        let own = scene.read(&app, Some(&rosa), "viewerRsvp { guests }").await;
        assert_eq!(own["viewerRsvp"]["guests"], 4, "{}", app.name);
    }
}

#[tokio::test]
async fn nobody_comes_to_a_draft_to_what_was_called_off_or_has_begun_or_is_not_there() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(3)).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let by_mail = |event: &str| json!({ "event": event, "name": "Nadia", "email": "nadia@example.org" });
        let draft = json!({ "alliance": HERE.to_string(), "title": "A draft", "startsAt": "2027-01-15T18:00:00Z" });
        let draft = scene.ada.does(&app, "eventCreate", draft, "event { id }").await["event"]["id"].take();
        let draft = draft.as_str().expect("an id");
        for (event, told) in [(draft, "NOT_FOUND"), ("event_01jdz0000000000000000000zz", "NOT_FOUND")] {
            assert_eq!(rosa.tries(&app, "eventRsvp", json!({ "event": event })).await, told, "{}", app.name);
            assert_eq!(stranger_tries(&app, "eventRsvp", by_mail(event)).await, told, "{}", app.name);
        }
        let editors = scene.ada.tries(&app, "eventRsvp", json!({ "event": draft })).await;
        assert_eq!(editors, "WRONG_STATE", "{}: nor those who see it", app.name);
        for (field, value, told) in [
            ("guests", json!(11), "INVALID"),
            ("guests", json!(-1), "INVALID"),
            ("guests", json!(3), "INVALID"),
            ("name", json!("Nadia\nNovak"), "INVALID"),
            ("name", Value::Null, "INVALID"),
            ("email", Value::Null, "REQUIRED"),
            ("email", json!("a@example.org\r\nBcc: eve@example.org"), "INVALID"),
        ] {
            let mut input = by_mail(&scene.event);
            input[field] = value.clone();
            assert_eq!(stranger_tries(&app, "eventRsvp", input).await, told, "{}: {field}: {value}", app.name);
        }
        let confirm = scene.asks(&app, "nadia@example.org", 0).await;
        let (_, cancel) = scene.confirms(&app, "early@example.org", 0).await;
        let begun = app.later(TimeDelta::days(90));
        assert_eq!(stranger_tries(&begun, "eventRsvp", by_mail(&scene.event)).await, "WRONG_STATE", "{}", app.name);
        assert_eq!(stranger_tries(&begun, "eventRsvpCancel", json!({ "token": cancel })).await, "WRONG_STATE", "{}", app.name);
        assert_eq!(scene.change(&app, "eventCancel", json!({ "reason": "Snow." })).await, "done", "{}", app.name);
        assert_eq!(rosa.tries(&app, "eventRsvp", json!({ "event": scene.event })).await, "WRONG_STATE", "{}", app.name);
        assert_eq!(stranger_tries(&app, "eventRsvpConfirm", json!({ "token": confirm })).await, "WRONG_STATE", "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn the_public_is_told_how_many_come_from_five_parties_on_and_organisers_who() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let ines = guests::joined(&app, &scene.ada, (HERE, Role::Editor), "ines@example.org").await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let counted = async |guest| scene.read(&app, guest, "rsvpCount").await["rsvpCount"].take();
        assert_eq!(counted(None).await, Value::Null, "{}: nobody is told that nobody comes", app.name);
        scene.comes(&app, &rosa, 10).await;
        for (number, come) in [13, 14, 15].into_iter().enumerate() {
            scene.confirms(&app, &format!("n{number}@example.org"), i32::from(number == 0)).await;
            for guest in [None, Some(&ines), Some(&rosa)] {
                assert_eq!(counted(guest).await, Value::Null, "{}: {come} people are few parties", app.name);
            }
            assert_eq!(counted(Some(&scene.omar)).await, come, "{}", app.name);
        }
        scene.confirms(&app, "nadia@example.org", 0).await;
        for guest in [None, Some(&ines), Some(&scene.omar)] {
            assert_eq!(counted(guest).await, 16, "{}", app.name);
        }
        let more = app.with(|config| config.limits.smallest_sum = 6);
        assert_eq!(scene.read(&more, None, "rsvpCount").await["rsvpCount"], Value::Null, "{}: it is a setting", app.name);
        let list = "rsvps(filter: { states: [COMING] }) { totalCount nodes { name email } } waitingCount";
        let hidden = json!({ "rsvps": null, "waitingCount": null });
        for guest in [None, Some(&ines), Some(&rosa)] {
            assert_eq!(scene.read(&app, guest, list).await, hidden, "{}", app.name);
        }
        let told = scene.read(&app, Some(&scene.omar), list).await;
        let mut names: Vec<String> = told["rsvps"]["nodes"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| Some(one["email"].as_str()?.to_owned()))
            .collect();
        names.sort_unstable();
        let wanted = ["n0@example.org", "n1@example.org", "n2@example.org", "nadia@example.org", "rosa@example.org"];
        assert_eq!(names, wanted, "{}", app.name);
        let id = rows_of(&app, "SELECT id FROM event_rsvps WHERE email IS NOT NULL").await;
        let id = alliance_entity::id::RsvpId(id[0].try_get_by_index(0).expect("an id"));
        let node = format!("{{ node(id: \"{id}\") {{ ... on Rsvp {{ name }} }} }}");
        assert_eq!(rosa.ask(&app, &node).await["data"]["node"], Value::Null, "{}: another's", app.name);
        assert_eq!(scene.omar.ask(&app, &node).await["data"]["node"]["name"], "Nadia Novak", "{}", app.name);
    }
}

#[tokio::test]
async fn who_came_is_forgotten_a_while_after_the_event_and_how_many_is_not() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        scene.comes(&app, &rosa, 3).await;
        scene.confirms(&app, "nadia@example.org", 1).await;
        let begins: i64 = 52;
        for (days, known) in [(begins + 89, 2), (begins + 91, 0)] {
            retention::run(&app.later(TimeDelta::days(days)).app).await.expect("the database answers");
            let sql = "SELECT id FROM event_rsvps WHERE name IS NOT NULL AND (email IS NOT NULL OR account_id IS NOT NULL)";
            assert_eq!(rows_of(&app, sql).await.len(), known, "{}: after {days} days", app.name);
        }
        let sums = rows_of(&app, "SELECT coming FROM rsvp_counters WHERE waiting = 0").await.remove(0);
        assert_eq!(sums.try_get_by_index::<i32>(0).expect("a number"), 6, "{}", app.name);
        let dump = guests::dump(&app).await;
        let left = dump.iter().filter(|row| row.starts_with("event_rsvps") && (row.contains("nadia") || row.contains("Nadia")));
        assert_eq!(left.count(), 0, "{}", app.name);
    }
}

#[tokio::test]
async fn whoever_is_erased_gives_their_place_to_who_waits_and_leaves_nothing_behind() {
    for app in guests::both().await {
        let scene = Scene::set(&app, Some(2)).await;
        let other = announced(&app, &scene.ada, "A lunch", Some(1)).await;
        scene.confirms(&app, "rosa@example.org", 1).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        rosa.does(&app, "eventRsvp", json!({ "event": other }), "rsvp { state }").await;
        assert_eq!(scene.confirms(&app, "nadia@example.org", 0).await.0, "WAITING", "{}", app.name);
        let password = guests::PASSWORD;
        rosa.does(&app, "accountEraseData", json!({ "id": rosa.id.to_string(), "password": password }), "id").await;
        assert_eq!(scene.sums(&app).await, (1, 0), "{}", app.name);
        let told = mails(&app, "nadia@example.org").await;
        assert_eq!(told.len(), 1, "{}", app.name);
        assert_eq!(told[0].subject, "There is a place for you: A vigil for clean air", "{}", app.name);
        let dump = guests::dump(&app).await;
        let left: Vec<_> = dump.iter().filter(|row| row.to_lowercase().contains("rosa")).collect();
        assert_eq!(left, [""; 0], "{}", app.name);
    }
}

#[tokio::test]
async fn fifty_requests_for_one_address_from_fifty_networks_send_one_mail() {
    for app in TestApp::both_set(|flags| flags.trusted_proxies = Some("127.0.0.1".to_owned())).await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let alliance = people::demo(&app).await.to_string();
        let input = json!({ "alliance": alliance, "title": "A vigil", "startsAt": "2027-01-15T18:00:00Z" });
        let event = operator.does(&app, "eventCreate", input, "event { id }").await["event"]["id"].take();
        operator.does(&app, "eventPublish", json!({ "id": event, "version": 1 }), "event { id }").await;
        let query = "mutation($input: EventRsvpInput!) { eventRsvp(input: $input) { accepted userErrors { code } } }";
        let mut taken = 0;
        for number in 0..50 {
            let email = if number % 2 == 0 { "nadia@example.org" } else { "NADIA@example.org" };
            let input = json!({ "input": { "event": event, "name": "Nadia", "email": email } });
            let network = format!("192.0.2.{number}");
            let answer = people::ask(&app, &[("x-forwarded-for", &network)], query, &input).await;
            taken += usize::from(answer.code().is_empty());
            assert!(["", "RATE_LIMITED"].contains(&answer.code()), "{}: {}", app.name, answer.text);
        }
        assert_eq!(taken, 1, "{}", app.name);
        assert_eq!(mails(&app, "nadia@example.org").await.len(), 1, "{}", app.name);
        let limited = app.with(|config| config.limits.rate_rsvps = 2);
        let mut three = Vec::new();
        for number in 0..3 {
            let input = json!({ "input": { "event": event, "name": "N", "email": format!("{number}@example.org") } });
            three.push(people::ask(&limited, &[("x-forwarded-for", "198.51.100.7")], query, &input).await.code().to_owned());
        }
        assert_eq!(three, ["", "", "RATE_LIMITED"], "{}: so many of a network", app.name);
        app.work().await;
    }
}
