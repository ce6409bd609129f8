//! Signing up: nothing is sent until whoever reads the address's mail has confirmed it, and what they agreed to is kept.

use alliance::retention;
use alliance_entity::email_subscription::EmailSubscriptionState;
use alliance_tests::app::TestApp;
use axum::http::HeaderMap;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::guests::{self, done, rows_of, stranger_tries};
use crate::people;
use crate::subscribing::{CAMPAIGN, HIDDEN, INSTITUTION, OTHER, asked, both, confirmed, input, signed_up, stored, token_of};
use crate::viewers::{HERE, THERE};

#[tokio::test]
async fn whoever_confirms_gets_what_they_asked_for_and_what_they_agreed_to_is_kept() {
    for (app, ada, _) in both().await {
        let words = "Yes, write to me.";
        let edit = json!({ "id": HERE.to_string(), "version": 1, "emailSubscriptionWording": words, "mailColour": "#003366" });
        ada.does(&app, "allianceEdit", edit, "alliance { emailSubscriptionWording { text version } mailColour }").await;
        let topics = json!([CAMPAIGN.to_string(), INSTITUTION.to_string()]);
        let more = json!({ "topics": topics, "frequency": "WEEKLY", "name": "Zoë Ó Briain", "wordingVersion": 2 });
        let mail = asked(&app, "Zoe@Example.org", more).await;
        assert_eq!(
            (mail.to.as_str(), mail.subject.as_str()),
            ("Zoe@example.org", "Do you want updates from here?"),
            "{}",
            app.name
        );
        assert!(!mail.text.contains("Zoë") && !mail.html.contains("Zoë"), "{}: no stranger's words: {}", app.name, mail.text);
        assert!(mail.html.contains("#003366"), "{}: {}", app.name, mail.html);
        assert_eq!(stored(&app, "zoe@example.org").await, None, "{}", app.name);
        let subscription = confirmed(&app, &token_of(&mail)).await;
        assert_eq!(subscription["state"], "CONFIRMED");
        assert_eq!(
            (&subscription["frequency"], &subscription["name"]),
            (&json!("WEEKLY"), &json!("Zoë Ó Briain")),
            "{}",
            app.name
        );
        let names: Vec<&Value> = subscription["topics"].as_array().expect("a list").iter().map(|topic| &topic["name"]).collect();
        assert_eq!(names, ["clean-air", "a-school"], "{}", app.name);
        let consent = &subscription["consent"];
        assert_eq!((&consent["wording"], &consent["version"], &consent["source"]), (&json!(words), &json!(2), &json!("PROGRAM")));
        assert_eq!(consent["requestedAt"], "2026-11-24T12:00:00Z", "{}", app.name);
        // Other words hold for those who come later.
        ada.does(
            &app,
            "allianceEdit",
            json!({ "id": HERE.to_string(), "version": 2, "emailSubscriptionWording": null }),
            "alliance { id }",
        )
        .await;
        let row = stored(&app, "zoe@example.org").await.expect("it is there");
        assert_eq!((row.wording.as_str(), row.wording_version), (words, 2), "{}", app.name);
        assert_eq!(row.network.as_deref(), Some("127.0.0.0/24"), "{}", app.name);
        assert_eq!(stranger_tries(&app, "emailSubscriptionConfirm", json!({ "token": token_of(&mail) })).await, "EXPIRED");
        let told = stranger_tries(&app, "emailSubscriptionRequest", input("x@example.org", json!({ "wordingVersion": 2 }))).await;
        assert_eq!(told, "CONFLICT", "{}: they were shown other words", app.name);
    }
}

#[tokio::test]
async fn a_request_ends_after_three_days_and_nothing_is_left_of_it() {
    for (app, ..) in both().await {
        let token = token_of(&asked(&app, "zoe@example.org", json!({})).await);
        let almost = app.later(TimeDelta::hours(72) - TimeDelta::seconds(1));
        retention::run(&almost.app).await.expect("the database answers");
        assert_eq!(rows_of(&app, "SELECT 1 FROM subscription_requests").await.len(), 1, "{}", app.name);
        let late = app.later(TimeDelta::hours(72));
        let told = stranger_tries(&late, "emailSubscriptionConfirm", json!({ "token": token })).await;
        assert_eq!(told, "EXPIRED", "{}", app.name);
        retention::run(&app.later(TimeDelta::hours(73)).app).await.expect("the database answers");
        assert_eq!(rows_of(&app, "SELECT 1 FROM subscription_requests").await.len(), 0, "{}", app.name);
    }
}

