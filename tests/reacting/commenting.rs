//! Comments: a visitor's waits for a mail, and each for a moderator where the alliance wants that.

use alliance_tests::app::TestApp;
use alliance_tests::running::changing;
use axum::body::Body;
use axum::http::Request;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::people::{Answer, ask, ask_with, rows_of};
use crate::reacting::{
    LUNCH, both, confirm, confirmation, editor, moderate, post, public, queue, react, sums_agree, visitor, wants, words,
};

#[tokio::test]
async fn a_visitors_comment_is_seen_once_it_is_confirmed_and_let_through() {
    for app in both().await {
        let (token, lunch, editor) = (visitor(&app).await, post(&app, LUNCH).await, editor(&app).await);
        react(&app, &token, &lunch, json!({})).await.done();
        let before = public(&app).await;
        let said = react(&app, &token, &lunch, words("We were there too.", "rosa@example.org")).await;
        let waiting = &said.done()["reaction"];
        assert_eq!(
            (&waiting["state"], waiting["confirmBy"].is_string()),
            (&json!("PENDING"), true),
            "{}: {}",
            app.name,
            said.text
        );
        assert_eq!(said.done()["reactions"]["total"], 2, "{}: what was said without words counts on", app.name);
        assert_eq!(queue(&app, &editor).await["totalCount"], 0, "{}: nobody moderates what nobody confirmed", app.name);
        let early = moderate(&app, &editor, &waiting["id"], "APPROVE", None).await;
        assert_eq!(early.refused(), "WRONG_STATE", "{}: {}", app.name, early.text);
        let link = confirmation(&app).await.expect("a mail asks to confirm it");
        let confirmed = confirm(&app, &link).await;
        assert_eq!(confirmed.done()["reaction"]["comment"], "We were there too.", "{}", confirmed.text);
        assert_eq!((&confirmed.done()["reaction"]["state"], public(&app).await), (&json!("PENDING"), before.clone()));
        assert_eq!(confirm(&app, &link).await.refused(), "EXPIRED", "{}: a link works once", app.name);
        let held = queue(&app, &editor).await;
        assert_eq!((&held["totalCount"], &held["nodes"][0]["awaitsModeration"]), (&json!(1), &json!(true)), "{held}");
        let shown = moderate(&app, &editor, &waiting["id"], "APPROVE", None).await;
        assert_eq!(shown.done()["reactions"]["total"], 2, "{}: it takes the place of what they said without words", app.name);
        let now = public(&app).await;
        assert_eq!(now["comments"]["totalCount"], 2, "{}: {now}", app.name);
        assert_eq!(
            now["comments"]["nodes"][0],
            json!({ "comment": "We were there too.", "authorName": "Rosa", "state": "COUNTED" })
        );
        assert_eq!(queue(&app, &editor).await["totalCount"], 0, "{}", app.name);
        assert_eq!(rows_of(&app, "reaction_links").await, 0, "{}: the address is forgotten", app.name);
        sums_agree(&app).await;
    }
}

#[tokio::test]
async fn who_has_confirmed_once_is_not_asked_again_and_one_link_confirms_all_that_wait() {
    for app in both().await {
        wants(&app, json!({ "commentPolicy": "SHOWN" })).await;
        let (token, lunch, other) = (visitor(&app).await, post(&app, LUNCH).await, post(&app, "fast-in-solidarity").await);
        react(&app, &token, &lunch, words("The first", "rosa@example.org")).await.done();
        react(&app, &token, &other, words("The second", "ROSA@example.org")).await.done();
        let link = confirmation(&app).await.expect("a mail asks to confirm them");
        assert_eq!(confirm(&app, &link).await.done()["reaction"]["state"], "COUNTED", "{}: it is shown at once", app.name);
        assert_eq!(rows_of(&app, "reactions WHERE state = 'PENDING'").await, 0, "{}: so is the other", app.name);
        let third = react(&app, &token, &lunch, words("The third", "rosa@example.org")).await;
        assert_eq!(third.done()["reaction"]["state"], "COUNTED", "{}: {}", app.name, third.text);
        assert!(confirmation(&app).await.is_none(), "{}: no mail is needed", app.name);
        let comments = public(&app).await["comments"].take();
        assert_eq!(comments["nodes"][0]["comment"], "The third", "{}: it replaces the first: {comments}", app.name);
        assert_eq!(comments["totalCount"], 2, "{}: {comments}", app.name);
        let somebody = visitor(&app).await;
        let theirs = react(&app, &somebody, &lunch, words("In their name", "rosa@example.org")).await;
        assert_eq!(theirs.done()["reaction"]["state"], "PENDING", "{}: another visitor confirms by themselves", app.name);
        sums_agree(&app).await;
        app.leave_jobs();
    }
}

