//! People are public by the roles that they hold, each at its place.

use alliance::viewer::Viewer;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::editing_content::{Thing, both, done, editor, make, plain, tried};

/// The names of an alliance's organisers, as the public sees them.
async fn organisers(app: &TestApp) -> Vec<Value> {
    let mut data = app.read("{ alliance(slug: \"here\") { organisers { name } } }").await;
    data["alliance"]["organisers"].as_array_mut().expect("a list").iter_mut().map(|one| one["name"].take()).collect()
}

async fn is_public(app: &TestApp, person: &Thing) -> bool {
    app.read(&format!("{{ node(id: \"{}\") {{ id }} }}", person.id)).await["node"] != Value::Null
}

#[tokio::test]
async fn a_person_is_public_as_long_as_they_hold_a_role_and_stands_at_its_place() {
    for app in both().await {
        let organiser = |position: i32| json!([{ "role": "ORGANISER", "position": position }]);
        let ada = make(&app, "personCreate", json!({ "name": "Ada", "roles": organiser(2) })).await;
        let bo =
            make(&app, "personCreate", json!({ "name": "Bo", "roles": organiser(1), "title": "Organiser", "bio": "Bo." })).await;
        let cy = make(&app, "personCreate", json!({ "name": "Cy" })).await;
        assert_eq!(organisers(&app).await, ["Bo", "Ada"], "{}", app.name);
        assert!(is_public(&app, &bo).await && !is_public(&app, &cy).await, "{}", app.name);
        let ada = done(&app, &ada, "personEdit", json!({ "roles": organiser(0) })).await;
        assert_eq!(organisers(&app).await, ["Ada", "Bo"], "{}", app.name);
        let both_roles = json!([{ "role": "AUTHOR", "position": 3 }, { "role": "ORGANISER", "position": 5 }]);
        let cy = done(&app, &cy, "personEdit", json!({ "name": "Cyd", "roles": both_roles })).await;
        assert_eq!(organisers(&app).await.len(), 3, "{}", app.name);
        let query = format!("{{ node(id: \"{}\") {{ ... on Person {{ name roles {{ role position }} version }} }} }}", cy.id);
        let mut wanted = json!({
            "name": "Cyd", "roles": [{ "role": "AUTHOR", "position": 3 }, { "role": "ORGANISER", "position": 5 }], "version": null,
        });
        assert_eq!(app.read(&query).await["node"], wanted, "{}", app.name);
        wanted["version"] = json!(2);
        assert_eq!(app.read_as(&editor(), &query).await["node"], wanted, "{}", app.name);
        let bo = done(&app, &bo, "personEdit", json!({ "roles": null, "title": null, "bio": null })).await;
        assert!(!is_public(&app, &bo).await, "{}", app.name);
        assert_eq!(organisers(&app).await, ["Ada", "Cyd"], "{}", app.name);
        done(&app, &ada, "personDelete", json!({})).await;
        assert_eq!(organisers(&app).await, ["Cyd"], "{}", app.name);
        for position in [-1, 10_001] {
            let input = json!({ "roles": organiser(position) });
            assert_eq!(tried(&app, &cy, "personEdit", input).await, "INVALID roles", "{}", app.name);
        }
    }
}

#[tokio::test]
async fn staff_list_the_people_of_their_alliance_and_others_those_who_are_public() {
    for app in both().await {
        plain(&app, "person", "Ada").await;
        make(&app, "personCreate", json!({ "name": "Hidden" })).await;
        let list = async |viewer: &Viewer, filter: &str| {
            let query = format!("{{ people(filter: {{ {filter} }}, first: 10) {{ totalCount nodes {{ name }} }} }}");
            let people = app.read_as(viewer, &query).await["people"].take();
            let nodes = people["nodes"].as_array().expect("a list").iter();
            let mut names: Vec<String> = nodes.map(|one| one["name"].as_str().expect("a name").to_owned()).collect();
            // Those of one moment stand in no order.
            names.sort();
            assert_eq!(people["totalCount"], names.len(), "{}", app.name);
            names
        };
        let stranger = crate::editing_content::editor_there();
        for (filter, own, others) in [
            ("", vec!["Ada", "Hidden"], vec!["Ada"]),
            ("alliance: \"here\"", vec!["Ada", "Hidden"], vec!["Ada"]),
            ("alliance: \"there\"", vec![], vec![]),
            ("roles: [AUTHOR]", vec!["Ada"], vec!["Ada"]),
            ("roles: [ORGANISER]", vec![], vec![]),
            ("isPublic: false", vec!["Hidden"], vec![]),
            ("isPublic: true", vec!["Ada"], vec!["Ada"]),
        ] {
            assert_eq!(list(&editor(), filter).await, own, "{}: {filter}", app.name);
            assert_eq!(list(&stranger, filter).await, others, "{}: {filter}", app.name);
        }
        let refused = app.ask("{ people { totalCount } }").await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{}", app.name);
    }
}