#[tokio::test]
async fn what_is_no_address_no_name_or_no_topic_is_refused_and_nothing_is_written() {
    for (app, ..) in both().await {
        let campaign = |id: &str| json!({ "topics": [id] });
        let before = guests::dump(&app).await;
        for (email, more, field, code) in [
            ("zoe@example.org\r\nBcc: eve@example.org", json!({}), "email", "INVALID"),
            ("zo\u{435}@example.org", json!({}), "email", "INVALID"),
            ("zoe", json!({}), "email", "INVALID"),
            (&format!("{}@example.org", "z".repeat(300)), json!({}), "email", "INVALID"),
            ("zoe@example.org", json!({ "name": "Zoë\nBcc: eve@example.org" }), "name", "INVALID"),
            ("zoe@example.org", json!({ "name": "see https://evil.example" }), "name", "INVALID"),
            ("zoe@example.org", json!({ "name": "\u{202e}Zoë" }), "name", "INVALID"),
            ("zoe@example.org", json!({ "name": "z".repeat(101) }), "name", "INVALID"),
            ("zoe@example.org", campaign(&HIDDEN.to_string()), "topics", "NOT_FOUND"),
            ("zoe@example.org", campaign(&THERE.to_string()), "topics", "NOT_FOUND"),
            ("zoe@example.org", campaign("nothing"), "topics", "NOT_FOUND"),
            ("zoe@example.org", json!({ "topics": vec![CAMPAIGN.to_string(); 101] }), "topics", "TOO_LONG"),
            ("zoe@example.org", json!({ "alliance": "alliance_01h455vb4pex5vsknk084sn02q" }), "alliance", "NOT_FOUND"),
        ] {
            let selection = "accepted userErrors { field code }";
            let answer = people::change(&app, "", "emailSubscriptionRequest", &input(email, more), selection).await;
            let told = answer.payload();
            assert_eq!(
                (&told["accepted"], &told["userErrors"][0]["code"]),
                (&Value::Null, &json!(code)),
                "{}: {email}",
                app.name
            );
            assert_eq!(told["userErrors"][0]["field"], json!(["input", field]), "{}: {email}", app.name);
        }
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
    }
}

/// What an answer and the work for it look like from outside.
#[derive(Debug, PartialEq)]
struct Seen {
    status: u16,
    headers: HeaderMap,
    text: String,
    statements: Vec<String>,
}

async fn seen(app: &TestApp, email: &str) -> Seen {
    app.statements();
    let answer = people::change(app, "", "emailSubscriptionRequest", &input(email, json!({})), "accepted").await;
    let mut headers = answer.headers;
    assert!(headers.remove("x-request-id").is_some(), "{}", app.name);
    let statements = app.statements().into_iter().map(|statement| statement.sql).collect();
    Seen { status: answer.status.as_u16(), headers, text: answer.text, statements }
}

#[tokio::test]
async fn every_address_is_answered_byte_for_byte_alike_after_the_same_work() {
    for (app, ..) in both().await {
        signed_up(&app, "known@example.org", json!({})).await;
        let cancelled = signed_up(&app, "cancelled@example.org", json!({})).await;
        done(&app, ("", "emailSubscriptionCancel"), json!({ "token": cancelled }), "subscription { state }").await;
        let erased = signed_up(&app, "erased@example.org", json!({})).await;
        done(&app, ("", "emailSubscriptionErase"), json!({ "token": erased }), "erased").await;
        guests::registered(&app, "account@example.org").await;
        let unknown = seen(&app, "unknown@example.org").await;
        assert!(unknown.status == 200 && unknown.text.contains("\"accepted\":true"), "{}: {unknown:?}", app.name);
        assert!(unknown.statements.len() > 4, "{}: {unknown:?}", app.name);
        for email in ["known@example.org", "cancelled@example.org", "erased@example.org", "account@example.org"] {
            assert_eq!(seen(&app, email).await, unknown, "{}: {email}", app.name);
        }
        app.work().await;
        let mut told: Vec<String> = app.mails().into_iter().map(|mail| mail.to).collect();
        told.sort_unstable();
        let expected = ["account@example.org", "cancelled@example.org", "known@example.org", "unknown@example.org"];
        assert_eq!(told, expected, "{}: whoever was erased is left alone", app.name);
    }
}

