//! An alliance's admins change what is said of it.

use alliance::viewer::Viewer;
use alliance_entity::account_role::Role;
use serde_json::{Value, json};

use crate::editing_content::{ask, both, outcome};
use crate::viewers::{HERE, with_roles};

const SAID: &str = "slug name tagline description { plainText } websiteUrl timeZone version";

#[tokio::test]
async fn an_admin_changes_all_that_is_said_of_an_alliance() {
    for app in both().await {
        let admin = with_roles(0x17, &[(HERE, Role::Admin)]);
        let change = async |input: Value| {
            let mut whole = json!({ "id": HERE.to_string() });
            whole.as_object_mut().expect("an object").extend(input.as_object().expect("an object").clone());
            let mut response = ask(&app, &admin, "allianceEdit", &whole, &format!("alliance {{ {SAID} }}")).await;
            (outcome(&response, "allianceEdit"), response["data"]["allianceEdit"]["alliance"].take())
        };
        let input = json!({
            "version": 1, "name": "Leicester Citizens", "slug": "leicester", "tagline": "Together", "description": "We **act**.",
            "websiteUrl": "https://leicester.example/", "timeZone": "Europe/Dublin",
        });
        let mut wanted = json!({
            "slug": "leicester", "name": "Leicester Citizens", "tagline": "Together", "description": { "plainText": "We act." },
            "websiteUrl": "https://leicester.example/", "timeZone": "Europe/Dublin", "version": 2,
        });
        assert_eq!(change(input).await, ("done".to_owned(), wanted.clone()), "{}", app.name);
        assert_eq!(change(json!({ "version": 1, "name": "Late" })).await, ("CONFLICT version".to_owned(), wanted.clone()));
        for (input, problem) in [
            (json!({ "version": 2, "name": null }), "REQUIRED name"),
            (json!({ "version": 2, "timeZone": "Nottingham" }), "INVALID timeZone"),
            (json!({ "version": 2, "timeZone": "europe/london" }), "INVALID timeZone"),
            (json!({ "version": 2, "slug": "there" }), "TAKEN slug"),
            (json!({ "version": 2, "websiteUrl": "javascript:x", "tagline": "a\nb" }), "INVALID tagline, INVALID websiteUrl"),
        ] {
            assert_eq!(change(input).await, (problem.to_owned(), Value::Null), "{}", app.name);
        }
        (wanted["tagline"], wanted["websiteUrl"], wanted["version"]) = (Value::Null, Value::Null, json!(3));
        let cleared = json!({ "version": 2, "tagline": null, "websiteUrl": null });
        assert_eq!(change(cleared).await, ("done".to_owned(), wanted), "{}", app.name);
        let told = app.read("{ alliances { nodes { name } } alliance(slug: \"leicester\") { version } }").await;
        let wanted = json!({ "alliances": { "nodes": [{ "name": "Leicester Citizens" }, { "name": "there" }] }, "alliance": { "version": null } });
        assert_eq!(told, wanted, "{}: in the order of its new name", app.name);
        let stranger =
            ask(&app, &Viewer::Anonymous, "allianceEdit", &json!({ "id": HERE.to_string(), "version": 3 }), "__typename").await;
        assert_eq!(outcome(&stranger, "allianceEdit"), "UNAUTHENTICATED", "{}", app.name);
    }
}
