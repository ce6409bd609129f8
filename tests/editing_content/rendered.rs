//! The HTML of what campaigns, events, institutions and alliances say: it is made once, when they are written, and there is an end to it.

use alliance::viewer::Viewer;
use alliance_entity::account_role::Role;
use alliance_tests::app::TestApp;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};

use crate::editing_content::{KINDS, Thing, ask, both, done, editor, is_sound, outcome, plain, public, tried};
use crate::guests::rows_of;
use crate::viewers::{HERE, with_roles};

/// The field that is in Markdown.
fn text_of(kind: &str) -> &'static str {
    if matches!(kind, "institution" | "alliance") { "description" } else { "body" }
}

/// The HTML of a thing's text, as the public reads it.
async fn html(app: &TestApp, thing: &Thing) -> String {
    let field = text_of(&thing.kind);
    let told = thing.told(app, &Viewer::Anonymous, &format!("text: {field} {{ shown: html }}")).await;
    told["text"]["shown"].as_str().expect("it is public").trim_end().to_owned()
}

/// Writes past the application.
async fn write(app: &TestApp, sql: &str) {
    app.app.db().write().execute_unprepared(sql).await.unwrap_or_else(|e| panic!("{}: {sql}: {e}", app.name));
}

/// Texts whose HTML would be far longer than they are, and the kinds that they are tried with: the first takes a while.
fn heavy() -> [(String, &'static [&'static str]); 2] {
    // Each heading has an anchor of its own.
    [("# a\n".repeat(40_000), &KINDS[..1]), ((0..=1_000).map(|n| format!("[^{n}] ")).collect::<Vec<_>>().concat(), &KINDS)]
}

#[tokio::test]
async fn html_is_made_when_a_text_is_written_and_kept_for_those_who_read() {
    for app in both().await {
        for kind in KINDS {
            let (edit, field) = (format!("{kind}Edit"), text_of(kind));
            let thing = public(&app, kind, "Kept").await;
            let thing = done(&app, &thing, &edit, json!({ field: "It is **said**." })).await;
            assert_eq!(html(&app, &thing).await, "<p>It is <strong>said</strong>.</p>", "{}: {kind}", app.name);
            write(&app, "UPDATE rendered_texts SET html = '<p>kept</p>'").await;
            assert_eq!(html(&app, &thing).await, "<p>kept</p>", "{}: {kind}: nothing is made by reading", app.name);
            app.statements();
            thing.told(&app, &Viewer::Anonymous, &format!("{field} {{ markdown plainText }}")).await;
            assert_eq!(app.statements().len(), 1, "{}: {kind}: what nobody asks for is not read", app.name);
            // As by a server of an older version, which keeps none.
            write(&app, &format!("UPDATE {kind}s SET {field} = 'Another _text_.'")).await;
            assert_eq!(html(&app, &thing).await, "<p>Another <em>text</em>.</p>", "{}: {kind}: it is of its text", app.name);
            let thing = done(&app, &thing, &edit, json!({ field: "It is ~~unsaid~~." })).await;
            assert_eq!(html(&app, &thing).await, "<p>It is <del>unsaid</del>.</p>", "{}: {kind}", app.name);
            write(&app, "UPDATE rendered_texts SET html = '<p>kept</p>', rendering = 0").await;
            assert_eq!(
                html(&app, &thing).await,
                "<p>It is <del>unsaid</del>.</p>",
                "{}: {kind}: by the rules of today",
                app.name
            );
            let thing = done(&app, &thing, &edit, json!({ field: null })).await;
            assert_eq!(html(&app, &thing).await, "", "{}: {kind}", app.name);
            assert_eq!(rows_of(&app, "SELECT * FROM rendered_texts").await.len(), 0, "{}: {kind}: it went with it", app.name);
            let thing = done(&app, &thing, &edit, json!({ field: "Once more." })).await;
            done(&app, &thing, &format!("{kind}Delete"), json!({ "confirm": thing.slug })).await;
            assert_eq!(rows_of(&app, "SELECT * FROM rendered_texts").await.len(), 0, "{}: {kind}: it went with it", app.name);
        }
        is_sound(&app).await;
    }
}

