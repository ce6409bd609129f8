//! Slugs: made of titles, chosen, changed and taken back; an old one leads to what had it.

use alliance::viewer::Viewer;
use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::editing_content::{KINDS, Thing, ask, both, done, editor, is_sound, make, outcome, plain, public, tried};
use crate::viewers::THERE;

/// What a slug of HERE finds: the slug that it has, and the one that led there.
async fn found(app: &TestApp, viewer: &Viewer, kind: &str, slug: &str) -> Value {
    let query = format!("{{ it: {kind}(slug: \"{slug}\", alliance: \"here\") {{ slug redirectedFrom }} }}");
    app.read_as(viewer, &query).await["it"].take()
}

#[tokio::test]
async fn an_old_slug_leads_to_what_had_it_and_nothing_else_gets_it() {
    for app in both().await {
        for kind in KINDS {
            let stranger = Viewer::Anonymous;
            let edit = format!("{kind}Edit");
            let one = public(&app, kind, "One").await;
            assert_eq!(
                found(&app, &stranger, kind, "one").await,
                json!({ "slug": "one", "redirectedFrom": null }),
                "{}",
                app.name
            );
            let one = done(&app, &one, &edit, json!({ "slug": "uno" })).await;
            let one = done(&app, &one, &edit, json!({ "slug": "ein" })).await;
            for old in ["one", "uno"] {
                let wanted = json!({ "slug": "ein", "redirectedFrom": old });
                assert_eq!(found(&app, &stranger, kind, old).await, wanted, "{}: {kind}", app.name);
            }
            let query = format!("{{ it: {kind}(id: \"{}\") {{ redirectedFrom }} }}", one.id);
            assert_eq!(app.read(&query).await["it"]["redirectedFrom"], Value::Null, "{}: {kind}", app.name);
            let two = public(&app, kind, "One").await;
            assert_eq!(two.slug, "one-2", "{}: {kind}: the old one is kept for the other", app.name);
            for taken in ["one", "ein"] {
                assert_eq!(
                    tried(&app, &two, &edit, json!({ "slug": taken })).await,
                    "TAKEN slug",
                    "{}: {kind} {taken}",
                    app.name
                );
            }
            let one = done(&app, &one, &edit, json!({ "slug": "one" })).await;
            assert_eq!(
                found(&app, &stranger, kind, "one").await,
                json!({ "slug": "one", "redirectedFrom": null }),
                "{}",
                app.name
            );
            assert_eq!(found(&app, &stranger, kind, "ein").await["redirectedFrom"], "ein", "{}: {kind}", app.name);
            done(&app, &one, &format!("{kind}Delete"), json!({})).await;
            for gone in ["one", "uno", "ein"] {
                assert_eq!(found(&app, &stranger, kind, gone).await, Value::Null, "{}: {kind}", app.name);
            }
            done(&app, &two, &edit, json!({ "slug": "uno" })).await;
            is_sound(&app).await;
        }
    }
}

#[tokio::test]
async fn a_chosen_slug_is_that_or_none_and_a_draft_is_led_to_for_staff_alone() {
    for app in both().await {
        let draft = make(&app, "campaignCreate", json!({ "title": "Any", "slug": "chosen" })).await;
        assert_eq!(draft.slug, "chosen", "{}", app.name);
        let input = |slug: &str| json!({ "alliance": crate::viewers::HERE.to_string(), "title": "Other", "slug": slug });
        let long = "x".repeat(81);
        for (slug, problem) in [
            ("chosen", "TAKEN slug"),
            ("", "INVALID slug"),
            ("No Such", "INVALID slug"),
            ("a--b", "INVALID slug"),
            ("\u{fc}ber", "INVALID slug"),
            (long.as_str(), "TOO_LONG slug"),
        ] {
            let response = ask(&app, &editor(), "campaignCreate", &input(slug), "__typename").await;
            assert_eq!(outcome(&response, "campaignCreate"), problem, "{}: {slug}", app.name);
        }
        let draft = done(&app, &draft, "campaignEdit", json!({ "slug": "other" })).await;
        assert_eq!(tried(&app, &draft, "campaignEdit", json!({ "slug": null })).await, "REQUIRED slug", "{}", app.name);
        assert_eq!(found(&app, &Viewer::Anonymous, "campaign", "chosen").await, Value::Null, "{}", app.name);
        assert_eq!(found(&app, &editor(), "campaign", "chosen").await["slug"], "other", "{}", app.name);
        // Each alliance, and each kind, has slugs of its own.
        let there = json!({ "alliance": THERE.to_string(), "title": "Other", "slug": "other" });
        let response = ask(&app, &super::editor_there(), "campaignCreate", &there, "campaign { slug }").await;
        assert_eq!(response["data"]["campaignCreate"]["campaign"]["slug"], "other", "{}: {response}", app.name);
        make(&app, "eventCreate", json!({ "title": "Other", "slug": "other", "startsAt": "2027-01-01T12:00:00Z" })).await;
    }
}

#[tokio::test]
async fn a_slug_is_made_of_whatever_a_title_is_written_in() {
    for app in both().await {
        for (title, slug) in [
            ("S\u{e3}o Tom\u{e9} & Pr\u{ed}ncipe: caf\u{e9}!", "sao-tome-principe-cafe"),
            ("\u{41d}\u{43e}\u{442}\u{442}\u{438}\u{43d}\u{433}\u{435}\u{43c}", "campaign"),
            ("\u{1f98a}", "campaign-2"),
            ("It's 2027", "its-2027"),
        ] {
            let Thing { slug: made, .. } = plain(&app, "campaign", title).await;
            assert_eq!(made, slug, "{}: {title}", app.name);
        }
        let long = "long ".repeat(40);
        let (one, two) = (plain(&app, "campaign", &long).await, plain(&app, "campaign", &long).await);
        assert!(one.slug.len() <= 80 && two.slug.len() <= 80 && one.slug != two.slug, "{}: {} {}", app.name, one.slug, two.slug);
    }
}
