//! How many mails somebody can have sent to an address: few, whichever way they ask and from wherever.

use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::json;

use crate::people::{Answer, PASSWORD, ask, change, demo, joined, mailed, rows_of, welcomed};
use crate::signing_in::rates::wait;

const ADMIN: &str = "w.farthingale@brassworks.example";
const TARGET: &str = "Newcomer@brassworks.example";

/// Every way to have a mail with a link sent to an address but the one that sets a new password, which is counted for itself: else
/// others could keep somebody from it.
const WAYS: [&str; 3] = ["accountRegister", "accountInvite", "accountEmailChange"];

async fn by(app: &TestApp, way: &str, admin: &str, address: &str) -> Answer {
    match way {
        "accountRegister" => change(app, "", way, &json!({ "email": address, "name": "Somebody" }), "accepted").await,
        "passwordResetRequest" => change(app, "", way, &json!({ "email": address }), "accepted").await,
        "accountInvite" => {
            let alliance = demo(app).await.to_string();
            let input = json!({ "alliance": alliance, "email": address, "name": "Somebody" });
            change(app, admin, way, &input, "invitation { id }").await
        }
        _ => change(app, admin, way, &json!({ "email": address, "password": PASSWORD }), "accepted").await,
    }
}

async fn apps() -> [(TestApp, String); 2] {
    let mut both = Vec::new();
    for app in TestApp::both().await {
        let (_, admin) = welcomed(&app, ADMIN, &[Role::Admin]).await;
        both.push((app, admin.access));
    }
    both.try_into().unwrap_or_else(|_| panic!("there are two"))
}

#[tokio::test]
async fn an_address_gets_one_mail_an_hour_whichever_two_ways_are_tried() {
    for (app, admin) in apps().await {
        for first in WAYS {
            for second in WAYS {
                let address = format!("{first}.{second}@brassworks.example");
                // Each address is one more that an account is asked to change to, or that registers.
                let app = app.with(|config| {
                    config.limits.rate_registration = 1_000;
                    config.limits.rate_sign_in_account = 1_000;
                    config.limits.rate_sign_in_address = 1_000;
                });
                by(&app, first, &admin, &address).await.done();
                let again = by(&app, second, &admin, &address.to_uppercase()).await;
                assert_eq!(wait(&app, &again), 3_600, "{}: {first}, then {second}", app.name);
            }
        }
        assert_eq!(rows_of(&app, "account_links").await, 9, "{}", app.name);
        mailed(&app).await;
    }
}

#[tokio::test]
async fn an_address_gets_three_mails_a_day_and_one_more_every_eight_hours() {
    for (app, admin) in apps().await {
        let at = |hours: i64| app.later(TimeDelta::hours(hours));
        // The session of an admin goes on for ten minutes only.
        for (hours, way) in [(0, "accountInvite"), (1, "accountRegister"), (2, "accountRegister")] {
            by(&at(hours), way, &admin, TARGET).await.done();
        }
        assert_eq!(wait(&app, &by(&at(3), "accountRegister", &admin, TARGET).await), 5 * 3_600, "{}", app.name);
        for hours in [3, 4, 5] {
            by(&at(hours), "passwordResetRequest", &admin, TARGET).await.done();
        }
        assert_eq!(wait(&app, &by(&at(6), "passwordResetRequest", &admin, TARGET).await), 5 * 3_600, "{}", app.name);
        by(&at(8), "accountRegister", &admin, TARGET).await.done();
        assert_eq!(wait(&app, &by(&at(9), "accountRegister", &admin, TARGET).await), 7 * 3_600, "{}", app.name);
        by(&at(9), "accountRegister", &admin, "another@brassworks.example").await.done();
        mailed(&app).await;
    }
}

#[tokio::test]
async fn whether_an_address_has_an_account_does_not_show_in_how_often_it_may_be_asked_for() {
    for (app, _) in apps().await {
        joined(&app, "known@brassworks.example", &[]).await;
        let app = app.with(|config| config.limits.rate_registration = 1_000);
        for address in ["known@brassworks.example", "nobody@brassworks.example"] {
            by(&app, "passwordResetRequest", "", address).await.done();
            by(&app, "accountRegister", "", address).await.done();
            for way in ["passwordResetRequest", "accountRegister"] {
                assert_eq!(wait(&app, &by(&app, way, "", address).await), 3_600, "{}: {address}: {way}", app.name);
            }
        }
        mailed(&app).await;
    }
}

#[tokio::test]
async fn an_address_registers_three_accounts_an_hour() {
    for app in TestApp::both_set(|flags| flags.trusted_proxies = Some("127.0.0.1".to_owned())).await {
        let register = async |app: &TestApp, from: &str, number: u32| {
            let query =
                "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { accepted userErrors { code } } }";
            let input = json!({ "email": format!("{number}@brassworks.example"), "name": "Somebody" });
            ask(app, &[("x-forwarded-for", from)], query, &json!({ "input": input })).await
        };
        for number in 0..3 {
            register(&app, "192.0.2.7", number).await.done();
        }
        assert_eq!(wait(&app, &register(&app, "192.0.2.7", 3).await), 1_200, "{}", app.name);
        register(&app, "192.0.2.8", 4).await.done();
        let later = app.later(TimeDelta::minutes(20));
        register(&later, "192.0.2.7", 3).await.done();
        assert_eq!(wait(&app, &register(&later, "192.0.2.7", 5).await), 1_200, "{}", app.name);
        assert_eq!(rows_of(&app, "account_links").await, 5, "{}: what is refused is not written down", app.name);
        mailed(&app).await;
    }
}
