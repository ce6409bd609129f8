//! Who is what in an alliance: granting and revoking roles, keeping an account out, and the last admin, who stays.

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::guests::{self, Guest, PASSWORD, rows_of, stranger_tries};
use crate::viewers::{HERE, THERE};

fn role(of: &Guest, role: &str) -> Value {
    json!({ "account": of.id.to_string(), "alliance": HERE.to_string(), "role": role })
}

fn disabled(of: &Guest, disabled: bool) -> Value {
    json!({ "id": of.id.to_string(), "disabled": disabled })
}

/// How many admins an alliance has who can sign in.
async fn admins(app: &TestApp) -> usize {
    let sql = "SELECT r.account_id FROM account_roles r JOIN accounts a ON a.id = r.account_id \
               WHERE r.role = 'ADMIN' AND a.disabled_at IS NULL";
    rows_of(app, sql).await.len()
}

#[tokio::test]
async fn a_role_counts_from_the_next_request_and_so_does_its_end() {
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Supporter), "ines@example.org").await;
        let invitation = |email: &str| json!({ "alliance": HERE.to_string(), "email": email, "name": "Nadia" });
        assert_eq!(ines.tries(&app, "accountInvite", invitation("a@example.org")).await, "FORBIDDEN", "{}", app.name);
        assert_eq!(ada.tries(&app, "roleGrant", role(&ines, "ADMIN")).await, "done", "{}", app.name);
        assert_eq!(ines.roles(&app).await, ["ADMIN", "SUPPORTER"], "{}", app.name);
        assert_eq!(ines.tries(&app, "accountInvite", invitation("b@example.org")).await, "done", "{}", app.name);
        // Once more changes nothing, and tells nobody.
        app.work().await;
        drop(app.mails());
        let before = guests::dump(&app).await;
        assert_eq!(ada.tries(&app, "roleGrant", role(&ines, "ADMIN")).await, "done", "{}", app.name);
        assert_eq!(ada.tries(&app, "roleRevoke", role(&ines, "EDITOR")).await, "done", "{}", app.name);
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
        assert_eq!(ada.tries(&app, "roleRevoke", role(&ines, "ADMIN")).await, "done", "{}", app.name);
        assert_eq!(ines.roles(&app).await, ["SUPPORTER"], "{}", app.name);
        assert_eq!(ines.tries(&app, "accountInvite", invitation("c@example.org")).await, "FORBIDDEN", "{}", app.name);
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        assert!(mail.to == ines.email && mail.text.contains("took a role at here from you: admin."), "{}", mail.text);
    }
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_and_stays_out_until_it_is_let_in_again() {
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Editor), "ines@example.org").await;
        assert!(ines.is_signed_in(&app).await, "{}", app.name);
        assert_eq!(ines.tries(&app, "accountDisable", disabled(&ada, true)).await, "NOT_FOUND", "{}", app.name);
        assert_eq!(ines.tries(&app, "accountDisable", disabled(&ines, true)).await, "FORBIDDEN", "{}", app.name);
        let done = ada.does(&app, "accountDisable", disabled(&ines, true), "account { isDisabled }").await;
        assert_eq!(done["account"], json!({ "isDisabled": true }), "{}", app.name);
        assert!(!ines.is_signed_in(&app).await, "{}", app.name);
        let sessions = "SELECT id FROM sessions WHERE ended_at IS NULL";
        assert_eq!(rows_of(&app, sessions).await.len(), 1, "{}: but for the admin's", app.name);
        let password = json!({ "email": ines.email, "password": PASSWORD });
        assert_eq!(stranger_tries(&app, "signIn", password.clone()).await, "INCORRECT", "{}", app.name);
        guests::done(&app, ("", "passwordResetRequest"), json!({ "email": ines.email }), "accepted").await;
        app.work().await;
        assert!(app.mails().is_empty(), "{}: no link lets it in", app.name);
        assert_eq!(ada.tries(&app, "accountDisable", disabled(&ines, false)).await, "done", "{}", app.name);
        assert!(!ines.is_signed_in(&app).await, "{}: its sessions have ended", app.name);
        assert_eq!(stranger_tries(&app, "signIn", password).await, "done", "{}", app.name);
    }
}

