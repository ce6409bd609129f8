//! Whom institutions bring to an event: pledged and counted by staff, and never more than came.

use alliance_entity::account_role::Role;
use alliance_entity::id::InstitutionId;
use alliance_entity::institution::InstitutionStatus;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::coming::Scene;
use crate::guests;
use crate::rows::{self, put};
use crate::viewers::{HERE, THERE};

const FIELDS: &str = "pledgedTurnout actualTurnout turnouts { nodes { institution { slug } pledged actual } }";

async fn set(app: &TestApp, scene: &Scene, input: Value) -> String {
    let version = scene.read(app, Some(&scene.omar), "version").await["version"].take();
    let mut input = input;
    (input["event"], input["version"]) = (json!(scene.event), version);
    scene.omar.tries(app, "eventTurnoutSet", input).await
}

#[tokio::test]
async fn organisers_keep_count_of_what_institutions_pledge_and_bring() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let [mosque, union, elsewhere] = [1, 2, 3].map(|number| InstitutionId(Uuid::from_u128(0x70 + number)));
        put!(
            &app,
            rows::institution(mosque, HERE, "mosque", InstitutionStatus::Published),
            rows::institution(union, HERE, "union", InstitutionStatus::Published),
            rows::institution(elsewhere, THERE, "elsewhere", InstitutionStatus::Published),
        );
        let of = |id: InstitutionId, more: Value| {
            let mut input = more;
            input["institution"] = json!(id.to_string());
            input
        };
        assert_eq!(set(&app, &scene, of(mosque, json!({ "pledged": 30 }))).await, "done", "{}", app.name);
        assert_eq!(set(&app, &scene, of(union, json!({ "pledged": 20 }))).await, "done", "{}", app.name);
        assert_eq!(set(&app, &scene, of(elsewhere, json!({ "pledged": 1 }))).await, "NOT_FOUND", "{}", app.name);
        assert_eq!(set(&app, &scene, of(union, json!({ "pledged": -1 }))).await, "INVALID", "{}", app.name);
        assert_eq!(set(&app, &scene, of(union, json!({ "actual": 5 }))).await, "WRONG_STATE", "{}: it has not begun", app.name);
        let stale = json!({ "event": scene.event, "version": 1, "institution": union.to_string(), "pledged": 4 });
        assert_eq!(scene.omar.tries(&app, "eventTurnoutSet", stale).await, "CONFLICT", "{}", app.name);

        // The same hour on the day after.
        let sign_in = async |later: &TestApp, email: &str| guests::sign_in(later, email, guests::PASSWORD).await;
        let later = app.later(TimeDelta::days(53));
        let mut scene = scene;
        (scene.omar.token, scene.ada.token) =
            (sign_in(&later, "omar@example.org").await, sign_in(&later, "ada@example.org").await);
        assert_eq!(set(&later, &scene, of(mosque, json!({ "actual": 25 }))).await, "done", "{}", app.name);
        assert_eq!(set(&later, &scene, of(union, json!({ "actual": 20, "pledged": null }))).await, "done", "{}", app.name);
        let told = scene.read(&later, Some(&scene.omar), FIELDS).await;
        let wanted = json!({
            "pledgedTurnout": 30, "actualTurnout": 45,
            "turnouts": { "nodes": [
                { "institution": { "slug": "mosque" }, "pledged": 30, "actual": 25 },
                { "institution": { "slug": "union" }, "pledged": null, "actual": 20 },
            ] },
        });
        assert_eq!(told, wanted, "{}", app.name);
        assert_eq!(scene.change(&later, "eventEdit", json!({ "attendance": 44 })).await, "INVALID", "{}", app.name);
        assert_eq!(scene.change(&later, "eventEdit", json!({ "attendance": 50 })).await, "done", "{}", app.name);
        assert_eq!(set(&later, &scene, of(union, json!({ "actual": 26 }))).await, "INVALID", "{}: 50 came", app.name);
        assert_eq!(set(&later, &scene, of(union, json!({ "actual": 25 }))).await, "done", "{}", app.name);
        assert_eq!(set(&later, &scene, of(union, json!({ "actual": null }))).await, "done", "{}", app.name);
        assert_eq!(guests::recorded(&app, "eventTurnoutSet").await, ["eventTurnoutSet"], "{}", app.name);
        let left = scene.read(&later, Some(&scene.omar), "turnouts { totalCount }").await;
        assert_eq!(left["turnouts"]["totalCount"], 1, "{}: what is empty is taken off the list", app.name);
    }
}

#[tokio::test]
async fn pledges_are_between_an_institution_and_the_alliance() {
    for app in guests::both().await {
        let scene = Scene::set(&app, None).await;
        let ines = guests::joined(&app, &scene.ada, (HERE, Role::Editor), "ines@example.org").await;
        let there = guests::joined(&app, &scene.ada, (HERE, Role::Author), "theo@example.org").await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let mosque = InstitutionId(Uuid::from_u128(0x71));
        put!(&app, rows::institution(mosque, HERE, "mosque", InstitutionStatus::Published));
        assert_eq!(set(&app, &scene, json!({ "institution": mosque.to_string(), "pledged": 30 })).await, "done", "{}", app.name);
        let nothing = json!({ "pledgedTurnout": null, "actualTurnout": null, "turnouts": null });
        for guest in [None, Some(&rosa), Some(&there)] {
            assert_eq!(scene.read(&app, guest, FIELDS).await, nothing, "{}", app.name);
        }
        assert_eq!(scene.read(&app, Some(&ines), FIELDS).await["pledgedTurnout"], 30, "{}", app.name);
        let input = json!({ "event": scene.event, "version": 3, "institution": mosque.to_string(), "pledged": 31 });
        for guest in [&rosa, &there] {
            assert_eq!(guest.tries(&app, "eventTurnoutSet", input.clone()).await, "FORBIDDEN", "{}", app.name);
        }
        assert_eq!(ines.tries(&app, "eventTurnoutSet", input).await, "done", "{}", app.name);
    }
}
