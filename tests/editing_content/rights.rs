//! Who may change content: the editors and admins of its alliance, and nobody else; what is hidden is not there for others.

use alliance::viewer::Viewer;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::editing_content::{Thing, ask, both, done, outcome, plain, public};
use crate::guests::dump;
use crate::viewers::{HERE, Kind, here, mixed, staff_elsewhere};

/// The kinds of viewers who edit HERE.
const EDITORS: [&str; 6] = ["editor", "admin", "operator", "editor here, author there", "admin of both", "everything here"];

fn kinds() -> Vec<Kind> {
    [here(), staff_elsewhere(), mixed()].concat()
}

/// What can be done to a thing that is there, with what it needs beside an id and a version.
fn acts(kind: &str) -> Vec<(String, Value)> {
    let plain = |verb: &str| (format!("{kind}{verb}"), json!({}));
    let mut acts = vec![plain("Edit"), plain("Delete")];
    match kind {
        "campaign" => acts.extend(["Publish", "Close"].map(plain)),
        "institution" => acts.extend(["Publish", "Join", "Leave"].map(plain)),
        "event" => {
            acts.push(plain("Publish"));
            acts.push(("eventReschedule".to_owned(), json!({ "startsAt": "2028-01-01T12:00:00Z", "reason": "So." })));
            acts.push(("eventCancel".to_owned(), json!({ "reason": "So." })));
        }
        _ => {}
    }
    acts
}

async fn becomes(app: &TestApp, viewer: &Viewer, thing: &Thing, (field, more): &(String, Value)) -> String {
    outcome(&ask(app, viewer, field, &thing.input(more), "__typename").await, field)
}

#[tokio::test]
async fn whoever_does_not_edit_an_alliance_changes_nothing_of_it_and_learns_of_no_draft() {
    for app in both().await {
        let mut things = Vec::new();
        for kind in ["campaign", "institution", "event"] {
            things.push((plain(&app, kind, "Draft").await, false));
            things.push((public(&app, kind, "Public").await, true));
        }
        things.push((public(&app, "person", "Public").await, true));
        let hidden = plain(&app, "person", "Hidden").await;
        things.push((done(&app, &hidden, "personEdit", json!({ "roles": null })).await, false));
        let before = dump(&app).await;
        for Kind { name, viewer } in kinds().into_iter().filter(|kind| !EDITORS.contains(&kind.name)) {
            let is_stranger = matches!(viewer, Viewer::Anonymous | Viewer::Visitor(_));
            for (thing, is_public) in &things {
                for act in acts(&thing.kind) {
                    let wanted = match is_public {
                        _ if is_stranger => "UNAUTHENTICATED",
                        true => "FORBIDDEN",
                        false => "NOT_FOUND",
                    };
                    assert_eq!(becomes(&app, &viewer, thing, &act).await, wanted, "{}: {name}: {act:?}", app.name);
                }
            }
            for (field, more) in [
                ("campaignCreate", json!({ "title": "New" })),
                ("institutionCreate", json!({ "name": "New", "kind": "OTHER" })),
                ("eventCreate", json!({ "title": "New", "startsAt": "2028-01-01T12:00:00Z" })),
                ("personCreate", json!({ "name": "New" })),
            ] {
                let mut input = json!({ "alliance": HERE.to_string() });
                input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
                let response = ask(&app, &viewer, field, &input, "__typename").await;
                let wanted = if is_stranger { "UNAUTHENTICATED" } else { "FORBIDDEN" };
                assert_eq!(outcome(&response, field), wanted, "{}: {name}: {field}", app.name);
            }
        }
        assert_eq!(dump(&app).await, before, "{}: nothing was written", app.name);
    }
}

#[tokio::test]
async fn every_kind_of_editor_edits_and_the_version_is_theirs_alone() {
    for app in both().await {
        let mut thing = public(&app, "campaign", "Public").await;
        for Kind { name, viewer } in kinds() {
            let is_editor = EDITORS.contains(&name);
            let version = if is_editor { json!(thing.version) } else { Value::Null };
            assert_eq!(thing.told(&app, &viewer, "version").await["version"], version, "{}: {name}", app.name);
            if is_editor {
                let title = json!({ "title": name });
                let response = ask(&app, &viewer, "campaignEdit", &thing.input(&title), "campaign { id version slug }").await;
                assert_eq!(outcome(&response, "campaignEdit"), "done", "{}: {name}: {response}", app.name);
                thing = Thing::of("campaignEdit", &response);
            }
        }
        assert_eq!(thing.version, 2 + i64::try_from(EDITORS.len()).expect("few"), "{}", app.name);
    }
}
