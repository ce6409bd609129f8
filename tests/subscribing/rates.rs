//! How many mails somebody can have sent to an address: few, whichever way they ask and from however many networks.

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::people::{Answer, ask, demo};
use alliance_tests::running::changing;

async fn from(app: &TestApp, network: u32, field: &str, input: Value) -> Answer {
    let address = format!("192.0.{network}.7");
    ask(app, &[("x-forwarded-for", &address)], &changing(field, "accepted"), &json!({ "input": input })).await
}

#[tokio::test]
async fn fifty_networks_that_ask_for_one_address_have_one_mail_sent_on_each_path() {
    for app in TestApp::both_set(|flags| flags.trusted_proxies = Some("127.0.0.1".to_owned())).await {
        let alliance = demo(&app).await.to_string();
        let (mut taken, mut refused) = (0, 0);
        for network in 0..50 {
            let email = if network % 2 == 0 { "zoe@example.org" } else { "ZOE@EXAMPLE.ORG" };
            let ways = [
                ("emailSubscriptionRequest", json!({ "alliance": alliance, "email": email })),
                ("accountRegister", json!({ "email": email, "name": "Zoë" })),
                ("passwordResetRequest", json!({ "email": email })),
            ];
            for at in 0..ways.len() {
                let (field, input) = ways[(at + network as usize) % ways.len()].clone();
                let answer = from(&app, network, field, input).await;
                match answer.code() {
                    "" => taken += 1,
                    "RATE_LIMITED" => refused += 1,
                    other => panic!("{}: {field}: {other}: {}", app.name, answer.text),
                }
            }
        }
        // One for all mails together, and one that sets a new password, which nobody may keep its owner from.
        assert_eq!((taken, refused), (2, 148), "{}", app.name);
        app.work().await;
        assert_eq!(app.mails().len(), 1, "{}: nobody's password is set anew who has no account", app.name);
    }
}

#[tokio::test]
async fn a_network_asks_for_few_addresses_an_hour() {
    for app in TestApp::both_set(|flags| flags.trusted_proxies = Some("127.0.0.1".to_owned())).await {
        let alliance = demo(&app).await.to_string();
        for number in 0..12 {
            let input = json!({ "alliance": alliance, "email": format!("{number}@example.org") });
            let answer = from(&app, 1, "emailSubscriptionRequest", input).await;
            assert_eq!(answer.code(), if number < 10 { "" } else { "RATE_LIMITED" }, "{}: {number}", app.name);
        }
        let input = json!({ "alliance": alliance, "email": "elsewhere@example.org" });
        assert_eq!(from(&app, 2, "emailSubscriptionRequest", input).await.code(), "", "{}", app.name);
        app.work().await;
        assert_eq!(app.mails().len(), 11, "{}", app.name);
    }
}
