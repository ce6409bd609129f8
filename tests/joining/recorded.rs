//! The audit log: every change of accounts, roles and keys is in it, and who may read what of it.

use std::collections::BTreeSet;

use alliance::audit::{self, Actor};
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use aws_lc_rs::hmac;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::guests::{self, Guest, NEW_PASSWORD, PASSWORD, done, mailed};
use crate::sdl::Schema;
use crate::viewers::{HERE, THERE};

/// The changes that are in no log, each for a reason: nothing of anybody's has changed.
const UNRECORDED: [&str; 5] = [
    // There is no account yet, or perhaps none.
    "accountRegister",
    "passwordResetRequest",
    // A visitor is nobody known.
    "visitorTokenCreate",
    // It is recorded where a token was used twice.
    "tokenRefresh",
    // Nothing counts until it is confirmed.
    "twoFactorBegin",
];

/// What is done to content, about enquiries, comments and subscriptions: it is looked for where that is tried.
const OF_CONTENT: [&str; 9] =
    ["post", "campaign", "institution", "event", "person", "enquiry", "reaction", "emailSubscription", "allianceCreate"];

/// The code that an authenticator app shows.
fn code(app: &TestApp, secret: &str) -> String {
    let (mut bits, mut held, mut key) = (0_u32, 0_u32, Vec::new());
    for letter in secret.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).expect("base32");
        (held, bits) = (held << 5 | u32::try_from(value).expect("five bits"), bits + 5);
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from(held >> bits & 0xff).expect("eight bits"));
        }
    }
    let step = app.app.clock().now().timestamp() / 30;
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &step.to_be_bytes());
    let at = usize::from(tag.as_ref()[19] & 15);
    let four = <[u8; 4]>::try_from(&tag.as_ref()[at..at + 4]).expect("four bytes");
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// Everything that can be done with accounts, roles, keys and an alliance, once.
async fn everything(app: &TestApp, ada: &Guest) -> [Guest; 2] {
    let ines = guests::joined(app, ada, (HERE, Role::Author), "ines@example.org").await;
    let rosa = guests::registered(app, "rosa@example.org").await;
    let (own, here) = (rosa.id.to_string(), HERE.to_string());
    let role = json!({ "account": ines.id.to_string(), "alliance": here, "role": "EDITOR" });
    ada.does(app, "roleGrant", role.clone(), "account { id }").await;
    ada.does(app, "roleRevoke", role, "account { id }").await;
    let key = json!({ "alliance": here, "holder": "Leicester", "scopes": ["CONTENT_READ"] });
    let key = ada.does(app, "apiKeyCreate", key, "apiKey { id }").await["apiKey"]["id"].take();
    ada.does(app, "apiKeyRevoke", json!({ "id": key }), "apiKey { id }").await;
    let partner = json!({ "alliance": here, "name": "Derby", "carriesAll": true });
    let partner = ada.does(app, "partnerCreate", partner, "partner { id }").await["partner"]["id"].take();
    ada.does(app, "partnerEdit", json!({ "id": partner, "version": 1, "isSuspended": true }), "partner { id }").await;
    ada.does(app, "partnerDelete", json!({ "id": partner, "version": 2, "confirm": "Derby" }), "partner { id }").await;
    webhooks(app, ada).await;
    ada.does(app, "allianceEdit", json!({ "id": here, "version": 1, "twoFactorRequired": false }), "alliance { id }").await;
    ada.does(app, "accountDisable", json!({ "id": ines.id.to_string() }), "account { id }").await;
    ada.does(app, "accountDisable", json!({ "id": ines.id.to_string(), "disabled": false }), "account { id }").await;

    rosa.does(app, "accountEdit", json!({ "id": own, "version": 1, "name": "Rosa" }), "account { id }").await;
    app.work().await;
    drop(app.mails());
    let moved = json!({ "email": "rose@example.org", "password": PASSWORD });
    rosa.does(app, "accountEmailChange", moved, "accepted").await;
    let token = mailed(app).await;
    done(app, ("", "accountConfirm"), json!({ "token": token }), "account { id }").await;
    let secret = rosa.does(app, "twoFactorBegin", json!({ "password": PASSWORD }), "secret").await["secret"].take();
    let code = code(app, secret.as_str().expect("a secret"));
    let codes = rosa.does(app, "twoFactorConfirm", json!({ "oneTimePassword": code }), "twoFactor { recoveryCodes }").await;
    let code = &codes["twoFactor"]["recoveryCodes"][0];
    rosa.does(app, "twoFactorDisable", json!({ "password": PASSWORD, "oneTimePassword": code }), "account { id }").await;
    let passwords = json!({ "currentPassword": PASSWORD, "newPassword": NEW_PASSWORD });
    rosa.does(app, "passwordChange", passwords, "account { id }").await;
    app.work().await;
    drop(app.mails());
    leave(app, &Guest { email: "rose@example.org".to_owned(), ..rosa.clone() }).await;
    [ines, rosa]
}

