//! Leaving: what is kept of an address is given to its account, and nothing of it is left once it is erased.

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::guests::{self, NEW_PASSWORD, PASSWORD, done, dump, rows_of};
use crate::subscribing::{CAMPAIGN, asked, both, published, signed_up, sums};
use crate::viewers::HERE;

const TRACES: [&str; 3] = ["rookwood", "rosamund", "rambling"];

/// Where something of her is left, in the rows of the database.
async fn found(app: &TestApp) -> Vec<String> {
    let is_hers = |row: &String| TRACES.iter().any(|trace| row.to_lowercase().contains(trace));
    dump(app).await.into_iter().filter(is_hers).collect()
}

async fn hashes(app: &TestApp) -> Vec<String> {
    let kept = rows_of(app, "SELECT hash FROM suppressions").await;
    kept.iter().map(|row| row.try_get_by_index(0).expect("a hash")).collect()
}

/// She says something of a post, by a visitor's token and her address.
async fn comments(app: &TestApp, post: &Value) {
    let visitor = done(app, ("", "visitorTokenCreate"), json!({}), "visitorToken { token }").await;
    let token = visitor["visitorToken"]["token"].as_str().expect("a token").to_owned();
    let comment = json!({ "subject": post["id"], "kind": "THANKS", "comment": "Rosamund thanks", "authorName": "Rosamund",
        "email": "rosamund@rookwood.example" });
    done(app, (&token, "reactionAdd"), comment, "reaction { state }").await;
    app.work().await;
    drop(app.mails());
}

#[tokio::test]
async fn an_address_without_an_account_is_erased_by_its_token_and_a_hash_is_left() {
    for (app, _, ines) in both().await {
        let name = json!({ "name": "Rambling Rosamund", "topics": [CAMPAIGN.to_string()], "frequency": "DAILY" });
        let token = signed_up(&app, "Rosamund@Rookwood.example", name).await;
        let pending = asked(&app, "rosamund@rookwood.example", json!({ "name": "Rosamund" })).await;
        done(&app, ("", "accountRegister"), json!({ "email": "rosamund@rookwood.example", "name": "Rosamund" }), "accepted")
            .await;
        let post = published(&app, &ines, "Clean air", json!({ "campaigns": [CAMPAIGN.to_string()] })).await;
        app.work().await;
        drop(app.mails());
        assert_eq!(sums(&app, &ines, &post).await, [1, 0, 0, 0, 0, 1], "{}", app.name);
        comments(&app, &post).await;
        assert!(found(&app).await.len() >= 3, "{}: she is known", app.name);
        done(&app, ("", "emailSubscriptionErase"), json!({ "token": token }), "erased").await;
        assert_eq!(found(&app).await, [""; 0], "{}", app.name);
        assert_eq!(hashes(&app).await, [app.app.keys().digest("suppression", "rosamund@rookwood.example")], "{}", app.name);
        assert_eq!(sums(&app, &ines, &post).await, [1, 0, 0, 0, 1, 0], "{}: the sums stay", app.name);
        for (field, token) in
            [("emailSubscriptionErase", &token), ("emailSubscriptionConfirm", &crate::subscribing::token_of(&pending))]
        {
            assert_eq!(guests::stranger_tries(&app, field, json!({ "token": token })).await, "EXPIRED", "{}: {field}", app.name);
        }
        app.work().await;
        assert_eq!(app.mails().len(), 0, "{}", app.name);
    }
}

#[tokio::test]
async fn whoever_types_somebody_elses_address_is_told_nothing_of_it_and_takes_nothing_along() {
    for (app, _, _) in both().await {
        signed_up(&app, "rosamund@rookwood.example", json!({ "name": "Rambling R." })).await;
        let eve = guests::registered(&app, "eve@example.org").await;
        let moved = json!({ "email": "rosamund@rookwood.example", "password": PASSWORD });
        eve.does(&app, "accountEmailChange", moved, "accepted").await;
        let asks = json!({ "alliance": HERE.to_string(), "institutionName": "A choir", "institutionKind": "OTHER",
            "contactName": "Eve", "email": "rosamund@rookwood.example", "message": "Hello" });
        eve.does(&app, "enquirySubmit", asks, "accepted").await;
        app.work().await;
        drop(app.mails());
        let whom = json!({ "id": eve.id.to_string(), "password": PASSWORD });
        let payload = eve.does(&app, "accountDataExport", whom.clone(), "export").await;
        assert!(!payload.to_string().contains("Rambling"), "{}: {payload}", app.name);
        eve.does(&app, "accountEraseData", whom, "id").await;
        let kept = crate::subscribing::stored(&app, "rosamund@rookwood.example").await;
        assert_eq!(kept.and_then(|row| row.name).as_deref(), Some("Rambling R."), "{}", app.name);
    }
}

