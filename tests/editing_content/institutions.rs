//! Institutions: their pages, and the days on which they are members.

use alliance::viewer::Viewer;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::editing_content::{both, done, editor, make, plain, sees, tried};

/// How many members the public counts.
async fn members(app: &TestApp) -> Value {
    let mut data = app
        .read("{ alliance(slug: \"here\") { institutionCount } institutions(filter: { isMember: true }) { totalCount } }")
        .await;
    assert_eq!(data["alliance"]["institutionCount"], data["institutions"]["totalCount"], "{}", app.name);
    data["alliance"]["institutionCount"].take()
}

#[tokio::test]
async fn an_institution_joins_leaves_and_comes_back_on_its_days_and_the_count_follows() {
    for app in both().await {
        let (day, tomorrow) = (TimeDelta::days(1), app.later(TimeDelta::days(1)));
        let school = plain(&app, "institution", "Zebra School").await;
        let joining = done(&app, &school, "institutionJoin", json!({ "on": "2026-11-25" })).await;
        assert!(!sees(&app, &Viewer::Anonymous, &joining, "zebra").await, "{}", app.name);
        assert_eq!((members(&app).await, members(&tomorrow).await), (json!(0), json!(0)), "{}: nobody sees a draft", app.name);
        let public = done(&app, &joining, "institutionPublish", json!({})).await;
        assert!(sees(&app, &Viewer::Anonymous, &public, "zebra").await, "{}", app.name);
        assert_eq!(tried(&app, &public, "institutionPublish", json!({})).await, "WRONG_STATE", "{}", app.name);
        assert_eq!((members(&app).await, members(&tomorrow).await), (json!(0), json!(1)), "{}", app.name);
        let leaving = done(&app, &public, "institutionLeave", json!({ "on": "2026-11-27" })).await;
        let told = leaving.told(&tomorrow, &Viewer::Anonymous, "joinedOn leftOn isMember").await;
        assert_eq!(told, json!({ "joinedOn": "2026-11-25", "leftOn": "2026-11-27", "isMember": true }), "{}", app.name);
        let counts = [0, 1, 2, 3, 4].map(|days| app.later(day * days));
        for (later, count) in counts.iter().zip([0, 1, 1, 0, 0]) {
            assert_eq!(members(later).await, count, "{}", app.name);
        }
        assert!(sees(&counts[4], &Viewer::Anonymous, &leaving, "zebra").await, "{}: its page stays", app.name);
        let back = done(&counts[4], &leaving, "institutionJoin", json!({})).await;
        let told = back.told(&counts[4], &Viewer::Anonymous, "joinedOn leftOn isMember").await;
        assert_eq!(told, json!({ "joinedOn": "2026-11-28", "leftOn": null, "isMember": true }), "{}", app.name);
        assert_eq!(members(&counts[4]).await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn nobody_leaves_who_has_not_joined_or_before_they_joined() {
    for app in both().await {
        let school = plain(&app, "institution", "School").await;
        assert_eq!(tried(&app, &school, "institutionLeave", json!({})).await, "WRONG_STATE", "{}", app.name);
        let school = done(&app, &school, "institutionJoin", json!({})).await;
        assert_eq!(tried(&app, &school, "institutionLeave", json!({ "on": "2026-11-23" })).await, "INVALID on", "{}", app.name);
        let school = done(&app, &school, "institutionLeave", json!({})).await;
        assert_eq!(school.told(&app, &editor(), "isMember").await["isMember"], false, "{}: not for a day", app.name);
    }
}

#[tokio::test]
async fn an_institution_says_what_it_is_and_staff_list_what_is_not_public_yet() {
    for app in both().await {
        let said = json!({
            "name": "Karimia Institute", "kind": "FAITH_GROUP", "description": "A **mosque**.", "websiteUrl": "https://karimia.example",
        });
        let made = make(&app, "institutionCreate", said).await;
        let fields = "name kind description { plainText } websiteUrl joinedOn status";
        let mut wanted = json!({
            "name": "Karimia Institute", "kind": "FAITH_GROUP", "description": { "plainText": "A mosque." },
            "websiteUrl": "https://karimia.example/", "joinedOn": null, "status": "DRAFT",
        });
        assert_eq!(made.told(&app, &editor(), fields).await, wanted, "{}", app.name);
        let edited = json!({ "kind": "CHARITY", "websiteUrl": null, "description": null });
        let edited = done(&app, &made, "institutionEdit", edited).await;
        (wanted["kind"], wanted["websiteUrl"]) = (json!("CHARITY"), Value::Null);
        wanted["description"]["plainText"] = json!("");
        assert_eq!(edited.told(&app, &editor(), fields).await, wanted, "{}", app.name);
        assert_eq!(tried(&app, &edited, "institutionEdit", json!({ "kind": null })).await, "REQUIRED kind", "{}", app.name);
        for (status, count) in [("DRAFT", 1), ("PUBLISHED", 0)] {
            let query = format!("{{ institutions(filter: {{ statuses: [{status}] }}) {{ totalCount }} }}");
            assert_eq!(app.read_as(&editor(), &query).await["institutions"]["totalCount"], count, "{}: {status}", app.name);
            assert_eq!(app.read_as(&Viewer::Anonymous, &query).await["institutions"]["totalCount"], 0, "{}: {status}", app.name);
        }
    }
}