/// All that can be done with webhooks.
async fn webhooks(app: &TestApp, ada: &Guest) {
    let new = json!({ "alliance": HERE.to_string(), "url": "https://127-0-0-1.invalid/", "events": ["POST_PUBLISHED"] });
    let webhook = ada.does(app, "webhookCreate", new, "webhook { id version }").await["webhook"]["id"].take();
    let (which, read) = (json!({ "id": webhook }), |version: i32| json!({ "id": webhook, "version": version }));
    let test = ada.does(app, "webhookTest", which, "delivery { id }").await["delivery"]["id"].take();
    ada.does(app, "webhookRedeliver", json!({ "id": test }), "delivery { id }").await;
    let since = json!({ "id": webhook, "since": app.app.clock().now() });
    ada.does(app, "webhookReplay", since, "webhook { id }").await;
    ada.does(app, "webhookSecretRotate", read(1), "webhook { id }").await;
    ada.does(app, "webhookEdit", json!({ "id": webhook, "version": 2, "isEnabled": false }), "webhook { id }").await;
    ada.does(app, "webhookDelete", read(3), "webhook { id }").await;
}

/// All ways to end sessions, and at the end the account.
async fn leave(app: &TestApp, rosa: &Guest) {
    let own = rosa.id.to_string();
    done(app, ("", "passwordResetRequest"), json!({ "email": rosa.email }), "accepted").await;
    let input = json!({ "token": mailed(app).await, "newPassword": PASSWORD });
    done(app, ("", "passwordReset"), input, "account { id }").await;
    let again = || async { Guest { token: guests::sign_in(app, &rosa.email, PASSWORD).await, ..rosa.clone() } };
    let (phone, laptop) = (again().await, again().await);
    let sessions = phone.ask(app, "{ viewer { sessions { id isCurrent } } }").await["data"]["viewer"]["sessions"].take();
    let other = sessions.as_array().expect("a list").iter().find(|session| session["isCurrent"] == false).expect("another");
    phone.does(app, "sessionRevoke", json!({ "session": other["id"] }), "session").await;
    assert!(!laptop.is_signed_in(app).await, "{}", app.name);
    phone.does(app, "signOut", json!({}), "session").await;
    again().await.does(app, "signOutEverywhere", json!({}), "sessions").await;
    let last = again().await;
    last.does(app, "accountDataExport", json!({ "id": own, "password": PASSWORD }), "export").await;
    last.does(app, "accountEraseData", json!({ "id": own, "password": PASSWORD }), "id").await;
}

/// The log as somebody sees it.
async fn log(app: &TestApp, guest: &Guest) -> Vec<Value> {
    let query = "{ auditLog(first: 100) { totalCount nodes { action actorKind actor subjectType subjectId alliance { slug } network details } } }";
    let mut list = guest.ask(app, query).await["data"]["auditLog"].take();
    let total = list["totalCount"].take();
    let nodes = list["nodes"].as_array_mut().expect("a list");
    assert_eq!(total, nodes.len(), "{}", app.name);
    std::mem::take(nodes)
}