#[tokio::test]
async fn an_account_is_told_what_goes_to_its_address_and_takes_it_along() {
    for (app, _, ines) in both().await {
        let rosa = guests::registered(&app, "rosamund@rookwood.example").await;
        signed_up(&app, "rosamund@rookwood.example", json!({ "name": "Rambling R.", "topics": [CAMPAIGN.to_string()] })).await;
        signed_up(&app, "zoe@example.org", json!({})).await;
        asked(&app, "rosamund@rookwood.example", json!({ "frequency": "WEEKLY" })).await;
        let whom = json!({ "id": rosa.id.to_string(), "password": PASSWORD });
        let payload = rosa.does(&app, "accountDataExport", whom.clone(), "export").await;
        let text = payload["export"].as_str().expect("a document");
        let export: Value = serde_json::from_str(text).expect("JSON");
        let subscription = &export["emailSubscriptions"][0];
        assert_eq!(
            (&subscription["name"], &subscription["topics"][0]),
            (&json!("Rambling R."), &json!(CAMPAIGN.0.to_string())),
            "{}",
            app.name
        );
        assert!(
            subscription["wording"].as_str().is_some_and(|words| words.contains("updates from here")),
            "{}: {text}",
            app.name
        );
        assert_eq!(export["emailSubscriptionRequests"].as_array().map(Vec::len), Some(2), "{}: {text}", app.name);
        assert!(!text.contains("zoe@"), "{}", app.name);
        // By a token alone the account stays, and can be let in again.
        let id = crate::subscribing::stored(&app, "rosamund@rookwood.example").await.expect("it is there").id;
        let token = alliance::subscriptions::token::mint(&app.app, alliance::subscriptions::token::Purpose::Subscription, id.0);
        done(&app, ("", "emailSubscriptionErase"), json!({ "token": token }), "erased").await;
        assert_eq!((hashes(&app).await, rosa.is_signed_in(&app).await), (Vec::new(), true), "{}", app.name);
        assert_eq!(crate::subscribing::stored(&app, "rosamund@rookwood.example").await, None, "{}", app.name);

        signed_up(&app, "rosamund@rookwood.example", json!({ "name": "Rambling R.", "frequency": "DAILY" })).await;
        asked(&app, "rosamund@rookwood.example", json!({})).await;
        let post = published(&app, &ines, "Clean air", json!({})).await;
        app.work().await;
        drop(app.mails());
        let wrong = json!({ "id": rosa.id.to_string(), "password": NEW_PASSWORD });
        assert_eq!(rosa.tries(&app, "accountEraseData", wrong).await, "INCORRECT", "{}", app.name);
        rosa.does(&app, "accountEraseData", whom, "id").await;
        assert_eq!(found(&app).await, [""; 0], "{}", app.name);
        assert_eq!(hashes(&app).await.len(), 1, "{}", app.name);
        assert_eq!(sums(&app, &ines, &post).await, [2, 1, 0, 0, 1, 0], "{}", app.name);
    }
}

#[tokio::test]
async fn what_has_ended_goes_after_a_month_and_to_whom_a_post_was_sent_after_three_and_its_sums_stay() {
    for (app, _, ines) in both().await {
        let token = signed_up(&app, "rosamund@rookwood.example", json!({})).await;
        signed_up(&app, "zoe@example.org", json!({})).await;
        let post = published(&app, &ines, "Clean air", json!({})).await;
        app.work().await;
        drop(app.mails());
        done(&app, ("", "emailSubscriptionCancel"), json!({ "token": token }), "subscription { state }").await;
        let after = async |days: i64| {
            let later = app.later(chrono::TimeDelta::days(days));
            alliance::retention::run(&later.app).await.expect("the database answers");
            let rows = async |table: &str| rows_of(&app, &format!("SELECT 1 FROM {table}")).await.len();
            [rows("email_subscriptions").await, rows("subscription_mails").await, rows("subscription_mail_posts").await]
        };
        assert_eq!(after(29).await, [2, 2, 2], "{}", app.name);
        assert_eq!(after(31).await, [1, 2, 2], "{}", app.name);
        assert_eq!(after(91).await, [1, 0, 0], "{}", app.name);
        assert_eq!(sums(&app, &ines, &post).await, [2, 2, 0, 0, 0, 0], "{}", app.name);
        app.work().await;
    }
}
