//! Repeats: one change, and the same answer for all who ask for it again.

use std::collections::BTreeSet;

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use futures_util::future::join_all;
use serde_json::json;

use crate::idempotency::{EDIT, EDITED, EMAIL, Editor, is_replayed, kept, keyed, refused};
use crate::people::{ask, ask_with, demo, rows_of, sign_in, status_of, welcomed};

#[tokio::test]
async fn a_hundred_repeats_at_once_make_one_change_and_have_one_answer() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        let answers = join_all((0..100).map(|_| rosa.edit(&app, "one", (1, "Rosa Rook")))).await;
        for answer in &answers {
            assert_eq!(answer.status.as_u16(), 200, "{}: {}", app.name, answer.text);
            assert_eq!(answer.done()["account"], json!({ "name": "Rosa Rook", "version": 2 }), "{}", app.name);
        }
        let texts: BTreeSet<&str> = answers.iter().map(|answer| answer.text.as_str()).collect();
        assert_eq!((texts.len(), answers.iter().filter(|answer| is_replayed(answer)).count()), (1, 99), "{}", app.name);
        for table in EDITED {
            assert_eq!(rows_of(&app, table).await, 1, "{}: {table}", app.name);
        }
        assert_eq!(rosa.stored(&app).await, ("Rosa Rook".to_owned(), 2), "{}", app.name);
    }
}

#[tokio::test]
async fn two_nodes_that_are_asked_at_once_make_one_change() {
    for app in TestApp::both().await {
        let other = TestApp::at(app.app.config().database.expose()).await;
        let rosa = Editor::welcome(&app, EMAIL).await;
        let asked = (0..40).map(|number| rosa.edit(if number % 2 == 0 { &app } else { &other }, "one", (1, "Rosa Rook")));
        let answers = join_all(asked).await;
        let texts: BTreeSet<&str> = answers.iter().map(|answer| answer.text.as_str()).collect();
        assert_eq!(texts.len(), 1, "{}: {texts:?}", app.name);
        assert_eq!(answers[0].done()["account"]["version"], 2, "{}", app.name);
        for table in EDITED {
            assert_eq!(rows_of(&app, table).await, 1, "{}: {table}", app.name);
        }
    }
}

#[tokio::test]
async fn a_key_stands_for_one_request_in_quotes_or_not_whatever_order_its_variables_come_in() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        let first = rosa.edit(&app, "\"a \\\"b\"", (1, "Rosa")).await;
        assert_eq!(refused(&first), (400, "BAD_REQUEST"), "{}: a space is not visible", app.name);
        let first = rosa.edit(&app, "a\"b\\", (1, "Rosa")).await;
        assert!(!is_replayed(&first), "{}", app.name);
        first.done();
        let turned = format!(r#"{{"input":{{"name":"Rosa","version":1,"id":"{}"}}}}"#, rosa.id);
        let turned = serde_json::from_str(&turned).expect("it is JSON");
        let again = keyed(&app, (&rosa.token, r#""a\"b\\""#), EDIT, &turned).await;
        assert_eq!((&again.text, is_replayed(&again)), (&first.text, true), "{}", app.name);
        for (query, variables) in [
            (EDIT.to_owned(), rosa.input(1, "Rose")),
            (EDIT.to_owned(), rosa.input(2, "Rosa")),
            (EDIT.replace("name version", "name"), rosa.input(1, "Rosa")),
            (EDIT.replace("mutation(", "mutation edits("), rosa.input(1, "Rosa")),
        ] {
            let other = keyed(&app, (&rosa.token, "a\"b\\"), &query, &variables).await;
            assert_eq!(refused(&other), (422, "BAD_REQUEST"), "{}: {query}: {}", app.name, other.text);
        }
        assert_eq!(rosa.stored(&app).await, ("Rosa".to_owned(), 2), "{}", app.name);
        assert!(kept(&app).await.is_committed, "{}", app.name);
    }
}

#[tokio::test]
async fn a_key_is_its_holders_own_in_whichever_session() {
    for app in TestApp::both().await {
        let (rosa, nadia) = (Editor::welcome(&app, EMAIL).await, Editor::welcome(&app, "nadia@brassworks.example").await);
        let first = rosa.edit(&app, "one", (1, "Rosa")).await;
        let other = nadia.edit(&app, "one", (1, "Nadia")).await;
        assert_eq!(
            (first.done(), is_replayed(&other)),
            (&json!({ "account": { "name": "Rosa", "version": 2 }, "userErrors": [] }), false)
        );
        assert_eq!(other.done()["account"]["name"], "Nadia", "{}", app.name);
        let elsewhere = Editor { token: sign_in(&app, EMAIL).await.access, ..rosa };
        let again = elsewhere.edit(&app, "one", (1, "Rosa")).await;
        assert_eq!((&again.text, is_replayed(&again)), (&first.text, true), "{}", app.name);
    }
}

#[tokio::test]
async fn a_visitor_and_a_partner_repeat_as_an_account_does() {
    let asked = "mutation($input: PasswordResetRequestInput!) { passwordResetRequest(input: $input) { accepted } }";
    for app in TestApp::both().await {
        let visitor = ask(&app, &[], "mutation { visitorTokenCreate { visitorToken { token } } }", &json!({})).await;
        let visitor = visitor.payload()["visitorToken"]["token"].as_str().expect("a token").to_owned();
        let (_, admin) = welcomed(&app, EMAIL, &[Role::Admin]).await;
        let here = demo(&app).await.to_string();
        let input = json!({ "input": { "alliance": here, "holder": "Derby", "scopes": ["CONTENT_READ"] } });
        let made = "mutation($input: ApiKeyCreateInput!) { apiKeyCreate(input: $input) { secret } }";
        let partner = ask_with(&app, &admin.access, made, &input).await;
        let partner = partner.payload()["secret"].as_str().expect("a secret").to_owned();
        for (token, email) in [(visitor, "a@brassworks.example"), (partner, "b@brassworks.example")] {
            let variables = json!({ "input": { "email": email } });
            let answers = join_all((0..5).map(|_| keyed(&app, (&token, "one"), asked, &variables))).await;
            for answer in &answers {
                assert_eq!(answer.payload(), &json!({ "accepted": true }), "{}: {}", app.name, answer.text);
            }
            // One more mail to this address is too much within the hour.
            let more = keyed(&app, (&token, "two"), asked, &variables).await;
            assert_eq!(more.code(), "RATE_LIMITED", "{}: {}", app.name, more.text);
        }
        assert_eq!(rows_of(&app, "account_links").await, 2, "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn whoever_asks_without_a_key_pays_nothing_for_it() {
    for app in TestApp::both().await {
        let rosa = Editor::welcome(&app, EMAIL).await;
        // The first time its rights are read besides.
        assert_eq!(status_of(&app, &rosa.token).await, 200, "{}", app.name);
        app.statements();
        ask_with(&app, &rosa.token, EDIT, &rosa.input(1, "Rosa")).await.done();
        let without = app.statements();
        assert!(without.iter().all(|statement| !statement.sql.contains("idempotency_keys")), "{}: {without:?}", app.name);
        rosa.edit(&app, "one", (2, "Rose")).await.done();
        let with = app.statements();
        assert_eq!(with.len(), without.len() + 3, "{}: a claim, a mark and the answer: {with:?}", app.name);
        rosa.edit(&app, "one", (2, "Rose")).await.done();
        let again = app.statements();
        assert_eq!(again.len(), 3, "{}: no claim, a count and the answer: {again:?}", app.name);
    }
}