#[tokio::test]
async fn every_change_of_accounts_roles_and_keys_is_recorded_with_who_what_whom_and_the_network() {
    for app in guests::both().await {
        let operator = guests::admin(&app, None, "olga@example.org").await;
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let [ines, rosa] = everything(&app, &ada).await;
        app.work().await;
        let entries = log(&app, &operator).await;
        let people = [("olga", &operator), ("ada", &ada), ("ines", &ines), ("rosa", &rosa)];
        let called = |text: &str| {
            people.iter().fold(text.to_owned(), |text, (name, of)| {
                text.replace(&of.id.to_string(), name).replace(&of.id.0.to_string(), name)
            })
        };
        let mut told: Vec<String> = Vec::new();
        for entry in &entries {
            let word = |name: &str| entry[name].as_str().unwrap_or("-");
            let network = word("network");
            assert!(network == "-" || network.ends_with("/24"), "{network}");
            let subject = if word("subjectType") == "ACCOUNT" { called(word("subjectId")) } else { "one".to_owned() };
            let (actor, alliance) = (called(word("actor")), entry["alliance"]["slug"].as_str().unwrap_or("-"));
            let details: Value = serde_json::from_str(word("details")).expect("JSON");
            let details = if details.get("session").is_some() { "a session".to_owned() } else { called(word("details")) };
            let (action, kind, of) = (word("action"), word("actorKind"), word("subjectType"));
            told.push(format!("{action} | {kind} {actor} | {of} {subject} | {alliance} | {network} | {details}"));
        }
        // Those of one moment stand in no order.
        told.sort_unstable();
        insta::assert_snapshot!("audit_log_of_accounts", told.join("\n"));
        let recorded: BTreeSet<&str> = entries.iter().filter_map(|entry| entry["action"].as_str()).collect();
        for field in Schema::read().fields("Mutation") {
            let name = field.name.node.as_str();
            if OF_CONTENT.iter().any(|noun| name.starts_with(noun)) {
                continue;
            }
            assert_eq!(recorded.contains(name), !UNRECORDED.contains(&name), "{}: `{name}` in the log", app.name);
        }
    }
}

#[tokio::test]
async fn an_editor_reads_what_was_done_to_content_an_admin_all_of_the_alliance_and_everybody_what_they_did() {
    for app in guests::both().await {
        let ada = guests::admin(&app, Some(HERE), "ada@example.org").await;
        let theo = guests::admin(&app, Some(THERE), "theo@example.org").await;
        let mut staff = Vec::new();
        for (role, email) in [
            (Role::Editor, "edda@example.org"),
            (Role::Author, "arno@example.org"),
            (Role::Organiser, "orla@example.org"),
            (Role::Supporter, "sven@example.org"),
        ] {
            staff.push((role, guests::joined(&app, &ada, (HERE, role), email).await));
        }
        for (alliance, subject_type) in [(HERE, "POST"), (HERE, "ENQUIRY"), (THERE, "POST")] {
            let txn = app.app.db().begin().await.expect("the database answers");
            let entry = audit::Entry {
                actor: Actor::System,
                action: "somethingDone",
                subject_type,
                subject_id: Some(Uuid::from_u128(1)),
                alliance: Some(alliance),
                network: None,
                details: json!({}),
            };
            audit::record(&txn, app.app.clock().now(), entry).await.expect("it is written");
            txn.commit().await.expect("it is written");
        }
        let seen = |entries: Vec<Value>, of: &Guest| {
            let own = Value::from(of.id.to_string());
            let others = entries.into_iter().filter(move |entry| entry["actor"] != own);
            let mut told: Vec<String> = others
                .map(|entry| {
                    format!("{} {} {}", entry["action"], entry["subjectType"], entry["alliance"]["slug"]).replace('"', "")
                })
                .collect();
            told.sort_unstable();
            told
        };
        for (role, guest) in &staff {
            let entries = log(&app, guest).await;
            assert!(entries.iter().any(|entry| entry["action"] == "signIn"), "{}: {role:?} sees what they did", app.name);
            let expected: &[&str] = if *role == Role::Editor { &["somethingDone POST here"] } else { &[] };
            assert_eq!(seen(entries, guest), expected, "{}: {role:?}", app.name);
        }
        let here = seen(log(&app, &ada).await, &ada);
        let joined = ["accountConfirm ACCOUNT here"; 4];
        let made = ["admin create ACCOUNT here", "somethingDone ENQUIRY here", "somethingDone POST here"];
        assert_eq!(here, [&joined[..], &made[..]].concat(), "{}", app.name);
        let there = seen(log(&app, &theo).await, &theo);
        assert_eq!(there, ["admin create ACCOUNT there", "somethingDone POST there"], "{}", app.name);
    }
}