#[tokio::test]
async fn what_is_not_confirmed_in_time_is_forgotten() {
    for app in both().await {
        let (token, lunch) = (visitor(&app).await, post(&app, LUNCH).await);
        react(&app, &token, &lunch, words("Never confirmed", "rosa@example.org")).await.done();
        let link = confirmation(&app).await.expect("a mail asks to confirm it");
        let later = app.later(TimeDelta::hours(73));
        assert_eq!(confirm(&later, &link).await.refused(), "EXPIRED", "{}", app.name);
        alliance::retention::run(&later.app).await.expect("the database answers");
        assert_eq!(rows_of(&app, "reactions WHERE has_comment").await, 1, "{}: the demo's", app.name);
        assert_eq!(rows_of(&app, "reaction_links").await, 0, "{}", app.name);
        sums_agree(&app).await;
    }
}

#[tokio::test]
async fn a_comment_of_an_account_needs_no_mail_and_its_writer_reads_it_while_it_waits() {
    for app in both().await {
        let (_, rosa) = crate::people::welcomed(&app, "rosa@citizens.example", &[]).await;
        let (lunch, stranger) = (post(&app, LUNCH).await, visitor(&app).await);
        let said = react(&app, &rosa.access, &lunch, json!({ "comment": "With my account", "authorName": "Rosa P." })).await;
        assert_eq!((&said.done()["reaction"]["state"], &said.done()["reaction"]["confirmBy"]), (&json!("PENDING"), &Value::Null));
        let again = react(&app, &rosa.access, &lunch, json!({ "comment": "Said better", "authorName": "Rosa P." })).await;
        assert_eq!(
            again.done()["reaction"]["id"],
            said.done()["reaction"]["id"],
            "{}: one waits, and it says the last",
            app.name
        );
        let node = "query($id: ID!) { node(id: $id) { ... on Reaction { comment state } } }";
        let id = json!({ "id": said.done()["reaction"]["id"] });
        let own = ask_with(&app, &rosa.access, node, &id).await;
        assert_eq!(own.body["data"]["node"], json!({ "comment": "Said better", "state": "PENDING" }), "{}", app.name);
        assert_eq!(ask_with(&app, &stranger, node, &id).await.body["data"]["node"], Value::Null, "{}", app.name);
        assert_eq!(public(&app).await["comments"]["totalCount"], 1, "{}", app.name);
        assert!(app.mails().is_empty(), "{}", app.name);
        sums_agree(&app).await;
    }
}

#[tokio::test]
async fn closed_comments_are_refused_and_a_reaction_without_words_is_not() {
    for app in both().await {
        wants(&app, json!({ "commentPolicy": "CLOSED" })).await;
        let (token, lunch) = (visitor(&app).await, post(&app, LUNCH).await);
        let refused = react(&app, &token, &lunch, words("Too late", "rosa@example.org")).await;
        assert_eq!(refused.refused(), "WRONG_STATE", "{}: {}", app.name, refused.text);
        assert_eq!(react(&app, &token, &lunch, json!({})).await.done()["reactions"]["total"], 2, "{}", app.name);
        let told = app.read("{ alliance(slug: \"nottingham-citizens\") { commentPolicy } }").await;
        assert_eq!(told["alliance"]["commentPolicy"], "CLOSED", "{}", app.name);
    }
}

/// Asks from a network of its own.
async fn from(app: &TestApp, network: usize, token: &str, (field, select): (&str, &str), input: &Value) -> Answer {
    let (bearer, address) = (format!("Bearer {token}"), format!("192.0.{network}.7"));
    let mut headers = vec![("x-forwarded-for", address.as_str())];
    if !token.is_empty() {
        headers.push(("authorization", bearer.as_str()));
    }
    ask(app, &headers, &changing(field, select), &json!({ "input": input })).await
}

