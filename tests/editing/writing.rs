//! What a post may say, and what it may name.

use alliance_entity::campaign::CampaignStatus;
use alliance_entity::id::CampaignId;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::editing::{CAMPAIGN, act, begun, desks, with};
use crate::guests::change;
use crate::rows::{self, put};
use crate::viewers::{HERE, THERE};

#[tokio::test]
async fn what_is_wrong_with_a_post_is_told_field_by_field_and_nothing_is_written() {
    for (app, desk) in desks().await {
        let input = json!({ "alliance": HERE.to_string(), "title": "a".repeat(201), "body": "bell \u{7}", "excerpt": "e".repeat(601),
            "campaigns": vec![CAMPAIGN.to_string(); 3] });
        let answer = change(&app, (&desk.author.token, "postCreate"), input, "post { id }").await;
        let errors = answer["data"]["postCreate"]["userErrors"].as_array().expect("a list").clone();
        let told: Vec<(&Value, &Value)> = errors.iter().map(|error| (&error["field"][1], &error["code"])).collect();
        let wanted = [("title", "TOO_LONG"), ("body", "INVALID"), ("excerpt", "TOO_LONG")];
        assert_eq!(told, wanted.map(|(field, code)| (json!(field), json!(code))).iter().map(|(f, c)| (f, c)).collect::<Vec<_>>());
        assert_eq!(answer["data"]["postCreate"]["post"], Value::Null, "{}: {answer}", app.name);
        let empty = json!({ "alliance": HERE.to_string(), "title": "  " });
        assert_eq!(desk.author.tries(&app, "postCreate", empty).await, "REQUIRED", "{}", app.name);
        let post = begun(&app, &desk.author, "Cleared").await;
        for field in ["title", "body", "kind"] {
            assert_eq!(desk.author.tries(&app, "postEdit", with(&post, json!({ field: null }))).await, "REQUIRED", "{field}");
        }
        app.work().await;
    }
}

#[tokio::test]
async fn what_is_left_out_stays_and_null_clears() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Kept").await;
        let selection =
            "post { version title kind excerpt body { markdown } campaigns { totalCount } institutions { totalCount } }";
        let edit = async |post: &Value, more: Value| {
            desk.author.does(&app, "postEdit", with(post, more), selection).await["post"].take()
        };
        let post = json!({ "id": post["id"], "version": post["version"] });
        let edited = edit(&post, json!({ "kind": "REPORT", "excerpt": "In short." })).await;
        let wanted = json!({ "version": 2, "title": "Kept", "kind": "REPORT", "excerpt": "In short.",
            "body": { "markdown": "Kept, at length.\n\nAnd more." }, "campaigns": { "totalCount": 1 }, "institutions": { "totalCount": 1 } });
        assert_eq!(edited, wanted, "{}", app.name);
        let post = json!({ "id": post["id"], "version": 2 });
        let cleared = edit(&post, json!({ "excerpt": null, "campaigns": null, "institutions": [] })).await;
        let wanted = json!({ "version": 3, "title": "Kept", "kind": "REPORT", "excerpt": "Kept, at length. And more.",
            "body": { "markdown": "Kept, at length.\n\nAnd more." }, "campaigns": { "totalCount": 0 }, "institutions": { "totalCount": 0 } });
        assert_eq!(cleared, wanted, "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn a_post_names_only_what_its_alliance_has_and_its_writer_sees() {
    for (app, desk) in desks().await {
        let (draft, foreign) = (CampaignId(Uuid::from_u128(0xcb)), CampaignId(Uuid::from_u128(0xcc)));
        put!(
            &app,
            rows::campaign(draft, HERE, "secret", CampaignStatus::Draft),
            rows::campaign(foreign, THERE, "foreign", CampaignStatus::Active),
        );
        let naming = |campaign: CampaignId| json!({ "campaigns": [campaign.to_string()] });
        let post = begun(&app, &desk.author, "Named").await;
        for unknown in [draft, foreign, CampaignId(Uuid::from_u128(0xcd))] {
            assert_eq!(desk.author.tries(&app, "postEdit", with(&post, naming(unknown))).await, "NOT_FOUND", "{}", app.name);
        }
        for (field, id) in [("author", "person"), ("event", "event")] {
            let unknown = with(&post, json!({ field: format!("{id}_00000000008000g0000000000h") }));
            assert_eq!(desk.author.tries(&app, "postEdit", unknown).await, "NOT_FOUND", "{}: {field}", app.name);
        }
        let post = act(&app, &desk.editor, "postEdit", &post, naming(draft)).await;
        // What was named before may stay, seen or not.
        act(&app, &desk.author, "postEdit", &post, json!({ "title": "Named still" })).await;
        app.work().await;
    }
}

