//! How an enquiry is worked, from the first answer until its institution is a member, and who sees what of it.

use alliance::enquiries::STEPS;
use alliance::retention;
use alliance_entity::account_role::Role;
use alliance_entity::enquiry::EnquiryState;
use alliance_entity::id::InstitutionId;
use alliance_entity::institution::InstitutionStatus;
use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, Iterable};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, done, rows_of};
use crate::rows::{self, put};
use crate::sitting_down::{asked, only, staff};
use crate::viewers::HERE;

#[tokio::test]
async fn an_institution_asks_to_sit_down_and_becomes_a_member_step_by_step() {
    for app in guests::both().await {
        let (ada, omar) = staff(&app).await;
        let payload = done(&app, ("", "enquirySubmit"), asked("nadia@foodbank.example"), "accepted enquiry { id }").await;
        assert_eq!((&payload["accepted"], &payload["enquiry"]), (&json!(true), &json!(null)), "{}", app.name);
        app.work().await;
        let fields = "id version state institutionName institutionKind contactName email phone message organiser { name } assignable { id name } nextStates";
        let enquiry = only(&app, &omar, fields).await;
        assert_eq!(enquiry["message"], "We feed 300 families.\n\nHow do we join?", "{}", app.name);
        assert_eq!(enquiry["nextStates"], json!(["CONTACTED", "MEETING", "CLOSED"]), "{}", app.name);
        let names: Vec<&str> =
            enquiry["assignable"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
        assert_eq!(names, ["Ada Adams", "Ines Ilic"], "{}", app.name);
        let id = enquiry["id"].clone();

        let assign = json!({ "id": id, "version": 1, "organiser": omar.id.to_string() });
        ada.does(&app, "enquiryAssign", assign.clone(), "enquiry { organiser { name } }").await;
        assert_eq!(ada.tries(&app, "enquiryAssign", assign).await, "CONFLICT", "{}", app.name);
        let step = |version: i32, state: &str| json!({ "id": id, "version": version, "state": state });
        assert_eq!(omar.tries(&app, "enquiryAdvance", step(2, "JOINED")).await, "WRONG_STATE", "{}", app.name);
        let mut called = step(2, "CONTACTED");
        called["note"] = json!("Called: she is keen.");
        omar.does(&app, "enquiryAdvance", called, "enquiry { state }").await;
        omar.does(&app, "enquiryNoteCreate", json!({ "id": id, "text": "Bring the leaflet." }), "step { text }").await;
        omar.does(&app, "enquiryAdvance", step(3, "MEETING"), "enquiry { state }").await;
        let mut joined = step(4, "JOINED");
        joined["joinedOn"] = json!("2026-12-01");
        omar.does(&app, "enquiryAdvance", joined, "enquiry { state }").await;

        let query = "{ institutions(filter: { alliance: \"here\" }) { nodes { slug name kind status joinedOn } } }";
        let written = ada.ask(&app, query).await["data"]["institutions"]["nodes"].take();
        let wanted = json!([{
            "slug": "st-anns-food-bank", "name": "St. Ann's Food Bank", "kind": "CHARITY", "status": "DRAFT", "joinedOn": "2026-12-01",
        }]);
        assert_eq!(written, wanted, "{}: editors publish it", app.name);
        let steps =
            only(&app, &ada, "institution { slug } steps { nodes { kind state text organiser { name } createdBy { name } } }")
                .await;
        assert_eq!(steps["institution"]["slug"], "st-anns-food-bank", "{}", app.name);
        let mut kept: Vec<String> = steps["steps"]["nodes"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|one| format!("{} {} {} {}", one["kind"], one["state"], one["text"], one["createdBy"]["name"]).replace('"', ""))
            .collect();
        kept.sort_unstable();
        let wanted = [
            "ADVANCED CONTACTED Called: she is keen. Ines Ilic",
            "ADVANCED JOINED null Ines Ilic",
            "ADVANCED MEETING null Ines Ilic",
            "ASSIGNED NEW null Ada Adams",
            "NOTE CONTACTED Bring the leaflet. Ines Ilic",
            "SUBMITTED NEW null null",
        ];
        assert_eq!(kept, wanted, "{}: each step is kept", app.name);
        ada.does(&app, "enquiryDelete", json!({ "id": id, "version": 5 }), "enquiry { id }").await;
        let wanted = ["enquiryAdvance", "enquiryAssign", "enquiryDelete", "enquiryNoteCreate", "enquirySubmit"];
        assert_eq!(guests::recorded(&app, "enquiry").await, wanted, "{}", app.name);
        let details = rows_of(&app, "SELECT details FROM audit_entries WHERE action LIKE 'enquiry%'").await;
        let details: Vec<String> = details.iter().map(|row| row.try_get_by_index(0).expect("a text")).collect();
        for word in ["Nadia", "foodbank", "keen", "leaflet"] {
            assert!(!details.iter().any(|text| text.contains(word)), "{}: {word}: {details:?}", app.name);
        }
        app.work().await;
    }
}

#[tokio::test]
async fn each_step_leads_where_the_table_says_and_nowhere_else() {
    for app in guests::both().await {
        let (ada, _) = staff(&app).await;
        done(&app, ("", "enquirySubmit"), asked("nadia@foodbank.example"), "accepted").await;
        let id = only(&app, &ada, "id").await["id"].take();
        let spelled = |state: EnquiryState| format!("{state:?}").to_uppercase();
        for (from, to) in EnquiryState::iter().flat_map(|from| EnquiryState::iter().map(move |to| (from, to))) {
            let closed = if from == EnquiryState::Closed { "created_at" } else { "NULL" };
            let sql = format!("UPDATE enquiries SET state = '{}', closed_at = {closed}", spelled(from));
            app.app.db().write().execute_unprepared(&sql).await.expect("it is written");
            let version = only(&app, &ada, "version").await["version"].take();
            let tried = ada.tries(&app, "enquiryAdvance", json!({ "id": id, "version": version, "state": spelled(to) })).await;
            let leads = STEPS.iter().any(|(state, next)| *state == from && next.contains(&to));
            assert_eq!(tried, if leads { "done" } else { "WRONG_STATE" }, "{}: {from:?} to {to:?}", app.name);
        }
        assert_eq!(
            rows_of(&app, "SELECT id FROM institutions WHERE name = 'St. Ann''s Food Bank'").await.len(),
            1,
            "{}",
            app.name
        );
        app.work().await;
    }
}

#[tokio::test]
async fn an_institution_that_is_written_down_is_not_written_down_twice() {
    for app in guests::both().await {
        let (ada, omar) = staff(&app).await;
        let id = InstitutionId(Uuid::from_u128(0x77));
        let row = rows::institution(id, HERE, "food-bank", InstitutionStatus::Published);
        put!(&app, alliance_entity::institution::Model { joined_on: None, ..row });
        for (named, at_the_end) in [(true, false), (false, true)] {
            let mut input = asked("nadia@foodbank.example");
            if named {
                input["institution"] = json!(id.to_string());
            }
            done(&app, ("", "enquirySubmit"), input, "accepted").await;
            let enquiry = only(&app, &omar, "id version").await;
            let mut advance = json!({ "id": enquiry["id"], "version": 1, "state": "CONTACTED" });
            omar.does(&app, "enquiryAdvance", advance.clone(), "enquiry { id }").await;
            (advance["version"], advance["state"]) = (json!(2), json!("JOINED"));
            if at_the_end {
                advance["institution"] = json!(id.to_string());
            }
            let linked = omar.does(&app, "enquiryAdvance", advance, "enquiry { institution { slug isMember } }").await;
            assert_eq!(linked["enquiry"]["institution"], json!({ "slug": "food-bank", "isMember": true }), "{}", app.name);
            ada.does(&app, "enquiryDelete", json!({ "id": enquiry["id"], "version": 3 }), "enquiry { id }").await;
        }
        assert_eq!(
            rows_of(&app, "SELECT id FROM institutions WHERE alliance_id IN (SELECT id FROM alliances WHERE slug = 'here')")
                .await
                .len(),
            1
        );
        let mut nowhere = asked("nadia@foodbank.example");
        nowhere["institution"] = json!(InstitutionId(Uuid::from_u128(0x78)).to_string());
        assert_eq!(guests::stranger_tries(&app, "enquirySubmit", nowhere).await, "NOT_FOUND", "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn whoever_wrote_with_an_account_sees_how_far_it_has_come_and_nothing_of_what_is_noted() {
    for app in guests::both().await {
        let (ada, omar) = staff(&app).await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Editor), "ines@example.org").await;
        let payload = rosa.does(&app, "enquirySubmit", asked("rosa@example.org"), "enquiry { id state }").await;
        assert_eq!(payload["enquiry"]["state"], "NEW", "{}", app.name);
        let id = payload["enquiry"]["id"].clone();
        omar.does(&app, "enquiryAssign", json!({ "id": id, "version": 1, "organiser": omar.id.to_string() }), "enquiry { id }")
            .await;
        let contacted = json!({ "id": id, "version": 2, "state": "CONTACTED", "note": "Careful." });
        omar.does(&app, "enquiryAdvance", contacted, "enquiry { id }").await;
        let fields = "state version organiser { name } assignable { name } nextStates steps { totalCount }";
        let hers = json!({ "state": "CONTACTED", "version": null, "organiser": null, "assignable": [], "nextStates": [], "steps": null });
        assert_eq!(only(&app, &rosa, fields).await, hers, "{}", app.name);
        // Who works it shows in no filter either.
        for filter in [format!("organiser: \"{}\"", omar.id), "isAssigned: true".to_owned(), "isAssigned: false".to_owned()] {
            let found = rosa.ask(&app, &format!("{{ enquiries(filter: {{ {filter} }}) {{ totalCount }} }}")).await;
            assert_eq!(found["data"]["enquiries"]["totalCount"], 0, "{}: {filter}: {found}", app.name);
        }
        for (act, input) in [
            ("enquiryAssign", json!({ "id": id, "version": 3, "organiser": null })),
            ("enquiryAdvance", json!({ "id": id, "version": 3, "state": "CLOSED" })),
            ("enquiryNoteCreate", json!({ "id": id, "text": "Mine." })),
            ("enquiryDelete", json!({ "id": id, "version": 3 })),
        ] {
            assert_eq!(rosa.tries(&app, act, input.clone()).await, "FORBIDDEN", "{}: {act}", app.name);
            assert_eq!(ines.tries(&app, act, input).await, "NOT_FOUND", "{}: an editor: {act}", app.name);
        }
        let tried = omar.tries(&app, "enquiryDelete", json!({ "id": id, "version": 3 })).await;
        assert_eq!(tried, "FORBIDDEN", "{}: admins delete", app.name);
        let nodes = format!("{{ node(id: {id}) {{ id }} }}");
        let seen: Vec<bool> = [rosa.ask(&app, &nodes).await, ines.ask(&app, &nodes).await, app.ask(&nodes).await]
            .iter()
            .map(|answer| answer["data"]["node"].is_object())
            .collect();
        assert_eq!(seen, [true, false, false], "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn what_was_closed_is_erased_after_a_while_and_nothing_else_is() {
    for app in guests::both().await {
        let (ada, _) = staff(&app).await;
        for email in ["nadia@foodbank.example", "open@foodbank.example"] {
            done(&app, ("", "enquirySubmit"), asked(email), "accepted").await;
        }
        let all = ada.ask(&app, "{ enquiries(orderBy: { field: CREATED_AT, direction: ASC }) { nodes { id email } } }").await;
        let nodes = all["data"]["enquiries"]["nodes"].as_array().expect("a list").clone();
        let first = nodes.iter().find(|node| node["email"] == "nadia@foodbank.example").expect("it is there");
        ada.does(&app, "enquiryAdvance", json!({ "id": first["id"], "version": 1, "state": "CLOSED" }), "enquiry { closedAt }")
            .await;
        app.work().await;
        for (days, left) in [(364, 2), (366, 1)] {
            let later = app.later(TimeDelta::days(days));
            retention::run(&later.app).await.expect("the database answers");
            assert_eq!(rows_of(&app, "SELECT id FROM enquiries").await.len(), left, "{}: after {days} days", app.name);
        }
        let left = rows_of(&app, "SELECT DISTINCT enquiry_id FROM enquiry_steps").await;
        assert_eq!(left.len(), 1, "{}: with all that was noted", app.name);
    }
}

#[tokio::test]
async fn only_an_organiser_or_an_admin_of_the_alliance_can_be_given_an_enquiry() {
    for app in guests::both().await {
        let (ada, omar) = staff(&app).await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Editor), "ines@example.org").await;
        done(&app, ("", "enquirySubmit"), asked("nadia@foodbank.example"), "accepted").await;
        let id = only(&app, &omar, "id").await["id"].take();
        let give = |version: i32, to: Value| json!({ "id": id, "version": version, "organiser": to });
        assert_eq!(omar.tries(&app, "enquiryAssign", give(1, json!(ines.id.to_string()))).await, "NOT_FOUND", "{}", app.name);
        assert_eq!(omar.tries(&app, "enquiryAssign", give(1, Value::Null)).await, "WRONG_STATE", "{}", app.name);
        omar.does(&app, "enquiryAssign", give(1, json!(ada.id.to_string())), "enquiry { id }").await;
        omar.does(&app, "enquiryAssign", give(2, Value::Null), "enquiry { id }").await;
        ada.does(&app, "accountDisable", json!({ "id": omar.id.to_string() }), "account { id }").await;
        assert_eq!(ada.tries(&app, "enquiryAssign", give(3, json!(omar.id.to_string()))).await, "NOT_FOUND", "{}", app.name);
        app.work().await;
    }
}
