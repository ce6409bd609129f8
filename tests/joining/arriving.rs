//! The newcomer's way: from an admin's invitation to a role.

use serde_json::{Value, json};

use crate::guests::{self, PASSWORD, change, counts, done, outcome, sign_in};
use crate::viewers::HERE;

/// What somebody is told of a password that will not do.
async fn told(app: &alliance_tests::app::TestApp, token: &str, password: Option<&str>) -> (String, String) {
    let input = json!({ "token": token, "password": password });
    let response = change(app, ("", "accountConfirm"), input, "account { id }").await;
    let payload = &response["data"]["accountConfirm"];
    assert_eq!(payload["account"], Value::Null, "{response}");
    let error = &payload["userErrors"][0];
    assert_eq!(error["field"], json!(["input", "password"]), "{response}");
    (error["code"].as_str().unwrap_or_default().to_owned(), error["message"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn an_invited_newcomer_chooses_a_password_signs_in_and_becomes_an_editor() {
    for app in guests::both().await {
        let admin = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let input = json!({ "alliance": HERE.to_string(), "email": "Ines@Example.org", "name": "Ines Ilic", "role": "AUTHOR" });
        let payload = admin.does(&app, "accountInvite", input, "invitation { email name role expiresAt }").await;
        let invitation =
            json!({ "email": "Ines@example.org", "name": "Ines Ilic", "role": "AUTHOR", "expiresAt": "2026-12-01T12:00:00Z" });
        assert_eq!(payload["invitation"], invitation, "{}", app.name);
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        assert_eq!((mail.to.as_str(), mail.subject.as_str()), ("Ines@example.org", "here invites you"));
        assert!(mail.text.contains("Ada Adams invites you to work at here as author."), "{}", mail.text);
        let token = guests::token(&mail.text);

        let before = counts(&app).await;
        for (password, code, reason) in [
            (None, "REQUIRED", "choose a password for the account"),
            (Some("abracadabra"), "WEAK", "A password has at least 15 characters."),
            (Some("ines ilic example org"), "WEAK", "It holds your name, your address or ours, and too little besides."),
            (Some("passwordpassword1"), "WEAK", "This password would be guessed too soon."),
        ] {
            let (told, message) = told(&app, &token, password).await;
            assert!(told == code && message.contains(reason), "{}: {password:?}: {told}: {message}", app.name);
        }
        assert_eq!(counts(&app).await, before, "{}: what was refused wrote nothing", app.name);

        let selection = "account { name email roles { role } }";
        let payload = done(&app, ("", "accountConfirm"), json!({ "token": token, "password": PASSWORD }), selection).await;
        // Nobody is signed in by a link: what is the account's alone is not told yet.
        assert_eq!(payload["account"], json!({ "name": "Ines Ilic", "email": null, "roles": [] }), "{}", app.name);
        let session = sign_in(&app, "ines@example.org", PASSWORD).await;
        let viewer = "{ viewer { account { id name email } roles { role alliance { slug } } isOperator } }";
        let told = guests::ask(&app, &session, viewer, &json!({})).await["data"]["viewer"].take();
        let author = json!({ "role": "AUTHOR", "alliance": { "slug": "here" } });
        assert_eq!((&told["roles"], &told["isOperator"]), (&json!([author]), &json!(false)), "{}", app.name);
        assert_eq!(told["account"]["email"], "Ines@example.org", "{}", app.name);

        let input = json!({ "account": told["account"]["id"], "alliance": HERE.to_string(), "role": "EDITOR" });
        admin.does(&app, "roleGrant", input, "account { id }").await;
        let told = guests::ask(&app, &session, viewer, &json!({})).await["data"]["viewer"].take();
        let editor = json!({ "role": "EDITOR", "alliance": { "slug": "here" } });
        assert_eq!(told["roles"], json!([author, editor]), "{}: with the next request", app.name);
        app.work().await;
        let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
        assert!(mail.to == "Ines@example.org" && mail.text.contains("a role at here: editor."), "{}", mail.text);
    }
}

#[tokio::test]
async fn the_first_operator_follows_the_link_that_the_start_shows() {
    for app in guests::both().await {
        let shown = || async { alliance::accounts::actions::setup::first_link(&app.app).await.expect("the database answers") };
        let (old, link) = (shown().await.expect("there is no admin"), shown().await.expect("there is no admin"));
        let input = |link: &str, more: Value| {
            let mut input = json!({ "token": guests::token(link), "password": PASSWORD });
            input.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
            input
        };
        let tries =
            |input: Value| async { outcome(&change(&app, ("", "accountConfirm"), input, "__typename").await, "accountConfirm") };
        let own = json!({ "email": "olga@example.org", "name": "Olga Olsen" });
        assert_eq!(tries(input(&old, own.clone())).await, "EXPIRED", "{}: an earlier link counts no more", app.name);
        assert_eq!(tries(input(&link, json!({}))).await, "REQUIRED", "{}: nobody knows the address", app.name);
        assert_eq!(tries(input(&link, json!({ "email": "olga" }))).await, "INVALID", "{}", app.name);
        assert_eq!(tries(input(&link, own.clone())).await, "done", "{}", app.name);
        assert_eq!(tries(input(&link, own)).await, "EXPIRED", "{}: a link works once", app.name);
        let session = sign_in(&app, "olga@example.org", PASSWORD).await;
        let told = guests::ask(&app, &session, "{ viewer { isOperator account { name } } }", &json!({})).await;
        assert_eq!(told["data"]["viewer"], json!({ "isOperator": true, "account": { "name": "Olga Olsen" } }), "{}", app.name);
        assert_eq!(shown().await, None, "{}: there is an operator now", app.name);
        app.work().await;
        assert!(app.mails().is_empty(), "{}: nothing was sent", app.name);
    }
}