#[tokio::test]
async fn fifty_networks_that_comment_under_one_address_have_one_mail_sent_to_it() {
    for app in TestApp::both_set(|flags| flags.trusted_proxies = Some("127.0.0.1".to_owned())).await {
        let (lunch, mut accepted) = (post(&app, LUNCH).await, 0);
        for network in 0..50 {
            let made = from(&app, network, "", ("visitorTokenCreate", "visitorToken { token }"), &json!({})).await;
            let token = made.done()["visitorToken"]["token"].as_str().expect("a token").to_owned();
            let email = if network % 2 == 0 { "zoe@example.org" } else { "ZOE@EXAMPLE.ORG" };
            let input = json!({ "subject": lunch, "kind": "CONCERN", "comment": "Pills", "email": email });
            let said = from(&app, network, &token, ("reactionAdd", "reaction { state }"), &input).await;
            match said.code() {
                "" => accepted += 1,
                code => assert_eq!(code, "RATE_LIMITED", "{}: {}", app.name, said.text),
            }
        }
        assert_eq!(accepted, 1, "{}", app.name);
        app.work().await;
        assert_eq!(app.mails().len(), 1, "{}", app.name);
        let other =
            from(&app, 51, "", ("accountRegister", "accepted"), &json!({ "email": "zoe@example.org", "name": "Zoë" })).await;
        assert_eq!(other.code(), "RATE_LIMITED", "{}: all mails to an address are counted together", app.name);
    }
}

#[tokio::test]
async fn the_link_leads_to_a_page_that_confirms_by_its_button_alone() {
    for app in both().await {
        let (token, lunch) = (visitor(&app).await, post(&app, LUNCH).await);
        react(&app, &token, &lunch, words("By the page", "rosa@example.org")).await.done();
        let link = format!("/reaction/confirm?token={}", confirmation(&app).await.expect("a mail asks to confirm it"));
        let get = async |path: &str| {
            let (status, _, text) = app.send(Request::get(path).body(Body::empty()).expect("a request")).await;
            (status.as_u16(), text)
        };
        for _ in 0..3 {
            let (status, page) = get(&link).await;
            assert!(status == 200 && page.contains("Confirm your comment") && !page.contains("By the page"), "{status}: {page}");
        }
        assert_eq!(rows_of(&app, "reactions WHERE confirm_by IS NOT NULL").await, 1, "{}: who looks changes nothing", app.name);
        let button = async |origin: &str| {
            let sent = Request::post("/reaction/confirm")
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", origin);
            let body = Body::from(format!("token={}", link.split_once('=').expect("it has a token").1));
            let (status, _, text) = app.send(sent.body(body).expect("a request")).await;
            (status.as_u16(), text)
        };
        assert_eq!(button("https://evil.example").await.0, 403, "{}: no other site confirms it", app.name);
        let (status, page) = button("https://citizens.example").await;
        assert!(status == 200 && page.contains("Your comment is confirmed"), "{}: {status}: {page}", app.name);
        assert_eq!(rows_of(&app, "reactions WHERE to_moderate").await, 1, "{}", app.name);
        assert_eq!((button("https://citizens.example").await.0, get(&link).await.0), (410, 410), "{}", app.name);
        assert_eq!(get("/reaction/confirm?token=nothing").await.0, 410, "{}", app.name);
    }
}

#[tokio::test]
async fn a_comment_that_cannot_be_written_costs_no_mail() {
    for app in TestApp::both().await {
        let (token, lunch) = (visitor(&app).await, post(&app, LUNCH).await);
        let said = words("We were there too.", "rosa@example.org");
        let nothing = react(&app, &token, &json!("post_01jdz0000000000000000000zz"), said.clone()).await;
        assert_eq!(nothing.code(), "NOT_FOUND", "{}: {}", app.name, nothing.text);
        wants(&app, json!({ "commentPolicy": "CLOSED" })).await;
        assert_eq!(react(&app, &token, &lunch, said.clone()).await.refused(), "WRONG_STATE", "{}", app.name);
        wants(&app, json!({ "commentPolicy": "HELD" })).await;
        let waits = react(&app, &token, &lunch, said).await;
        assert_eq!(waits.done()["reaction"]["state"], "PENDING", "{}: the address has its mail", app.name);
        assert!(confirmation(&app).await.is_some(), "{}", app.name);
    }
}
