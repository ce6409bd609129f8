//! How long answers are kept, and that none is of whoever was erased.

use alliance::retention;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::json;

use crate::guests::{self, PASSWORD, dump};
use crate::idempotency::{EDIT, EMAIL, Editor, is_replayed, keyed, refused};
use crate::people::rows_of;
use crate::viewers::HERE;

#[tokio::test]
async fn an_answer_is_kept_for_a_day() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        rosa.edit(&app, "one", (1, "Rosa")).await.done();
        for (hours, left) in [(23, 1), (25, 0)] {
            retention::run(&app.later(TimeDelta::hours(hours)).app).await.expect("the database answers");
            assert_eq!(rows_of(&app, "idempotency_keys").await, left, "{}: after {hours} h", app.name);
        }
        let again = rosa.edit(&app, "one", (1, "Rosa")).await;
        assert_eq!((again.refused(), is_replayed(&again)), ("CONFLICT", false), "{}: it is a new request", app.name);
    }
}

#[tokio::test]
async fn no_answer_names_somebody_who_was_erased_and_nothing_is_done_twice_for_it() {
    let grant = "mutation($input: RoleGrantInput!) { roleGrant(input: $input) { account { name email } userErrors { code } } }";
    let erase = "mutation($input: AccountEraseDataInput!) { accountEraseData(input: $input) { id userErrors { code } } }";
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Author), "rookwood@example.org").await;
        let granted = json!({ "input": { "account": ines.id.to_string(), "alliance": HERE.to_string(), "role": "EDITOR" } });
        keyed(&app, (&ada.token, "grant"), grant, &granted).await.done();
        let named = |guest: &guests::Guest, version: i32, name: &str| json!({ "input": { "id": guest.id.to_string(), "version": version, "name": name } });
        keyed(&app, (&ada.token, "stale"), EDIT, &named(&ada, 9, "Ada")).await.payload();
        keyed(&app, (&ines.token, "own"), EDIT, &named(&ines, 1, "Rambling Rookwood")).await.done();
        app.work().await;
        drop(app.mails());
        let hers =
            async || dump(&app).await.into_iter().filter(|row| row.to_lowercase().contains("rookwood")).collect::<Vec<_>>();
        assert!(hers().await.len() > 1, "{}: she is known", app.name);

        let own = json!({ "input": { "id": ines.id.to_string(), "password": PASSWORD } });
        keyed(&app, (&ines.token, "erase"), erase, &own).await.done();
        assert_eq!(hers().await, [""; 0], "{}", app.name);
        let again = keyed(&app, (&ada.token, "grant"), grant, &granted).await;
        assert_eq!(refused(&again), (409, "BAD_REQUEST"), "{}: {}", app.name, again.text);
        let again = keyed(&app, (&ada.token, "stale"), EDIT, &named(&ada, 9, "Ada")).await;
        assert_eq!((again.refused(), is_replayed(&again)), ("CONFLICT", false), "{}: nothing was done", app.name);
        assert_eq!(rows_of(&app, "idempotency_keys").await, 3, "{}: hers but for the last is gone", app.name);
        app.work().await;
    }
}
