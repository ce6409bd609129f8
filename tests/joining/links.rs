//! What links of mails do, once and for a while; and that asking for one tells nobody who has an account.

use alliance::accounts::totp::Authenticator;
use alliance_entity::{account, account_link};
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::guests::{self, Guest, NEW_PASSWORD, PASSWORD, change, done, mailed, outcome, rows_of, stranger_tries};

/// What a stranger is answered who asks for a link, and the statements that it took.
async fn asked(app: &TestApp, field: &str, input: Value) -> (Value, Vec<String>) {
    drop(app.statements());
    let response = change(app, ("", field), input, "accepted").await;
    assert_eq!(response["data"][field], json!({ "accepted": true, "userErrors": [] }), "{}: {response}", app.name);
    (response, app.statements().into_iter().map(|statement| statement.sql).collect())
}

/// The recipients and the subjects of the mails that are sent now.
async fn sent(app: &TestApp) -> Vec<(String, String)> {
    app.work().await;
    app.mails().into_iter().map(|mail| (mail.to, mail.subject)).collect()
}

async fn confirms(app: &TestApp, token: &str) -> String {
    stranger_tries(app, "accountConfirm", json!({ "token": token, "password": PASSWORD })).await
}

async fn resets(app: &TestApp, token: &str) -> String {
    stranger_tries(app, "passwordReset", json!({ "token": token, "newPassword": NEW_PASSWORD })).await
}

/// The token of a link that sets a new password.
async fn reset_token(app: &TestApp, email: &str) -> String {
    done(app, ("", "passwordResetRequest"), json!({ "email": email }), "accepted").await;
    mailed(app).await
}

/// Lets every link end after this time.
async fn expire(app: &TestApp, after: TimeDelta) {
    let ends =
        account_link::Entity::update_many().col_expr(account_link::Column::ExpiresAt, Expr::val(app.app.clock().now() + after));
    ends.exec(app.app.db().write()).await.expect("it is written");
}

async fn accounts(app: &TestApp) -> usize {
    rows_of(app, "SELECT id FROM accounts").await.len()
}

#[tokio::test]
async fn registering_is_answered_alike_whether_the_address_is_known_and_makes_no_account_yet() {
    for app in guests::both().await {
        guests::registered(&app, "rosa@example.org").await;
        drop(sent(&app).await);
        let input = |email: &str| json!({ "email": email, "name": "Rosa Rook" });
        let known = asked(&app, "accountRegister", input("ROSA@example.org")).await;
        let unknown = asked(&app, "accountRegister", input("nadia@example.org")).await;
        assert_eq!(known, unknown, "{}", app.name);
        assert!(unknown.1.len() > 3, "{}: {:?}", app.name, unknown.1);
        let mails = sent(&app).await;
        let already = ("ROSA@example.org".to_owned(), "You have an account at citizens.example already".to_owned());
        let confirm = ("nadia@example.org".to_owned(), "Confirm your account at citizens.example".to_owned());
        assert_eq!(mails, [already, confirm], "{}", app.name);
        assert_eq!(accounts(&app).await, 1, "{}: there is none until the link is followed", app.name);
    }
}

