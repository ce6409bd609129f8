//! The terms of posts: what others may do with them, and until when nobody may carry them.

use alliance::worker::plan_now;
use alliance_tests::app::TestApp;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::editing::{act, begun, desks, with};
use crate::following::tell;
use crate::guests::{self, Guest, PASSWORD};
use crate::idempotency::write;
use crate::syndicating::Reader;
use crate::viewers::HERE;

async fn terms(app: &TestApp, by: &Guest, post: &Value) -> Value {
    let query = format!("{{ post(id: {}) {{ terms {{ licence usageTerms embargoedUntil deskNote }} }} }}", post["id"]);
    by.ask(app, &query).await["data"]["post"]["terms"].take()
}

#[tokio::test]
async fn an_embargoed_post_is_carried_by_nobody_until_its_time_and_one_that_is_carried_is_taken_away() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut partner = Reader::new(&app, &admin, "Derby", json!({ "carriesAll": true })).await;
        let until = (app.app.clock().now() + TimeDelta::hours(2)).to_rfc3339();
        let post = begun(&app, &desk.editor, "Secret").await;
        let post = act(&app, &desk.editor, "postTermsSet", &post, json!({ "embargoedUntil": until })).await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        assert_eq!(partner.read(&app).await, [], "{}", app.name);
        partner.forget();
        assert_eq!(partner.read(&app).await, [], "{}: not at the beginning either", app.name);
        let later = app.later(TimeDelta::hours(3));
        write(&later, "UPDATE jobs SET due = 0 WHERE kind = 'posts.release'").await;
        assert!(later.work().await > 0, "{}", app.name);
        tell(&later).await;
        assert_eq!(partner.read(&later).await, [("PUBLISHED".to_owned(), Some("Secret".to_owned()))], "{}", app.name);
        let editor = Guest { token: guests::sign_in(&later, &desk.editor.email, PASSWORD).await, ..desk.editor.clone() };
        assert_eq!(terms(&later, &editor, &post).await["embargoedUntil"], Value::Null, "{}", app.name);
        let query = format!("{{ post(id: {}) {{ id version }} }}", post["id"]);
        let post = guests::ask(&later, &editor.token, &query, &Value::Null).await["data"]["post"].take();
        let until = (later.app.clock().now() + TimeDelta::hours(2)).to_rfc3339();
        let post = act(&later, &editor, "postTermsSet", &post, json!({ "embargoedUntil": until })).await;
        assert_eq!(partner.read(&later).await, [("WITHDRAWN".to_owned(), None)], "{}", app.name);
        act(&later, &editor, "postTermsSet", &post, json!({ "embargoedUntil": null })).await;
        assert_eq!(partner.read(&later).await.len(), 1, "{}", app.name);
        app.leave_jobs();
        later.leave_jobs();
    }
}

#[tokio::test]
async fn a_post_is_told_of_though_what_was_to_tell_at_the_end_of_its_embargo_has_failed_for_good() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        partner.read(&app).await;
        let until = (app.app.clock().now() + TimeDelta::hours(2)).to_rfc3339();
        let post = begun(&app, &desk.editor, "Late").await;
        let post = act(&app, &desk.editor, "postTermsSet", &post, json!({ "embargoedUntil": until })).await;
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        write(&app, "UPDATE jobs SET state = 'DEAD' WHERE kind = 'posts.release'").await;
        plan_now(&app.app).await.expect("the database answers");
        app.work().await;
        tell(&app).await;
        assert_eq!(partner.read(&app).await, [], "{}: before its time", app.name);
        let later = app.later(TimeDelta::hours(3));
        plan_now(&later.app).await.expect("the database answers");
        later.work().await;
        tell(&later).await;
        assert_eq!(partner.read(&later).await, [("PUBLISHED".to_owned(), Some("Late".to_owned()))], "{}", app.name);
        app.leave_jobs();
        later.leave_jobs();
    }
}

#[tokio::test]
async fn a_post_that_is_published_as_its_embargo_ends_is_told_of_once() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        partner.read(&app).await;
        let post = begun(&app, &desk.editor, "On time").await;
        let until = (app.app.clock().now() + TimeDelta::hours(2)).to_rfc3339();
        let post = act(&app, &desk.editor, "postTermsSet", &post, json!({ "embargoedUntil": until })).await;
        let later = app.later(TimeDelta::hours(3));
        let editor = Guest { token: guests::sign_in(&later, &desk.editor.email, PASSWORD).await, ..desk.editor.clone() };
        act(&later, &editor, "postPublish", &post, json!({})).await;
        write(&later, "UPDATE jobs SET due = 0 WHERE kind = 'posts.release'").await;
        later.work().await;
        tell(&later).await;
        assert_eq!(partner.read(&later).await, [("PUBLISHED".to_owned(), Some("On time".to_owned()))], "{}", app.name);
        app.leave_jobs();
        later.leave_jobs();
    }
}

#[tokio::test]
async fn terms_are_set_by_editors_and_what_is_for_desks_is_shown_to_nobody_else() {
    for (app, desk) in desks().await {
        let post = begun(&app, &desk.author, "News").await;
        for refused in [
            json!({ "licence": "CC\n0" }),
            json!({ "deskNote": "x".repeat(1_001) }),
            json!({ "embargoedUntil": "2020-01-01T00:00:00Z" }),
        ] {
            let told = desk.editor.tries(&app, "postTermsSet", with(&post, refused.clone())).await;
            assert!(["INVALID", "TOO_LONG"].contains(&told.as_str()), "{}: {refused}: {told}", app.name);
        }
        for other in [&desk.author, &desk.supporter] {
            let told = other.tries(&app, "postTermsSet", with(&post, json!({ "licence": "CC0-1.0" }))).await;
            assert!(["FORBIDDEN", "NOT_FOUND"].contains(&told.as_str()), "{}: {told}", app.name);
        }
        let input = json!({ "licence": "CC0-1.0", "usageTerms": "Not in print.", "deskNote": "Ines knows more." });
        let post = act(&app, &desk.editor, "postTermsSet", &post, input).await;
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        let own = json!({ "licence": "CC0-1.0", "usageTerms": "Not in print.", "embargoedUntil": null, "deskNote": "Ines knows more." });
        assert_eq!(terms(&app, &desk.editor, &post).await, own, "{}", app.name);
        let public = terms(&app, &desk.supporter, &post).await;
        assert_eq!((&public["licence"], &public["deskNote"]), (&json!("CC0-1.0"), &Value::Null), "{}", app.name);
        app.leave_jobs();
    }
}