#[tokio::test]
async fn an_account_with_roles_elsewhere_is_kept_out_only_by_whoever_administers_all_of_them() {
    for app in guests::both().await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let theo = guests::admin(&app, Some(THERE), "theo@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Editor), "ines@example.org").await;
        let elsewhere = json!({ "account": ines.id.to_string(), "alliance": THERE.to_string(), "role": "AUTHOR" });
        assert_eq!(theo.tries(&app, "roleGrant", elsewhere.clone()).await, "NOT_FOUND", "{}: who is that?", app.name);
        assert_eq!(operator.tries(&app, "roleGrant", elsewhere).await, "done", "{}", app.name);
        let before = guests::dump(&app).await;
        for admin in [&ada, &theo] {
            assert_eq!(admin.tries(&app, "accountDisable", disabled(&ines, true)).await, "FORBIDDEN", "{}", app.name);
        }
        assert_eq!(ada.tries(&app, "accountDisable", disabled(&operator, true)).await, "NOT_FOUND", "{}", app.name);
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
        let both = json!({ "account": ada.id.to_string(), "alliance": THERE.to_string(), "role": "ADMIN" });
        assert_eq!(operator.tries(&app, "roleGrant", both).await, "done", "{}", app.name);
        assert_eq!(ada.tries(&app, "accountDisable", disabled(&ines, true)).await, "done", "{}", app.name);
        assert!(!ines.is_signed_in(&app).await, "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn the_last_admin_of_an_alliance_and_the_last_operator_stay() {
    for app in guests::both().await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Admin), "ines@example.org").await;
        assert_eq!(ada.tries(&app, "accountDisable", disabled(&ines, true)).await, "done", "{}", app.name);
        let before = guests::dump(&app).await;
        let own = json!({ "id": ada.id.to_string(), "password": PASSWORD });
        for (who, field, input) in [
            (&ada, "roleRevoke", role(&ada, "ADMIN")),
            (&operator, "roleRevoke", role(&ada, "ADMIN")),
            (&operator, "accountDisable", disabled(&ada, true)),
            (&operator, "accountEraseData", own.clone()),
            (&ada, "accountEraseData", own.clone()),
            (&operator, "accountEraseData", json!({ "id": operator.id.to_string(), "password": PASSWORD })),
        ] {
            assert_eq!(who.tries(&app, field, input).await, "LAST_ADMIN", "{}: {field}", app.name);
        }
        assert_eq!(guests::dump(&app).await, before, "{}: who cannot sign in is no other admin", app.name);
        assert_eq!(ada.tries(&app, "accountDisable", disabled(&ines, false)).await, "done", "{}", app.name);
        assert_eq!(ada.tries(&app, "accountEraseData", own).await, "done", "{}", app.name);
        assert_eq!(admins(&app).await, 1, "{}", app.name);

        let other = guests::admin(&app, None, "oscar@example.org").await;
        assert_eq!(other.tries(&app, "accountDisable", disabled(&operator, true)).await, "done", "{}", app.name);
        let own = json!({ "id": other.id.to_string(), "password": PASSWORD });
        assert_eq!(other.tries(&app, "accountEraseData", own.clone()).await, "LAST_ADMIN", "{}", app.name);
        assert_eq!(other.tries(&app, "accountDisable", disabled(&operator, false)).await, "done", "{}", app.name);
        assert_eq!(other.tries(&app, "accountEraseData", own).await, "done", "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn of_two_admins_who_remove_each_other_at_once_one_remains() {
    for app in guests::both().await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Admin), "ines@example.org").await;
        for field in ["roleRevoke", "roleRevoke", "roleRevoke", "accountDisable"] {
            let input = |of: &Guest| if field == "roleRevoke" { role(of, "ADMIN") } else { disabled(of, true) };
            assert!(ada.is_signed_in(&app).await && ines.is_signed_in(&app).await, "{}: their rights are known", app.name);
            let tried = join(ada.tries(&app, field, input(&ines)), ines.tries(&app, field, input(&ada))).await;
            let outcomes = [tried.0.as_str(), tried.1.as_str()];
            assert_eq!(outcomes.iter().filter(|outcome| **outcome == "done").count(), 1, "{}: {field}: {outcomes:?}", app.name);
            let refused = outcomes.into_iter().find(|outcome| *outcome != "done").expect("one is refused");
            // Who comes second knows it before or after the change of the other.
            let ways = ["LAST_ADMIN", "FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"];
            assert!(ways.contains(&refused), "{}: {field}: {refused}", app.name);
            assert_eq!(admins(&app).await, 1, "{}: {field}", app.name);
            for guest in [&ada, &ines] {
                assert_eq!(operator.tries(&app, "roleGrant", role(guest, "SUPPORTER")).await, "done", "{}", app.name);
                assert_eq!(operator.tries(&app, "roleGrant", role(guest, "ADMIN")).await, "done", "{}", app.name);
            }
        }
        app.work().await;
    }
}

#[tokio::test]
async fn of_two_operators_who_disable_each_other_at_once_one_remains() {
    for app in guests::both().await {
        let olga = guests::admin(&app, None, "olga@example.org").await;
        let oscar = guests::admin(&app, None, "oscar@example.org").await;
        assert!(olga.is_signed_in(&app).await && oscar.is_signed_in(&app).await, "{}: their rights are known", app.name);
        let tried = join(
            olga.tries(&app, "accountDisable", disabled(&oscar, true)),
            oscar.tries(&app, "accountDisable", disabled(&olga, true)),
        );
        let (one, other) = tried.await;
        let outcomes = [one.as_str(), other.as_str()];
        assert!(outcomes.contains(&"done"), "{}: {outcomes:?}", app.name);
        let ways = ["LAST_ADMIN", "UNAUTHENTICATED"];
        assert!(outcomes.iter().any(|outcome| ways.contains(outcome)), "{}: {outcomes:?}", app.name);
        let able = "SELECT id FROM accounts WHERE is_operator AND disabled_at IS NULL";
        assert_eq!(rows_of(&app, able).await.len(), 1, "{}", app.name);
    }
}
