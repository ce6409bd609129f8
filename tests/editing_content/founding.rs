//! An operator begins an alliance of their own and leaves the demo behind, by one mutation.

use alliance::demo;
use alliance::viewer::Viewer;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::editing_content::{ask, outcome};
use crate::guests::{self, Guest, counts, rows_of};
use crate::viewers::{HERE, here, with_roles};

/// The demo with its accounts, beside two alliances of others.
async fn both() -> [TestApp; 2] {
    let both = guests::both().await;
    for app in &both {
        demo::accounts::plant(&app.app, demo::SLUG).await.expect("the demo's accounts can be made");
    }
    both
}

/// Begins an alliance, and returns the outcome with what was told.
async fn found(app: &TestApp, by: &Guest, more: Value) -> (String, Value) {
    let mut input = json!({ "name": "Leicester Citizens", "timeZone": "Europe/London" });
    input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let told = "alliance { slug timeZone kind } deletedDemo { posts campaigns events institutions people reactions enquiries accounts apiKeys }";
    let mut response = guests::change(app, (&by.token, "allianceCreate"), input, told).await;
    (outcome(&response, "allianceCreate"), response["data"]["allianceCreate"].take())
}

/// The slugs of all alliances.
async fn slugs(app: &TestApp) -> Vec<String> {
    let found = rows_of(app, "SELECT slug FROM alliances ORDER BY slug").await;
    found.iter().map(|row| row.try_get_by_index(0).expect("a slug")).collect()
}

async fn count(app: &TestApp, sql: &str) -> i64 {
    rows_of(app, sql).await.remove(0).try_get_by_index(0).expect("a number")
}

#[tokio::test]
async fn the_demo_goes_with_its_accounts_and_nothing_of_it_is_left() {
    for app in both().await {
        let olga = guests::admin(&app, None, "olga@example.org").await;
        // A key and a campaign of somebody else's alliance.
        guests::things(&app, Role::Editor).await;
        let theirs = json!({ "alliance": HERE.to_string(), "title": "Theirs" });
        let response = ask(&app, &with_roles(0x15, &[(HERE, Role::Editor)]), "campaignCreate", &theirs, "__typename").await;
        assert_eq!(outcome(&response, "campaignCreate"), "done", "{}", app.name);
        let (done, told) = found(&app, &olga, json!({ "withoutDemo": true })).await;
        assert_eq!(done, "done", "{}: {told}", app.name);
        let deleted = json!({
            "posts": 4, "campaigns": 5, "events": 3, "institutions": 36, "people": 8, "reactions": 1, "enquiries": 0, "accounts": 6, "apiKeys": 0,
        });
        assert_eq!(told["deletedDemo"], deleted, "{}", app.name);
        let alliance = json!({ "slug": "leicester-citizens", "timeZone": "Europe/London", "kind": "HOSTED" });
        assert_eq!(told["alliance"], alliance, "{}", app.name);
        assert_eq!(slugs(&app).await, ["here", "leicester-citizens", "there"], "{}", app.name);
        let left: Vec<(String, i64)> = counts(&app).await;
        let content = [
            "posts",
            "post_revisions",
            "post_campaigns",
            "post_institutions",
            "events",
            "event_campaigns",
            "institutions",
            "campaign_institutions",
            "people",
            "person_roles",
            "reactions",
            "reaction_counters",
            "search_documents",
            "former_slugs",
        ];
        for (table, rows) in left.iter().filter(|(table, _)| content.contains(&table.as_str())) {
            assert_eq!(*rows, 0, "{}: {table}", app.name);
        }
        assert_eq!(count(&app, "SELECT COUNT(*) FROM campaigns").await, 1, "{}: what is others' stays", app.name);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM accounts WHERE email LIKE '%demo.example'").await, 0, "{}", app.name);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM accounts").await, 3, "{}", app.name);
        assert!(olga.is_signed_in(&app).await, "{}", app.name);
        let (done, told) = found(&app, &olga, json!({ "name": "Derby", "withoutDemo": true })).await;
        assert_eq!((done.as_str(), &told["deletedDemo"]), ("done", &Value::Null), "{}: it is gone already", app.name);
        app.work().await;
        drop(app.mails());
    }
}

