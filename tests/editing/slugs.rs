//! The addresses of posts: made from titles, unique, and never leading nowhere.

use futures_util::future::join_all;
use serde_json::json;

use crate::editing::{act, begun, desks, with};

#[tokio::test]
async fn a_slug_is_made_from_the_title_and_numbered_where_others_have_it() {
    for (app, desk) in desks().await {
        let titles = ["Łódź: où l’été s’en va?", "Łódź: où l’été s’en va?", "日本", "日本", "--"];
        let mut slugs = Vec::new();
        for title in titles {
            slugs.push(begun(&app, &desk.author, title).await["slug"].as_str().expect("a slug").to_owned());
        }
        assert_eq!(slugs, ["lodz-ou-lete-sen-va", "lodz-ou-lete-sen-va-2", "post", "post-2", "post-3"], "{}", app.name);
        let many = join_all((0..10).map(|_| begun(&app, &desk.author, "At once"))).await;
        let mut slugs: Vec<String> = many.iter().map(|post| post["slug"].as_str().expect("a slug").to_owned()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), 10, "{}: {slugs:?}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn an_old_slug_leads_to_the_post_and_nobody_else_gets_it() {
    for (app, desk) in desks().await {
        let editor = &desk.editor;
        let post = begun(&app, editor, "First name").await;
        let post = act(&app, editor, "postPublish", &post, json!({})).await;
        let post = act(&app, editor, "postEdit", &post, json!({ "slug": "second-name" })).await;
        let post = act(&app, editor, "postEdit", &post, json!({ "slug": "third-name" })).await;
        for (slug, from) in
            [("first-name", json!("first-name")), ("second-name", json!("second-name")), ("third-name", json!(null))]
        {
            let query = format!("{{ post(slug: \"{slug}\", alliance: \"here\") {{ slug redirectedFrom }} }}");
            let wanted = json!({ "post": { "slug": "third-name", "redirectedFrom": from } });
            assert_eq!(app.read(&query).await, wanted, "{}", app.name);
        }
        let taken = json!({ "alliance": crate::viewers::HERE.to_string(), "title": "Thief", "slug": "first-name" });
        assert_eq!(editor.tries(&app, "postCreate", taken).await, "TAKEN", "{}", app.name);
        let other = begun(&app, editor, "Second name").await;
        assert_eq!(other["slug"], "second-name-2", "{}: what leads elsewhere is not given away", app.name);
        assert_eq!(editor.tries(&app, "postEdit", with(&other, json!({ "slug": "third-name" }))).await, "TAKEN", "{}", app.name);
        for wrong in ["", "No", "a--b", "-a", "a-", "a b", "ä", &"a".repeat(81)] {
            let refused = editor.tries(&app, "postEdit", with(&other, json!({ "slug": wrong }))).await;
            assert_eq!(refused, "INVALID", "{}: `{wrong}`", app.name);
        }
        // It may take back what it had.
        let post = act(&app, editor, "postEdit", &post, json!({ "slug": "first-name" })).await;
        assert_eq!(post["slug"], "first-name", "{}", app.name);
        let found = app.read("{ post(slug: \"third-name\", alliance: \"here\") { slug redirectedFrom } }").await;
        assert_eq!(found["post"], json!({ "slug": "first-name", "redirectedFrom": "third-name" }), "{}", app.name);
        // A withdrawn post is found by no slug of its own.
        act(&app, editor, "postUnpublish", &post, json!({})).await;
        let found = app.read("{ post(slug: \"third-name\", alliance: \"here\") { slug } }").await;
        assert_eq!(found["post"], json!(null), "{}", app.name);
        app.work().await;
    }
}

#[tokio::test]
async fn an_author_does_not_move_what_is_public() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Mine").await;
        let post = act(&app, &desk.author, "postEdit", &post, json!({ "slug": "still-mine" })).await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        let moved = desk.author.tries(&app, "postEdit", with(&post, json!({ "slug": "elsewhere" }))).await;
        assert_eq!(moved, "FORBIDDEN", "{}", app.name);
        // Nobody had read the first one.
        let found = app.read("{ post(slug: \"mine\", alliance: \"here\") { slug } }").await;
        assert_eq!(found["post"], json!(null), "{}", app.name);
        app.work().await;
    }
}
