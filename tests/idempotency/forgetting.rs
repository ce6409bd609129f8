//! How long answers are kept, and that none is of whoever was erased.

use std::time::Duration;

use alliance::idempotency::{self, Claim, Kept, Turn};
use alliance::retention;
use alliance::viewer::Viewer;
use alliance_entity::account_role::Role;
use alliance_entity::id::VisitorId;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

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

/// The right to make a change under a key.
async fn claim(app: &TestApp, key: &str) -> Claim {
    match turn(app, key).await {
        Turn::Mine(claim) => claim,
        other => panic!("{}: {other:?}", app.name),
    }
}

async fn turn(app: &TestApp, key: &str) -> Turn {
    let visitor = Viewer::Visitor(VisitorId(Uuid::from_u128(7)));
    let request = idempotency::Request::new(&app.app, &visitor, key, "a change", "somebody".to_owned());
    idempotency::turn(&app.app, &request.expect("they are known")).await.expect("the database answers")
}

fn answer() -> Kept {
    Kept { body: "{ \"name\": \"Rookwood\" }".to_owned(), has_errors: false }
}

#[tokio::test]
async fn an_answer_that_is_being_given_while_somebody_is_erased_is_not_kept() {
    for app in guests::both().await {
        let ines = guests::registered(&app, "rookwood@example.org").await;
        let (made, unmade) = (claim(&app, "made").await, claim(&app, "unmade").await);
        let txn = app.app.db().begin().await.expect("the database answers");
        made.mark(&txn).await.expect("it holds");
        txn.commit().await.expect("the database answers");
        let own = json!({ "id": ines.id.to_string(), "password": PASSWORD });
        ines.does(&app, "accountEraseData", own, "id").await;
        for claim in [&made, &unmade] {
            claim.keep(&app.app, &answer()).await.expect("the database answers");
        }
        let left: Vec<_> = dump(&app).await.into_iter().filter(|row| row.contains("Rookwood")).collect();
        assert_eq!(left, [""; 0], "{}", app.name);
        let again = turn(&app, "made").await;
        assert!(matches!(again, Turn::Unkept), "{}: that it was made is known: {again:?}", app.name);
        claim(&app, "unmade").await;
    }
}

#[tokio::test]
async fn nobody_begins_with_a_key_while_somebody_is_erased() {
    for app in guests::both().await {
        let txn = app.app.db().begin().await.expect("the database answers");
        idempotency::forget_answers(&txn, None).await.expect("the database answers");
        let mut claiming = std::pin::pin!(claim(&app, "one"));
        let early = tokio::time::timeout(Duration::from_millis(300), &mut claiming).await;
        assert!(early.is_err(), "{}: it would read what is being erased", app.name);
        txn.commit().await.expect("the database answers");
        claiming.await;
        assert_eq!(rows_of(&app, "idempotency_keys").await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn no_answer_holds_what_a_deleted_enquiry_said() {
    let submit =
        "mutation($input: EnquirySubmitInput!) { enquirySubmit(input: $input) { enquiry { message } userErrors { code } } }";
    let delete =
        "mutation($input: EnquiryDeleteInput!) { enquiryDelete(input: $input) { enquiry { id message } userErrors { code } } }";
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let asked = json!({ "input": {
            "alliance": HERE.to_string(), "institutionName": "A choir", "institutionKind": "OTHER", "contactName": "Rosa", "email": "rosa@choir.example",
            "message": "Rambling Rookwood",
        } });
        keyed(&app, (&rosa.token, "ask"), submit, &asked).await.done();
        app.work().await;
        let id = ada.ask(&app, "{ enquiries { nodes { id } } }").await["data"]["enquiries"]["nodes"][0]["id"].take();
        let gone = json!({ "input": { "id": id, "version": 1 } });
        let told = keyed(&app, (&ada.token, "delete"), delete, &gone).await;
        assert_eq!(told.done()["enquiry"]["message"], "Rambling Rookwood", "{}", app.name);
        let left: Vec<_> = dump(&app).await.into_iter().filter(|row| row.contains("Rookwood")).collect();
        assert_eq!(left, [""; 0], "{}", app.name);
        let again = keyed(&app, (&ada.token, "delete"), delete, &gone).await;
        assert_eq!(refused(&again), (409, "BAD_REQUEST"), "{}: it is not done twice: {}", app.name, again.text);
    }
}
