//! Whatever happens between a change and its answer, the change is made once: processes that are killed or frozen, clients that go
//! away.

use std::pin::pin;
use std::time::Duration;

use alliance::caller::{Caller, Deed};
use alliance::client::Client;
use alliance::error::Error;
use alliance::idempotency::{self, Request, Turn};
use alliance::viewer::Viewer;
use alliance_entity::id::VisitorId;
use alliance_tests::app::TestApp;
use futures_util::poll;
use uuid::Uuid;

use crate::idempotency::{EDITED, EMAIL, Editor, is_replayed, kept, refused, write};
use crate::people::rows_of;

/// What a killed process leaves behind: a claim whose lease ends then, and no answer.
async fn kill(app: &TestApp, is_committed: bool, lease_ends: i64) {
    write(app, &format!("UPDATE idempotency_keys SET answer = NULL, is_committed = {is_committed}, lease_ends = {lease_ends}"))
        .await;
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_is_not_made_again_and_that_is_said() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        rosa.edit(&app, "one", (1, "Rosa")).await.done();
        kill(&app, true, 0).await;
        for _ in 0..2 {
            let again = rosa.edit(&app, "one", (1, "Rosa")).await;
            assert_eq!(refused(&again), (409, "BAD_REQUEST"), "{}: {}", app.name, again.text);
            assert!(again.text.contains("was made the first time"), "{}: {}", app.name, again.text);
        }
        let other = rosa.edit(&app, "one", (2, "Rosa")).await;
        assert_eq!(refused(&other), (422, "BAD_REQUEST"), "{}: {}", app.name, other.text);
        assert_eq!(rows_of(&app, EDITED[0]).await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn a_change_that_was_not_made_before_its_process_was_killed_is_made_once_the_lease_has_ended() {
    for app in TestApp::both().await {
        let app = app.with(|config| config.limits.operation_seconds = 1);
        let rosa = Editor::welcome(&app, EMAIL).await;
        assert_eq!(rosa.edit(&app, "one", (2, "Rosa")).await.refused(), "CONFLICT", "{}", app.name);
        write(&app, "UPDATE accounts SET version = 2").await;
        kill(&app, false, i64::MAX / 2).await;
        let early = rosa.edit(&app, "one", (2, "Rosa")).await;
        assert_eq!(refused(&early), (409, "UNAVAILABLE"), "{}: {}", app.name, early.text);
        assert_eq!(early.header("retry-after"), "1", "{}", app.name);
        kill(&app, false, 0).await;
        let late = rosa.edit(&app, "one", (2, "Rosa")).await;
        assert_eq!((late.done()["account"]["version"].as_i64(), is_replayed(&late)), (Some(3), false), "{}", app.name);
        assert!(is_replayed(&rosa.edit(&app, "one", (2, "Rosa")).await), "{}", app.name);
        assert_eq!(rows_of(&app, EDITED[0]).await, 1, "{}", app.name);
    }
}

/// A visitor's request under one key.
fn request(app: &TestApp) -> Request {
    let visitor = Viewer::Visitor(VisitorId(Uuid::from_u128(1)));
    Request::new(&app.app, &visitor, "one", "asked", "somebody".to_owned()).expect("a visitor can be known again")
}

/// Makes a change under a claim.
async fn change(app: &TestApp, claim: &idempotency::Claim) -> Result<(), Error> {
    let caller = Caller::new(app.app.clone(), Viewer::Anonymous, Client::local()).claiming(Some(claim.clone()));
    let txn = app.app.db().begin().await?;
    caller.record(&txn, Deed::of_account("accountEdit", "AccountEdited", Uuid::from_u128(2))).await?;
    caller.commit(txn).await
}

#[tokio::test]
async fn whoever_was_frozen_until_another_took_over_changes_nothing() {
    for app in TestApp::both_empty().await {
        let turn = async || idempotency::turn(&app.app, &request(&app)).await.expect("the database answers");
        let Turn::Mine(frozen) = turn().await else { panic!("{}: nobody has asked before", app.name) };
        app.app.db().bell().move_time(Duration::from_secs(app.app.config().limits.operation_seconds + 5));
        let Turn::Mine(next) = turn().await else { panic!("{}: the lease has ended", app.name) };
        assert!(matches!(change(&app, &frozen).await, Err(Error::Unavailable)), "{}", app.name);
        frozen.give_up(&app.app).await.expect("the database answers");
        assert_eq!((rows_of(&app, EDITED[0]).await, rows_of(&app, EDITED[1]).await), (0, 0), "{}", app.name);
        change(&app, &next).await.expect("its claim holds");
        let lost = idempotency::Kept { body: "frozen".to_owned(), has_errors: false };
        frozen.keep(&app.app, &lost).await.expect("the database answers");
        app.app.db().bell().move_time(Duration::from_secs(60));
        assert!(matches!(turn().await, Turn::Unkept), "{}: it was made, and there is no answer yet", app.name);
        next.keep(&app.app, &idempotency::Kept { body: "kept".to_owned(), has_errors: true })
            .await
            .expect("the database answers");
        let Turn::Answered(answer) = turn().await else { panic!("{}: there is an answer", app.name) };
        assert_eq!((answer.body.as_str(), answer.has_errors), ("kept", true), "{}", app.name);
        assert_eq!((rows_of(&app, EDITED[0]).await, rows_of(&app, EDITED[1]).await), (1, 1), "{}", app.name);
    }
}

#[tokio::test]
async fn a_claim_that_comes_to_nothing_frees_its_key_and_one_that_made_its_change_does_not() {
    for app in TestApp::both_empty().await {
        let turn = async || idempotency::turn(&app.app, &request(&app)).await.expect("the database answers");
        let Turn::Mine(nothing) = turn().await else { panic!("{}: nobody has asked before", app.name) };
        nothing.give_up(&app.app).await.expect("the database answers");
        let Turn::Mine(made) = turn().await else { panic!("{}: the key is free again", app.name) };
        change(&app, &made).await.expect("its claim holds");
        made.give_up(&app.app).await.expect("the database answers");
        assert!(matches!(turn().await, Turn::Unkept), "{}", app.name);
    }
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_given_once_and_not_kept() {
    for app in TestApp::both().await {
        let app = app.with(|config| config.limits.idempotency_answer_bytes = 100);
        let rosa = Editor::welcome(&app, EMAIL).await;
        rosa.edit(&app, "one", (1, "Rosa")).await.done();
        rosa.edit(&app, "two", (2, &"Rosa ".repeat(15))).await.done();
        assert!(is_replayed(&rosa.edit(&app, "one", (1, "Rosa")).await), "{}", app.name);
        let long = rosa.edit(&app, "two", (2, &"Rosa ".repeat(15))).await;
        assert_eq!(refused(&long), (409, "BAD_REQUEST"), "{}: {}", app.name, long.text);
    }
}

/// Asks, and hangs up once the change is made; says whether the answer was not there before.
async fn hangs_up(app: &TestApp, rosa: &Editor, (version, name): (i32, &str)) -> bool {
    let made = "idempotency_keys WHERE is_committed";
    let before = rows_of(app, made).await;
    let mut asking = pin!(rosa.edit(app, name, (version, name)));
    while poll!(asking.as_mut()).is_pending() {
        if rows_of(app, made).await > before {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn whoever_hangs_up_before_the_answer_finds_it_when_they_ask_again() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        let (mut version, mut name) = (1, "Rosa-1".to_owned());
        while !hangs_up(&app, &rosa, (version, &name)).await {
            version += 1;
            name = format!("Rosa-{version}");
        }
        let again = rosa.edit(&app, &name, (version, &name)).await;
        assert_eq!(again.done()["account"]["name"], name, "{}", app.name);
        assert!(is_replayed(&again), "{}", app.name);
        assert_eq!(rosa.stored(&app).await, (name, version + 1), "{}", app.name);
    }
}

#[tokio::test]
async fn every_key_is_kept_as_a_hash_and_no_password_can_be_tried_on_what_was_asked() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        rosa.edit(&app, "telling-key", (1, "Rosa")).await.done();
        let row = kept(&app).await;
        assert_eq!((row.key.len(), row.request.len(), row.holder), (64, 64, rosa.id.0), "{}", app.name);
        assert!(!format!("{row:?}").contains("telling-key"), "{}: {row:?}", app.name);
        let other = Request::new(&app.app, &Viewer::Anonymous, "one", "asked", String::new());
        assert_eq!(other, None, "{}: nobody can be known by nothing", app.name);
    }
}