#[tokio::test]
async fn those_who_do_not_work_on_a_post_do_nothing_to_it() {
    for (app, desk) in desks().await {
        let draft = begun(&app, &desk.editor, "The editor's own").await;
        let public = begun(&app, &desk.editor, "Published").await;
        let public = act(&app, &desk.editor, "postPublish", &public, json!({})).await;
        let acts = [
            ("postEdit", json!({ "title": "Mine" })),
            ("postSubmit", json!({})),
            ("postReturn", json!({ "reason": "No." })),
            ("postPublish", json!({})),
            ("postSchedule", json!({ "publishAt": "2030-01-01T00:00:00Z" })),
            ("postUnschedule", json!({})),
            ("postUnpublish", json!({})),
            ("postArchive", json!({})),
            ("postCorrect", json!({ "correction": "No." })),
            ("postRevisionRestore", json!({ "revision": 1 })),
            ("postDelete", json!({})),
            ("postRestore", json!({})),
        ];
        let before = crate::guests::dump(&app).await;
        for (field, more) in acts {
            for outsider in [&desk.author, &desk.supporter, &desk.elsewhere] {
                assert_eq!(outsider.tries(&app, field, with(&draft, more.clone())).await, "NOT_FOUND", "{}: {field}", app.name);
                assert_eq!(outsider.tries(&app, field, with(&public, more.clone())).await, "FORBIDDEN", "{}: {field}", app.name);
            }
        }
        for outsider in [&desk.supporter, &desk.elsewhere] {
            let input = json!({ "alliance": HERE.to_string(), "title": "Not mine to write" });
            assert_eq!(outsider.tries(&app, "postCreate", input).await, "FORBIDDEN", "{}", app.name);
        }
        assert_eq!(crate::guests::dump(&app).await, before, "{}: nothing was written", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn two_revisions_are_compared_line_by_line() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Before").await;
        let more = json!({ "title": "After", "body": "Before, at length.\n\nAnd less.", "kind": "STATEMENT" });
        let post = act(&app, &desk.author, "postEdit", &post, more).await;
        let id = post["id"].as_str().expect("an id");
        let query = format!(
            "{{ post(id: \"{id}\") {{ revisions {{ nodes {{ number title kind body {{ markdown }} createdBy {{ email }} }} }}
                difference(from: 1, to: 2) {{ parts title {{ change text }} body {{ change text }} }}
                none: difference(from: 1, to: 9) {{ parts }} }} }}"
        );
        let read = desk.author.ask(&app, &query).await["data"]["post"].take();
        let line = |change: &str, text: &str| json!({ "change": change, "text": text });
        let difference = json!({ "parts": ["TITLE", "EXCERPT", "BODY", "KIND"], "title": [line("REMOVED", "Before"), line("ADDED", "After")],
            "body": [line("SAME", "Before, at length."), line("SAME", ""), line("REMOVED", "And more."), line("ADDED", "And less.")] });
        assert_eq!(read["difference"], difference, "{}", app.name);
        assert_eq!(read["none"], Value::Null, "{}", app.name);
        let numbers: Vec<&Value> =
            read["revisions"]["nodes"].as_array().expect("a list").iter().map(|of| &of["number"]).collect();
        assert_eq!(numbers, [&json!(2), &json!(1)], "{}", app.name);
        assert_eq!(read["revisions"]["nodes"][0]["createdBy"]["email"], "author@example.org", "{}: {read}", app.name);
        app.work().await;
    }
}
