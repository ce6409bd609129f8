//! Who guesses learns nothing: whether an address has an account shows neither in the answer nor in what is done for it.

use alliance_entity::account;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use axum::http::HeaderMap;

use crate::people::{self, PASSWORD, joined, try_sign_in};

/// What an answer and the work for it look like from outside: the status, the headers but for the request's own id, the text, the
/// statements, and how many passwords were hashed.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    headers: HeaderMap,
    text: String,
    statements: Vec<String>,
    hashed: usize,
}

async fn seen(app: &TestApp, email: &str, password: &str) -> Seen {
    app.statements();
    let before = app.app.passwords().load().begun;
    let answer = try_sign_in(app, email, password, None).await;
    let mut headers = answer.headers;
    assert!(headers.remove("x-request-id").is_some(), "{}", app.name);
    Seen {
        status: answer.status.as_u16(),
        headers,
        text: answer.text,
        statements: app.statements().into_iter().map(|statement| statement.sql).collect(),
        hashed: app.app.passwords().load().begun - before,
    }
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_password_are_answered_byte_for_byte_alike_after_the_same_work() {
    for app in TestApp::both().await {
        joined(&app, "known@brassworks.example", &[Role::Admin]).await;
        let id = joined(&app, "gone@brassworks.example", &[Role::Editor]).await;
        let row = people::stored(&app, id).await;
        people::store(&app, account::Model { disabled_at: Some(row.created_at), ..row }).await;
        joined(&app, "second@brassworks.example", &[]).await;
        let wrong = seen(&app, "known@brassworks.example", "seven wrong lanterns over Sneinton").await;
        assert_eq!((wrong.hashed, wrong.statements.len()), (1, 5), "{}: {wrong:#?}", app.name);
        assert!(wrong.text.contains("INCORRECT"), "{}: {wrong:#?}", app.name);
        for (email, password) in [
            ("nobody@brassworks.example", PASSWORD),
            ("gone@brassworks.example", PASSWORD),
            ("gone@brassworks.example", "seven wrong lanterns over Sneinton"),
            ("second@brassworks.example", "x"),
        ] {
            assert_eq!(seen(&app, email, password).await, wrong, "{}: {email}", app.name);
        }
        let right = seen(&app, "known@brassworks.example", PASSWORD).await;
        assert!(right.hashed == 1 && right != wrong, "{}: {right:#?}", app.name);
    }
}

#[tokio::test]
async fn a_second_factor_shows_to_nobody_who_has_not_the_password() {
    for app in TestApp::both().await {
        let id = joined(&app, "known@brassworks.example", &[]).await;
        let row = people::stored(&app, id).await;
        people::store(&app, account::Model { two_factor_since: Some(row.created_at), ..row }).await;
        let wrong = seen(&app, "known@brassworks.example", "seven wrong lanterns over Sneinton").await;
        assert_eq!(seen(&app, "nobody@brassworks.example", PASSWORD).await, wrong, "{}", app.name);
        assert!(wrong.text.contains("INCORRECT"), "{}: {wrong:#?}", app.name);
        let right = seen(&app, "known@brassworks.example", PASSWORD).await;
        assert!(right.text.contains("TWO_FACTOR_REQUIRED") && right.hashed == 1, "{}: {right:#?}", app.name);
    }
}
