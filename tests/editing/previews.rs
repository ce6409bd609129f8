//! Drafts that are shown to those who have no account.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::editing::{CAMPAIGN, act, begun, desks};

#[tokio::test]
async fn a_preview_token_shows_one_revision_of_one_post_to_whoever_holds_it() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "Shown early").await;
        let other = begun(&app, &desk.author, "Not shown").await;
        let selection = "token previewToken { id expiresAt revokedAt }";
        let made = desk.author.does(&app, "postPreviewTokenCreate", json!({ "id": post["id"] }), selection).await;
        let token = made["token"].as_str().expect("a token");
        assert_eq!(made["previewToken"]["expiresAt"], "2026-11-25T12:00:00Z", "{}", app.name);
        act(&app, &desk.author, "postEdit", &post, json!({ "title": "Written later" })).await;
        let fields = "title status body { html } campaigns { nodes { id } } version draft { title } revisions { totalCount } url";
        let shown = app.read(&format!("{{ post(previewToken: \"{token}\") {{ {fields} }} }}")).await["post"].take();
        let wanted = json!({ "title": "Shown early", "status": "DRAFT", "body": { "html": "<p>Shown early, at length.</p>\n<p>And more.</p>\n" },
            "campaigns": { "nodes": [{ "id": CAMPAIGN.to_string() }] }, "version": null, "draft": null, "revisions": null,
            "url": "https://citizens.example/here/posts/shown-early" });
        assert_eq!(shown, wanted, "{}: it is read-only, and of that revision", app.name);
        let id = post["id"].as_str().expect("an id");
        let beside = format!(
            "{{ post(previewToken: \"{token}\", id: \"{id}\") {{ title }} other: post(id: \"{id}\") {{ title }} posts(filter: {{ alliance: \"here\" }}) {{ totalCount }} }}"
        );
        let wanted = json!({ "post": { "title": "Shown early" }, "other": null, "posts": { "totalCount": 0 } });
        assert_eq!(app.read(&beside).await, wanted, "{}: nothing else is shown", app.name);
        let other = other["id"].as_str().expect("an id");
        for wrong in [format!("previewToken: \"{token}\", id: \"{other}\""), "previewToken: \"apv_none\"".to_owned()] {
            let answer = app.ask(&format!("{{ post({wrong}) {{ title }} }}")).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_REQUEST", "{}: {answer}", app.name);
            assert_eq!(answer["data"]["post"], Value::Null, "{}: {answer}", app.name);
        }
        let query = format!("/graphql?query=%7Bpost(previewToken:%22{token}%22)%7Btitle%7D%7D");
        let (status, headers, text) = app.get(&query, &[]).await;
        assert_eq!(status, 200, "{}: {text}", app.name);
        let caching: Vec<_> = headers.get_all("cache-control").iter().map(|value| value.to_str().expect("text")).collect();
        assert!(caching.iter().all(|value| value.contains("no-store")) && !caching.is_empty(), "{}: {caching:?}", app.name);
        assert!(headers.get("etag").is_none(), "{}", app.name);
        ends(&app, &desk, &made, token).await;
        app.work().await;
    }
}

/// It shows nothing after a day, nor once it is revoked.
async fn ends(app: &alliance_tests::app::TestApp, desk: &crate::editing::Desk, made: &Value, token: &str) {
    let shows = format!("{{ post(previewToken: \"{token}\") {{ title }} }}");
    assert!(app.later(TimeDelta::hours(23)).ask(&shows).await["data"]["post"].is_object(), "{}", app.name);
    assert!(app.later(TimeDelta::hours(25)).ask(&shows).await["data"]["post"].is_null(), "{}", app.name);
    let input = json!({ "id": made["previewToken"]["id"] });
    for outsider in [&desk.supporter, &desk.elsewhere] {
        assert_eq!(outsider.tries(app, "postPreviewTokenRevoke", input.clone()).await, "NOT_FOUND", "{}", app.name);
    }
    let admin = crate::guests::admin(app, Some(crate::viewers::HERE), "abe@example.org").await;
    for (disabled, shown) in [(true, false), (false, true)] {
        admin.does(app, "accountDisable", json!({ "id": desk.author.id.to_string(), "disabled": disabled }), "__typename").await;
        assert_eq!(app.ask(&shows).await["data"]["post"].is_object(), shown, "{}: its maker was disabled: {disabled}", app.name);
    }
    desk.editor.does(app, "postPreviewTokenRevoke", input, "previewToken { revokedAt }").await;
    assert!(app.ask(&shows).await["data"]["post"].is_null(), "{}: it was revoked", app.name);
}