#[tokio::test]
async fn a_demo_that_others_have_written_in_goes_by_its_name_alone() {
    for app in both().await {
        let olga = guests::admin(&app, None, "olga@example.org").await;
        let editor = with_roles(0x15, &[(demo::alliance_id(), Role::Editor)]);
        let own = json!({ "alliance": demo::alliance_id().to_string(), "title": "Our own" });
        ask(&app, &editor, "campaignCreate", &own, "__typename").await;
        let query = "{ campaign(slug: \"sanctuary\", alliance: \"nottingham-citizens\") { id version } }";
        let sanctuary = app.read_as(&editor, query).await["campaign"].take();
        let edit = json!({ "id": sanctuary["id"], "version": 1, "title": "Refuge" });
        assert_eq!(outcome(&ask(&app, &editor, "campaignEdit", &edit, "__typename").await, "campaignEdit"), "done");
        guests::joined(&app, &olga, (demo::alliance_id(), Role::Author), "bo@example.org").await;
        let before = guests::dump(&app).await;
        let (refused, told) = found(&app, &olga, json!({ "withoutDemo": true })).await;
        let said = told["userErrors"][0]["message"].as_str().expect("a sentence");
        assert_eq!(refused, "IN_USE withoutDemo", "{}", app.name);
        assert!(said.contains("2 campaigns and 1 account") && said.contains("deleteDemo: \"nottingham-citizens\""), "{said}");
        let (refused, _) = found(&app, &olga, json!({ "deleteDemo": "here" })).await;
        assert_eq!(refused, "INVALID deleteDemo", "{}", app.name);
        assert_eq!(guests::dump(&app).await, before, "{}: nothing was written", app.name);
        let (done, told) = found(&app, &olga, json!({ "deleteDemo": "nottingham-citizens" })).await;
        assert_eq!((done.as_str(), &told["deletedDemo"]["campaigns"]), ("done", &json!(6)), "{}", app.name);
        assert_eq!(slugs(&app).await, ["here", "leicester-citizens", "there"], "{}", app.name);
        let kept = count(&app, "SELECT COUNT(*) FROM accounts WHERE email = 'bo@example.org'").await;
        assert_eq!(kept, 1, "{}: only the demo's own accounts go", app.name);
        app.work().await;
        drop(app.mails());
    }
}

#[tokio::test]
async fn the_demos_own_operator_who_asks_stays() {
    for app in guests::both().await {
        let accounts = demo::accounts::plant(&app.app, demo::SLUG).await.expect("the demo's accounts can be made");
        let operator = accounts.iter().find(|account| account.role == "operator").expect("one is the operator");
        let token = guests::sign_in(&app, operator.email, &operator.password).await;
        let id = rows_of(&app, "SELECT id FROM accounts WHERE is_operator").await.remove(0).try_get_by_index::<uuid::Uuid>(0);
        let guest = Guest { id: alliance_entity::id::AccountId(id.expect("an id")), email: operator.email.to_owned(), token };
        let (done, told) = found(&app, &guest, json!({ "withoutDemo": true })).await;
        assert_eq!((done.as_str(), &told["deletedDemo"]["accounts"]), ("done", &json!(5)), "{}", app.name);
        assert!(guest.is_signed_in(&app).await, "{}", app.name);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM accounts").await, 1, "{}", app.name);
        app.work().await;
        drop(app.mails());
    }
}

#[tokio::test]
async fn an_alliance_is_begun_by_operators_alone_and_each_has_a_slug_of_its_own() {
    for app in guests::both().await {
        let input = json!({ "name": "Leicester", "timeZone": "Europe/London", "withoutDemo": true });
        for kind in here().into_iter().filter(|kind| kind.name != "operator") {
            let response = ask(&app, &kind.viewer, "allianceCreate", &input, "__typename").await;
            let is_stranger = matches!(kind.viewer, Viewer::Anonymous | Viewer::Visitor(_));
            let wanted = if is_stranger { "UNAUTHENTICATED" } else { "FORBIDDEN" };
            assert_eq!(outcome(&response, "allianceCreate"), wanted, "{}: {}", app.name, kind.name);
        }
        let olga = guests::admin(&app, None, "olga@example.org").await;
        for (more, problem) in [
            (json!({ "slug": "there" }), "TAKEN slug"),
            (json!({ "slug": "nottingham-citizens" }), "TAKEN slug"),
            (json!({ "slug": "" }), "INVALID slug"),
            (json!({ "name": "", "timeZone": "Mars/Olympus" }), "REQUIRED name, INVALID timeZone"),
        ] {
            assert_eq!(found(&app, &olga, more).await.0, problem, "{}", app.name);
        }
        let (done, told) = found(&app, &olga, json!({ "slug": "nottingham-citizens", "withoutDemo": true })).await;
        assert_eq!(
            (done.as_str(), &told["alliance"]["slug"]),
            ("done", &json!("nottingham-citizens")),
            "{}: it is free then",
            app.name
        );
        let real = found(&app, &olga, json!({ "name": "Derby", "deleteDemo": "nottingham-citizens" })).await;
        assert_eq!((real.0.as_str(), &real.1["deletedDemo"]), ("done", &Value::Null), "{}: it is not the demo", app.name);
        assert_eq!(slugs(&app).await, ["derby", "here", "nottingham-citizens", "there"], "{}", app.name);
        app.work().await;
    }
}