#[tokio::test]
async fn whoever_signs_up_again_loses_nothing_and_a_stranger_changes_nothing() {
    for (app, ..) in both().await {
        let token = signed_up(&app, "zoe@example.org", json!({ "topics": [CAMPAIGN.to_string()], "name": "Zoë" })).await;
        let first = stored(&app, "zoe@example.org").await.expect("it is there");
        let again = asked(&app, "ZOE@example.org", json!({ "topics": [OTHER.to_string()], "frequency": "DAILY" })).await;
        assert_eq!(stored(&app, "zoe@example.org").await.as_ref(), Some(&first), "{}", app.name);
        let subscription = confirmed(&app, &token_of(&again)).await;
        let names: Vec<&Value> = subscription["topics"].as_array().expect("a list").iter().map(|topic| &topic["name"]).collect();
        assert_eq!(
            (names, &subscription["name"]),
            (vec![&json!("clean-air"), &json!("warm-homes")], &json!("Zoë")),
            "{}",
            app.name
        );
        assert_eq!(rows_of(&app, "SELECT 1 FROM email_subscriptions").await.len(), 1, "{}", app.name);

        done(&app, ("", "emailSubscriptionCancel"), json!({ "token": token }), "subscription { state }").await;
        done(&app, ("", "emailSubscriptionCancel"), json!({ "token": token }), "subscription { state }").await;
        let told = stranger_tries(&app, "emailSubscriptionEdit", json!({ "token": token, "frequency": "DAILY" })).await;
        assert_eq!(told, "WRONG_STATE", "{}", app.name);
        confirmed(&app, &token_of(&asked(&app, "zoe@example.org", json!({})).await)).await;
        let back = stored(&app, "zoe@example.org").await.expect("it is there");
        assert_eq!((back.id, back.state, back.ended_at), (first.id, EmailSubscriptionState::Confirmed, None), "{}", app.name);
    }
}

#[tokio::test]
async fn a_token_changes_its_own_subscription_and_what_is_no_token_of_ours_none() {
    for (app, ..) in both().await {
        let mail = asked(&app, "zoe@example.org", json!({})).await;
        let request = token_of(&mail);
        confirmed(&app, &request).await;
        let own = signed_up(&app, "rosa@example.org", json!({})).await;
        let before = guests::dump(&app).await;
        let (id, seal) = own["alu_".len()..].split_at(32);
        let swapped = format!("alu_{}{seal}", stored(&app, "zoe@example.org").await.expect("it is there").id.0.simple());
        let bent = format!("alu_{id}{}", seal.replace(&seal[..1], if seal.starts_with('0') { "1" } else { "0" }));
        for token in [
            &request,
            &request.replace("als_", "alu_"),
            &swapped,
            &bent,
            &own.to_uppercase(),
            &String::new(),
            &"alu_é".to_owned(),
        ] {
            for (field, more) in [
                ("emailSubscriptionEdit", json!({ "frequency": "DAILY" })),
                ("emailSubscriptionCancel", json!({})),
                ("emailSubscriptionErase", json!({})),
            ] {
                let mut tried = json!({ "token": token });
                tried.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
                assert_eq!(stranger_tries(&app, field, tried).await, "EXPIRED", "{}: {field}: {token}", app.name);
            }
        }
        assert_eq!(stranger_tries(&app, "emailSubscriptionConfirm", json!({ "token": own })).await, "EXPIRED", "{}", app.name);
        assert_eq!(stranger_tries(&app, "emailSubscriptionCancel", json!({})).await, "REQUIRED", "{}", app.name);
        for topics in [json!([]), json!([HIDDEN.to_string()]), Value::Null] {
            let told = stranger_tries(&app, "emailSubscriptionEdit", json!({ "token": own, "topics": topics })).await;
            assert!(["REQUIRED", "NOT_FOUND"].contains(&told.as_str()), "{}: {told}", app.name);
        }
        assert_eq!(guests::dump(&app).await, before, "{}", app.name);
        let edit = json!({ "token": own, "topics": [OTHER.to_string()], "frequency": "DAILY", "name": "Rosa" });
        let edited =
            done(&app, ("", "emailSubscriptionEdit"), edit, "subscription { email name frequency topics { name } }").await;
        let expected =
            json!({ "email": "rosa@example.org", "name": "Rosa", "frequency": "DAILY", "topics": [{ "name": "warm-homes" }] });
        assert_eq!(edited["subscription"], expected, "{}", app.name);
    }
}