#[tokio::test]
async fn a_link_that_was_used_or_replaced_or_is_too_old_or_was_never_sent_makes_no_account() {
    for app in guests::both().await {
        let register = || async {
            done(&app, ("", "accountRegister"), json!({ "email": "rosa@example.org", "name": "Rosa Rook" }), "accepted").await;
            mailed(&app).await
        };
        let (older, newer) = (register().await, register().await);
        for unknown in ["", "all_", "all_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &newer[4..], &newer.to_lowercase()] {
            assert_eq!(confirms(&app, unknown).await, "EXPIRED", "{}: {unknown}", app.name);
        }
        assert_eq!(resets(&app, &newer).await, "EXPIRED", "{}: it sets no password", app.name);
        expire(&app, TimeDelta::zero()).await;
        assert_eq!(confirms(&app, &newer).await, "EXPIRED", "{}: from this moment on", app.name);
        expire(&app, TimeDelta::microseconds(1)).await;
        assert_eq!(accounts(&app).await, 0, "{}", app.name);
        assert_eq!(confirms(&app, &newer).await, "done", "{}", app.name);
        for spent in [&newer, &older] {
            assert_eq!(confirms(&app, spent).await, "EXPIRED", "{}", app.name);
        }
        assert_eq!(accounts(&app).await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn a_link_that_several_follow_at_once_works_for_one() {
    for app in guests::both().await {
        done(&app, ("", "accountRegister"), json!({ "email": "rosa@example.org", "name": "Rosa Rook" }), "accepted").await;
        let token = mailed(&app).await;
        let outcomes = futures_util::future::join_all((0..6).map(|_| confirms(&app, &token))).await;
        let done = outcomes.iter().filter(|outcome| *outcome == "done").count();
        assert_eq!((done, accounts(&app).await), (1, 1), "{}: {outcomes:?}", app.name);
        assert!(outcomes.iter().all(|outcome| ["done", "EXPIRED"].contains(&outcome.as_str())), "{}: {outcomes:?}", app.name);
    }
}

#[tokio::test]
async fn asking_for_a_new_password_is_answered_alike_and_mails_only_those_who_have_an_account() {
    for app in guests::both().await {
        guests::registered(&app, "rosa@example.org").await;
        drop(sent(&app).await);
        let known = asked(&app, "passwordResetRequest", json!({ "email": "Rosa@example.org" })).await;
        let unknown = asked(&app, "passwordResetRequest", json!({ "email": "nadia@example.org" })).await;
        assert_eq!(known, unknown, "{}", app.name);
        let subject = "A new password at citizens.example".to_owned();
        assert_eq!(sent(&app).await, [("Rosa@example.org".to_owned(), subject)], "{}", app.name);
    }
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_the_second_factor_stays() {
    for app in guests::both().await {
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let phone = Guest { token: guests::sign_in(&app, &rosa.email, PASSWORD).await, ..rosa.clone() };
        let sealed = Authenticator::create().sealed(app.app.keys(), rosa.id);
        let set = account::Entity::update_many()
            .col_expr(account::Column::TwoFactorSecret, Expr::val(sealed))
            .col_expr(account::Column::TwoFactorSince, Expr::val(app.app.clock().now()));
        set.filter(account::Column::Id.eq(rosa.id)).exec(app.app.db().write()).await.expect("it is written");
        let (older, token) = (reset_token(&app, &rosa.email).await, reset_token(&app, &rosa.email).await);
        assert_eq!(confirms(&app, &token).await, "INVALID", "{}: it is for `passwordReset`", app.name);
        let weak = json!({ "token": token, "newPassword": "rosa" });
        assert_eq!(stranger_tries(&app, "passwordReset", weak).await, "WEAK", "{}", app.name);
        assert!(rosa.is_signed_in(&app).await && phone.is_signed_in(&app).await, "{}", app.name);
        assert_eq!(resets(&app, &token).await, "done", "{}", app.name);
        for spent in [&token, &older] {
            assert_eq!(resets(&app, spent).await, "EXPIRED", "{}", app.name);
        }
        assert!(!rosa.is_signed_in(&app).await && !phone.is_signed_in(&app).await, "{}", app.name);
        let signs_in = |password: &'static str| {
            let input = json!({ "email": rosa.email, "password": password });
            async { outcome(&change(&app, ("", "signIn"), input, "__typename").await, "signIn") }
        };
        assert_eq!(signs_in(PASSWORD).await, "INCORRECT", "{}", app.name);
        assert_eq!(signs_in(NEW_PASSWORD).await, "TWO_FACTOR_REQUIRED", "{}", app.name);
        let told = sent(&app).await;
        assert_eq!(told, [(rosa.email, "Your password at citizens.example was changed".to_owned())], "{}", app.name);
    }
}

#[tokio::test]
async fn a_new_password_spends_the_links_that_would_change_it_or_the_address() {
    for app in guests::both().await {
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let moves = |password: &'static str, email: &'static str| {
            let (app, rosa) = (&app, &rosa);
            async move {
                rosa.does(app, "accountEmailChange", json!({ "email": email, "password": password }), "accepted").await;
                mailed(app).await
            }
        };
        let (reset, address) = (reset_token(&app, &rosa.email).await, moves(PASSWORD, "thief@example.org").await);
        let input = json!({ "currentPassword": PASSWORD, "newPassword": NEW_PASSWORD });
        rosa.does(&app, "passwordChange", input, "account { id }").await;
        drop(sent(&app).await);
        assert_eq!(resets(&app, &reset).await, "EXPIRED", "{}", app.name);
        assert_eq!(confirms(&app, &address).await, "EXPIRED", "{}", app.name);

        let (address, reset) = (moves(NEW_PASSWORD, "thief@example.org").await, reset_token(&app, &rosa.email).await);
        let input = json!({ "token": reset, "newPassword": PASSWORD });
        done(&app, ("", "passwordReset"), input, "account { id }").await;
        assert_eq!(confirms(&app, &address).await, "EXPIRED", "{}", app.name);
        drop(sent(&app).await);
    }
}