#[tokio::test]
async fn a_text_whose_html_would_be_too_long_is_refused_with_what_else_is_wrong() {
    for app in both().await {
        for (text, kinds) in heavy() {
            for kind in kinds {
                let (create, edit, field) = (format!("{kind}Create"), format!("{kind}Edit"), text_of(kind));
                let name = if *kind == "institution" { "name" } else { "title" };
                let mut new = json!({ "alliance": HERE.to_string(), name: "", field: text });
                match *kind {
                    "institution" => new["kind"] = json!("OTHER"),
                    "event" => new["startsAt"] = json!("2027-03-01T18:00:00Z"),
                    _ => {}
                }
                let response = ask(&app, &editor(), &create, &new, "__typename").await;
                let wanted = format!("REQUIRED {name}, TOO_LONG {field}");
                assert_eq!(outcome(&response, &create), wanted, "{}: {response}", app.name);
                let thing = plain(&app, kind, "Short").await;
                let problems = tried(&app, &thing, &edit, json!({ name: null, field: text })).await;
                assert_eq!(problems, wanted, "{}: {edit}", app.name);
            }
            let admin = with_roles(0x17, &[(HERE, Role::Admin)]);
            let input = json!({ "id": HERE.to_string(), "version": 1, "description": text });
            let response = ask(&app, &admin, "allianceEdit", &input, "__typename").await;
            assert_eq!(outcome(&response, "allianceEdit"), "TOO_LONG description", "{}: {response}", app.name);
            let input = json!({ "alliance": HERE.to_string(), "title": "Heavy", "body": text });
            let response = ask(&app, &editor(), "postCreate", &input, "__typename").await;
            assert_eq!(outcome(&response, "postCreate"), "TOO_LONG body", "{}: {response}", app.name);
        }
        let left = rows_of(&app, "SELECT * FROM rendered_texts").await.len();
        assert_eq!(left, 0, "{}: nothing was written", app.name);
    }
}

#[tokio::test]
async fn what_an_alliance_says_is_kept_as_html_too() {
    for app in both().await {
        let admin = with_roles(0x17, &[(HERE, Role::Admin)]);
        let input = json!({ "id": HERE.to_string(), "version": 1, "description": "We **act**." });
        let response = ask(&app, &admin, "allianceEdit", &input, "alliance { description { html } }").await;
        let told = &response["data"]["allianceEdit"]["alliance"]["description"]["html"];
        assert_eq!(told, "<p>We <strong>act</strong>.</p>\n", "{}: {response}", app.name);
        write(&app, "UPDATE rendered_texts SET html = '<h2 id=\"content-kept\">kept</h2>'").await;
        let query = "{ alliances { nodes { slug description { html contents { text } } } } }";
        let told = app.read(query).await["alliances"]["nodes"].take();
        let kept = json!({ "html": "<h2 id=\"content-kept\">kept</h2>", "contents": [{ "text": "kept" }] });
        assert_eq!(told[0]["description"], kept, "{}", app.name);
        let made = json!({ "html": "<p>there</p>\n", "contents": [] });
        assert_eq!(told[1]["description"], made, "{}: from before, it is made when it is read", app.name);
    }
}

#[tokio::test]
async fn the_demo_is_written_with_its_html() {
    for app in TestApp::both().await {
        let query =
            "{ alliance(slug: \"nottingham-citizens\") { description { html } campaigns { nodes { body { html } } } events { nodes { body { html } } }
            institutions(first: 100) { nodes { description { html } } } } }";
        let made = app.read(query).await;
        write(&app, "UPDATE rendered_texts SET html = html || '<p>kept</p>'").await;
        let kept = app.read(query).await;
        let texts = |told: &Value| told.to_string().matches("\"html\"").count();
        assert_eq!((texts(&made), kept.to_string().matches("<p>kept</p>").count()), (45, 45), "{}: {kept}", app.name);
    }
}
