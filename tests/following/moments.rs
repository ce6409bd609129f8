//! What is told is as the viewer may see it at that moment.

use alliance_entity::account_role::Role;
use serde_json::{Value, json};

use crate::editing::{CAMPAIGN, act, begun, desks};
use crate::following::{Watcher, tell};
use crate::guests;
use crate::viewers::HERE;

#[tokio::test]
async fn published_posts_are_told_to_those_who_asked_for_their_alliance_or_their_campaign() {
    for (app, desk) in desks().await {
        let here = "subscription { postPublished(alliance: \"here\") { post { title } } }";
        let there = "subscription { postPublished(alliance: \"there\") { post { title } } }";
        let campaign = format!("subscription {{ postPublished(campaign: \"{CAMPAIGN}\") {{ post {{ title }} }} }}");
        let mut hears = [Watcher::open(&app, "", here).await, Watcher::open(&app, "", &campaign).await];
        let mut hears_not = Watcher::open(&app, "", there).await;
        let post = begun(&app, &desk.editor, "Of the campaign").await;
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        let input = json!({ "alliance": HERE.to_string(), "title": "Of none" });
        let post = desk.editor.does(&app, "postCreate", input, "post { id version }").await["post"].take();
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        tell(&app).await;
        let title = async |watcher: &mut Watcher| watcher.data().await["postPublished"]["post"]["title"].take();
        let [in_alliance, in_campaign] = &mut hears;
        assert_eq!(title(in_alliance).await, "Of the campaign", "{}", app.name);
        assert_eq!(title(in_alliance).await, "Of none", "{}", app.name);
        assert_eq!(title(in_campaign).await, "Of the campaign", "{}", app.name);
        assert!(in_campaign.is_quiet().await && hears_not.is_quiet().await, "{}", app.name);
        // A post that was withdrawn before anybody was told of it is told to nobody.
        let post = begun(&app, &desk.editor, "A mistake").await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        act(&app, &desk.editor, "postUnpublish", &post, json!({ "reason": "Not yet." })).await;
        tell(&app).await;
        assert!(in_alliance.is_quiet().await, "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn an_editor_whose_role_is_revoked_hears_no_more_than_the_public_does() {
    for (app, desk) in desks().await {
        let ada = guests::admin(&app, Some(HERE), "ada2@example.org").await;
        let post = begun(&app, &desk.editor, "A draft").await;
        let asked = format!("subscription {{ postChanged(id: {}) {{ post {{ title version }} }} }}", post["id"]);
        let other = guests::joined(&app, &ada, (HERE, Role::Editor), "other@example.org").await;
        let mut watcher = Watcher::open(&app, &other.token, &asked).await;
        let post = act(&app, &desk.editor, "postEdit", &post, json!({ "title": "A better draft" })).await;
        tell(&app).await;
        assert_eq!(watcher.data().await["postChanged"]["post"]["version"], post["version"], "{}", app.name);
        let role = json!({ "account": other.id.to_string(), "alliance": HERE.to_string(), "role": "EDITOR" });
        ada.does(&app, "roleRevoke", role, "account { id }").await;
        app.app.access().forget();
        let post = act(&app, &desk.editor, "postEdit", &post, json!({ "title": "The best draft" })).await;
        tell(&app).await;
        assert_eq!(watcher.data().await["postChanged"]["post"], Value::Null, "{}: it is gone for them", app.name);
        let post = act(&app, &desk.editor, "postEdit", &post, json!({ "title": "The very best" })).await;
        tell(&app).await;
        assert!(watcher.is_quiet().await, "{}: what they may not see is not told of", app.name);
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        tell(&app).await;
        assert_eq!(watcher.data().await["postChanged"]["post"]["title"], "The very best", "{}", app.name);
        let hidden = begun(&app, &desk.editor, "Hidden").await;
        let refused = format!("subscription {{ postChanged(id: {}) {{ cursor }} }}", hidden["id"]);
        let (_, refused) = Watcher::open(&app, "", &refused).await.next().await.expect("it says why");
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn who_was_told_that_a_post_is_gone_is_not_told_so_again_however_they_resume() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.editor, "Here and gone").await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        tell(&app).await;
        let asked =
            |after: &str| format!("subscription {{ postChanged(id: {}{after}) {{ cursor post {{ title }} }} }}", post["id"]);
        let mut watcher = Watcher::open(&app, "", &asked("")).await;
        let began = watcher.began.clone();
        let post = act(&app, &desk.editor, "postUnpublish", &post, json!({ "reason": "A mistake." })).await;
        tell(&app).await;
        let told = watcher.data().await["postChanged"].take();
        assert_eq!(told["post"], Value::Null, "{}", app.name);
        let post = act(&app, &desk.editor, "postArchive", &post, json!({})).await;
        tell(&app).await;
        assert!(watcher.is_quiet().await, "{}: what becomes of a hidden post is nobody's business", app.name);
        drop(watcher);
        let mut resumed = Watcher::open(&app, "", &asked(&format!(", after: {}", told["cursor"]))).await;
        assert!(resumed.is_quiet().await, "{}: it was told before", app.name);
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        tell(&app).await;
        assert_eq!(resumed.data().await["postChanged"]["post"]["title"], "Here and gone", "{}", app.name);
        // A bare cursor shows nothing of what somebody may have been told.
        let hidden = begun(&app, &desk.editor, "Hidden").await;
        let bare = format!("subscription {{ postChanged(id: {}, after: \"{began}\") {{ cursor }} }}", hidden["id"]);
        let (_, refused) = Watcher::open(&app, "", &bare).await.next().await.expect("it says why");
        assert_eq!(refused["errors"][0]["extensions"]["code"], "NOT_FOUND", "{}", app.name);
        app.leave_jobs();
    }
}
