//! Those who have an account: how they are invited to another alliance, and how they change their name and their address.

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::guests::{self, Guest, NEW_PASSWORD, PASSWORD, change, done, mailed, stranger_tries};
use crate::viewers::{HERE, THERE};

/// What an admin is answered who invites somebody, without what they gave, and the statements that it took.
async fn invited(app: &TestApp, admin: &Guest, email: &str) -> (Value, Vec<String>) {
    drop(app.statements());
    let input = json!({ "alliance": THERE.to_string(), "email": email, "name": "Somebody", "role": "EDITOR" });
    let payload = admin.does(app, "accountInvite", input, "invitation { name role expiresAt }").await;
    (payload, app.statements().into_iter().map(|statement| statement.sql).collect())
}

#[tokio::test]
async fn whoever_has_an_account_joins_another_alliance_with_it_and_the_inviter_does_not_learn_that_they_had_one() {
    for app in guests::both().await {
        let here = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let there = guests::admin(&app, Some(THERE), "theo@example.org").await;
        let ines = guests::joined(&app, &here, (HERE, Role::Supporter), "ines@example.org").await;
        // The first time its rights are read besides.
        invited(&app, &there, "nobody@example.org").await;
        let unknown = invited(&app, &there, "nadia@example.org").await;
        app.work().await;
        drop(app.mails());
        let known = invited(&app, &there, "Ines@example.org").await;
        assert_eq!(known, unknown, "{}", app.name);
        let listed = "{ accounts { nodes { email } } }";
        let before = there.ask(&app, listed).await;
        assert_eq!(before["data"]["accounts"]["nodes"], json!([{ "email": "theo@example.org" }]), "{}", app.name);
        let token = mailed(&app).await;
        assert_eq!(ines.roles(&app).await, ["SUPPORTER"], "{}: an invitation is no role", app.name);
        // No password is wanted of who has one, and none is taken from a link.
        let input = json!({ "token": token, "password": NEW_PASSWORD });
        done(&app, ("", "accountConfirm"), input.clone(), "account { id }").await;
        assert_eq!(stranger_tries(&app, "accountConfirm", input).await, "EXPIRED", "{}", app.name);
        assert_eq!(ines.roles(&app).await, ["SUPPORTER", "EDITOR"], "{}", app.name);
        guests::sign_in(&app, "ines@example.org", PASSWORD).await;
        let after = there.ask(&app, "{ accounts { nodes { email roles { role alliance { slug } } } } }").await;
        let roles = |role: &str| json!([{ "role": role, "alliance": { "slug": "there" } }]);
        let expected = json!([{ "email": "ines@example.org", "roles": roles("EDITOR") },
            { "email": "theo@example.org", "roles": roles("ADMIN") }]);
        assert_eq!(after["data"]["accounts"]["nodes"], expected, "{}: what they are elsewhere is not theirs to know", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn an_invitation_ends_with_the_right_of_who_sent_it() {
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let ines = guests::joined(&app, &ada, (HERE, Role::Admin), "ines@example.org").await;
        let invitation = json!({ "alliance": HERE.to_string(), "email": "eve@example.org", "name": "Eve", "role": "ADMIN" });
        ada.does(&app, "accountInvite", invitation, "invitation { role }").await;
        let token = mailed(&app).await;
        let revoked = json!({ "account": ada.id.to_string(), "alliance": HERE.to_string(), "role": "ADMIN" });
        ines.does(&app, "roleRevoke", revoked, "account { id }").await;
        let (status, _, page) = app.get(&format!("/account/invitation?token={token}"), &[]).await;
        assert_eq!(status.as_u16(), 410, "{}: {page}", app.name);
        let input = json!({ "token": token, "password": NEW_PASSWORD });
        assert_eq!(stranger_tries(&app, "accountConfirm", input).await, "EXPIRED", "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn an_alliance_that_does_not_exist_is_not_found_by_the_operator() {
    for app in guests::both().await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let nowhere = "alliance_01jdz0000000000000000000zz";
        let before = guests::dump(&app).await;
        let invite = json!({ "alliance": nowhere, "email": "ines@example.org", "name": "Ines" });
        assert_eq!(operator.tries(&app, "accountInvite", invite).await, "NOT_FOUND", "{}", app.name);
        let grant = json!({ "account": operator.id.to_string(), "alliance": nowhere, "role": "EDITOR" });
        assert_eq!(operator.tries(&app, "roleGrant", grant).await, "NOT_FOUND", "{}", app.name);
        let key = json!({ "alliance": nowhere, "holder": "Leicester", "scopes": ["CONTENT_READ"] });
        assert_eq!(operator.tries(&app, "apiKeyCreate", key).await, "NOT_FOUND", "{}", app.name);
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
    }
}

#[tokio::test]
async fn another_address_counts_once_its_link_is_followed_and_the_old_one_is_told() {
    for app in guests::both().await {
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let wrong = json!({ "email": "rose@example.org", "password": NEW_PASSWORD });
        assert_eq!(rosa.tries(&app, "accountEmailChange", wrong).await, "INCORRECT", "{}", app.name);
        let moves = |email: &'static str| {
            let (app, rosa) = (&app, &rosa);
            async move { rosa.does(app, "accountEmailChange", json!({ "email": email, "password": PASSWORD }), "accepted").await }
        };
        let other = moves("other@example.org").await;
        let older = mailed(&app).await;
        assert_eq!(moves("Rose@example.org").await, other, "{}", app.name);
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        assert_eq!(mail.to, "Rose@example.org", "{}", app.name);
        let token = guests::token(&mail.text);
        let email =
            || async { rosa.ask(&app, "{ viewer { account { email } } }").await["data"]["viewer"]["account"]["email"].take() };
        assert_eq!(email().await, "rosa@example.org", "{}: until then it has the old one", app.name);
        done(&app, ("", "accountConfirm"), json!({ "token": token }), "account { id }").await;
        assert_eq!(email().await, "Rose@example.org", "{}", app.name);
        for spent in [&token, &older] {
            assert_eq!(stranger_tries(&app, "accountConfirm", json!({ "token": spent })).await, "EXPIRED", "{}", app.name);
        }
        guests::sign_in(&app, "rose@example.org", PASSWORD).await;
        let old = json!({ "email": "rosa@example.org", "password": PASSWORD });
        assert_eq!(stranger_tries(&app, "signIn", old).await, "INCORRECT", "{}", app.name);
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        assert_eq!(
            (mail.to.as_str(), mail.subject.as_str()),
            ("rosa@example.org", "Your address at citizens.example was changed")
        );
        assert!(!format!("{}{}", mail.text, mail.html).to_lowercase().contains("rose@example.org"), "{}", mail.text);
    }
}

#[tokio::test]
async fn another_address_that_is_taken_is_accepted_alike_and_no_mail_is_sent() {
    for app in guests::both().await {
        let rosa = guests::registered(&app, "rosa@example.org").await;
        guests::registered(&app, "nadia@example.org").await;
        app.work().await;
        drop(app.mails());
        let asked = |email: &'static str| {
            let (app, rosa) = (&app, &rosa);
            async move {
                drop(app.statements());
                let input = json!({ "email": email, "password": PASSWORD });
                let payload = change(app, (&rosa.token, "accountEmailChange"), input, "accepted").await;
                (payload, app.statements().into_iter().map(|statement| statement.sql).collect::<Vec<_>>())
            }
        };
        asked("first@example.org").await;
        let (known, unknown) = (asked("nadia@example.org").await, asked("free@example.org").await);
        assert_eq!(known, unknown, "{}", app.name);
        app.work().await;
        let told: Vec<String> = app.mails().into_iter().map(|mail| mail.to).collect();
        assert_eq!(told, ["first@example.org", "free@example.org"], "{}", app.name);
        // Who gets the address in the meantime keeps it.
        asked("late@example.org").await;
        let token = mailed(&app).await;
        guests::registered(&app, "late@example.org").await;
        assert_eq!(stranger_tries(&app, "accountConfirm", json!({ "token": token })).await, "TAKEN", "{}", app.name);
    }
}

#[tokio::test]
async fn a_name_is_changed_by_its_owner_from_the_version_that_they_read() {
    for app in guests::both().await {
        let rosa = guests::registered(&app, "rosa@example.org").await;
        let nadia = guests::registered(&app, "nadia@example.org").await;
        let input = |version: i32, name: &str| json!({ "id": rosa.id.to_string(), "version": version, "name": name });
        let edited = rosa.does(&app, "accountEdit", input(1, " Rosa  Rose "), "account { name nameIsPublic version }").await;
        assert_eq!(edited["account"], json!({ "name": "Rosa  Rose", "nameIsPublic": false, "version": 2 }), "{}", app.name);
        let before = guests::dump(&app).await;
        assert_eq!(rosa.tries(&app, "accountEdit", input(1, "Rosa")).await, "CONFLICT", "{}", app.name);
        for name in ["", "Ro\nsa", "Rosa\r\nBcc: eve@example.org", "R\u{202e}osa", "https://example.org"] {
            assert_eq!(rosa.tries(&app, "accountEdit", input(2, name)).await, "INVALID", "{}: {name:?}", app.name);
        }
        assert_eq!(nadia.tries(&app, "accountEdit", input(2, "Nadia")).await, "NOT_FOUND", "{}", app.name);
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
        let public = json!({ "id": rosa.id.to_string(), "version": 2, "nameIsPublic": true });
        let edited = rosa.does(&app, "accountEdit", public, "account { name nameIsPublic version }").await;
        assert_eq!(edited["account"], json!({ "name": "Rosa  Rose", "nameIsPublic": true, "version": 3 }), "{}", app.name);
    }
}
