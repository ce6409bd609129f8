//! The feed of changes: each once, in order, resumable, and with the item as it is now.

use std::cell::Cell;

use alliance_tests::app::TestApp;
use serde_json::{Value, json};

use crate::editing::{act, begun, desks};
use crate::following::tell;
use crate::guests;
use crate::idempotency::write as write_sql;
use crate::syndicating::Reader;
use crate::viewers::HERE;

fn told(kind: &str, title: Option<&str>) -> (String, Option<String>) {
    (kind.to_owned(), title.map(str::to_owned))
}

#[tokio::test]
async fn a_partner_reads_what_is_public_and_then_every_change_once_and_in_order() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let old = begun(&app, &desk.editor, "Old").await;
        act(&app, &desk.editor, "postPublish", &old, json!({})).await;
        begun(&app, &desk.editor, "A draft").await;
        tell(&app).await;
        let mut partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        assert_eq!(partner.read(&app).await, [told("PUBLISHED", Some("Old"))], "{}", app.name);
        assert_eq!(partner.read(&app).await, [], "{}: nothing has happened", app.name);

        let post = begun(&app, &desk.editor, "News").await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        assert_eq!(partner.read(&app).await, [told("PUBLISHED", Some("News"))], "{}", app.name);
        let post = act(&app, &desk.editor, "postEdit", &post, json!({ "title": "Better news" })).await;
        assert_eq!(partner.read(&app).await, [], "{}: a pending draft is nobody's", app.name);
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        let correction = json!({ "correction": "It was not so.", "title": "Right news" });
        let post = act(&app, &desk.editor, "postCorrect", &post, correction).await;
        // Each is told with the item as it is now.
        let (edited, corrected) = (told("EDITED", Some("Right news")), told("CORRECTED", Some("Right news")));
        assert_eq!(partner.read(&app).await, [edited, corrected], "{}", app.name);
        let post = act(&app, &desk.editor, "postUnpublish", &post, json!({})).await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        let post = act(&app, &desk.editor, "postDelete", &post, json!({})).await;
        let all = [told("WITHDRAWN", None), told("PUBLISHED", None), told("DELETED", None)];
        assert_eq!(partner.read(&app).await, all, "{}: what is gone is not shown", app.name);
        act(&app, &desk.editor, "postRestore", &post, json!({})).await;
        assert_eq!(partner.read(&app).await, [], "{}: it is not public", app.name);
        assert_eq!(partner.copies.len(), 1, "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn a_partner_who_was_away_for_too_long_is_told_to_begin_anew() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        partner.read(&app).await;
        let post = begun(&app, &desk.editor, "News").await;
        act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        tell(&app).await;
        write_sql(&app, "DELETE FROM outbox").await;
        let answer = partner.page(&app, 5, "").await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "RESYNC", "{}: {answer}", app.name);
        partner.forget();
        assert_eq!(partner.read(&app).await, [told("PUBLISHED", Some("News"))], "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn a_change_is_signed_with_the_whole_item_and_nothing_of_it_can_be_altered() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let post = begun(&app, &desk.editor, "News").await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        let terms = json!({ "licence": "CC-BY-4.0", "deskNote": "Call Ines before you print." });
        act(&app, &desk.editor, "postTermsSet", &post, terms).await;
        tell(&app).await;
        let partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        let fields = "deskNote origin { alliance url originalId author licence } post { title terms { licence } } signed";
        let change = partner.page(&app, 1, fields).await["data"]["syndicationChanges"]["nodes"][0].take();
        assert_eq!(change["origin"]["originalId"], post["id"], "{}: {change}", app.name);
        assert_eq!(change["deskNote"], "Call Ines before you print.", "{}", app.name);
        let signed = change["signed"].as_str().expect("it is signed");
        let (_, _, jwks) = app.get("/.well-known/jwks.json", &[]).await;
        let item = verified(signed, &jwks).expect("it is signed by the published key");
        let expected = [&item["post"]["title"], &item["post"]["licence"], &item["kind"], &item["sub"]];
        assert_eq!(expected, [&json!("News"), &json!("CC-BY-4.0"), &json!("PUBLISHED"), &post["id"]], "{}", app.name);
        let html = item["post"]["html"].as_str().expect("HTML");
        assert!(html.contains("<p>News, at length.</p>"), "{}: {html}", app.name);
        let (head, rest) = signed.split_once('.').expect("a head");
        assert!(verified(&format!("{head}.{}", rest.replacen('a', "b", 1)), &jwks).is_none(), "{}", app.name);
        // It is no token of ours, though the same key signs it.
        let asked = guests::ask(&app, signed, "{ viewer { id } }", &Value::Null).await;
        assert_eq!(asked["errors"][0]["extensions"]["code"], "UNAUTHENTICATED", "{}: {asked}", app.name);
        app.leave_jobs();
    }
}

/// What a signed text holds, where the key that it names has signed it.
fn verified(signed: &str, jwks: &str) -> Option<Value> {
    use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
    use base64::Engine;
    let read = |text: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).ok();
    let [head, body, signature] = signed.split('.').collect::<Vec<_>>().try_into().ok()?;
    let told: Value = serde_json::from_slice(&read(head)?).ok()?;
    assert_eq!((&told["alg"], &told["typ"]), (&json!("EdDSA"), &json!("syndication-change+jwt")));
    let jwks: Value = serde_json::from_str(jwks).ok()?;
    let key = jwks["keys"].as_array()?.iter().find(|key| key["kid"] == told["kid"])?;
    let key = UnparsedPublicKey::new(&ED25519, read(key["x"].as_str()?)?);
    key.verify(format!("{head}.{body}").as_bytes(), &read(signature)?).ok()?;
    serde_json::from_slice(&read(body)?).ok()
}

#[tokio::test]
async fn the_feed_is_for_keys_of_partners_alone_and_takes_its_own_cursors_alone() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let query = "query($after: String, $first: Int) { syndicationChanges(after: $after, first: $first) { nodes { kind } } }";
        let code = async |token: &str, variables: Value| {
            let answer = guests::ask(&app, token, query, &variables).await;
            answer["errors"][0]["extensions"]["code"].as_str().unwrap_or("done").to_owned()
        };
        let key = json!({ "alliance": HERE.to_string(), "holder": "Leicester", "scopes": ["SYNDICATION_READ"] });
        let named = admin.does(&app, "apiKeyCreate", key, "secret").await["secret"].take();
        let partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        let key = json!({ "alliance": HERE.to_string(), "partner": partner.id, "scopes": ["CONTENT_READ"] });
        let reads = admin.does(&app, "apiKeyCreate", key, "secret apiKey { holder }").await;
        assert_eq!(reads["apiKey"]["holder"], "Derby Citizens", "{}", app.name);
        for (token, expected) in [
            ("", "UNAUTHENTICATED"),
            (desk.editor.token.as_str(), "FORBIDDEN"),
            (admin.token.as_str(), "FORBIDDEN"),
            (named.as_str().expect("a key"), "FORBIDDEN"),
            (reads["secret"].as_str().expect("a key"), "FORBIDDEN"),
            (partner.token.as_str(), "done"),
        ] {
            assert_eq!(code(token, json!({})).await, expected, "{}", app.name);
        }
        let known = "{ __type(name: \"SyndicationChange\") { name } }";
        for (token, is_told) in [("", false), (named.as_str().expect("a key"), false), (partner.token.as_str(), true)] {
            let answer = guests::ask(&app, token, known, &Value::Null).await;
            assert_eq!(answer["data"]["__type"].is_object(), is_told, "{}: a partner finds it in its schema: {answer}", app.name);
        }
        let long = "x".repeat(1_000);
        for after in ["", "x", "AQJp", long.as_str(), "🙂"] {
            assert_eq!(code(&partner.token, json!({ "after": after })).await, "BAD_REQUEST", "{}: {after}", app.name);
        }
        assert_eq!(code(&partner.token, json!({ "first": 101 })).await, "LIMIT_EXCEEDED", "{}", app.name);
        assert_eq!(code(&partner.token, json!({ "first": -1 })).await, "BAD_REQUEST", "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn what_is_told_of_a_post_has_a_version_that_grows_and_no_answer_holds_more_than_it_may() {
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        let post = begun(&app, &desk.editor, "News").await;
        let post = act(&app, &desk.editor, "postEdit", &post, json!({ "body": "It is so. ".repeat(15_000) })).await;
        let post = act(&app, &desk.editor, "postPublish", &post, json!({})).await;
        tell(&app).await;
        let version = async || partner.page(&app, 5, "version").await["data"]["syndicationChanges"]["nodes"][0]["version"].take();
        assert_eq!(version().await, 1, "{}: saves of a draft do not count", app.name);
        let often: Vec<String> = (0..28).map(|number| format!("s{number}: signed")).collect();
        let answer = partner.page(&app, 5, &often.join(" ")).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{}", app.name);
        let post = act(&app, &desk.editor, "postCorrect", &post, json!({ "correction": "It was not so." })).await;
        assert_eq!(version().await, 2, "{}", app.name);
        act(&app, &desk.editor, "postUnpublish", &post, json!({})).await;
        app.leave_jobs();
    }
}

/// Works on a post of its own, so often.
async fn write(app: &TestApp, editor: &guests::Guest, name: &str, times: usize) {
    let post = begun(app, editor, name).await;
    let mut post = act(app, editor, "postPublish", &post, json!({})).await;
    for number in 0..times {
        post = act(app, editor, "postEdit", &post, json!({ "title": format!("{name} {number}") })).await;
        post = act(app, editor, "postPublish", &post, json!({})).await;
    }
}

#[tokio::test]
async fn while_two_nodes_write_a_partner_hears_of_each_change_once_and_in_order() {
    const TIMES: usize = 20;
    for (app, desk) in desks().await {
        let admin = guests::admin(&app, Some(HERE), "ada3@example.org").await;
        let mut partner = Reader::new(&app, &admin, "Derby Citizens", json!({ "carriesAll": true })).await;
        let other = app.beside().await;
        // It has read the beginning: what comes from now on are changes, and no posts as they stand by then.
        assert_eq!(partner.read(&app).await, [], "{}", app.name);
        let names = ["A", "B", "C", "D"];
        let writing = futures_util::future::join_all(
            names.iter().enumerate().map(|(at, name)| write(if at % 2 == 0 { &app } else { &other }, &desk.editor, name, TIMES)),
        );
        let is_written = Cell::new(false);
        let reading = async {
            let mut heard = Vec::new();
            while !is_written.get() {
                heard.extend(partner.read(&app).await);
            }
            heard
        };
        let (mut heard, ()) = tokio::join!(reading, async {
            writing.await;
            is_written.set(true);
        });
        heard.extend(partner.read(&app).await);
        assert_eq!(partner.copies.len(), names.len(), "{}", app.name);
        assert_eq!(heard.iter().filter(|(kind, _)| kind == "PUBLISHED").count(), names.len(), "{}", app.name);
        assert_eq!(heard.iter().filter(|(kind, _)| kind == "EDITED").count(), names.len() * TIMES, "{}", app.name);
        for name in names {
            let number = |title: &str| title.strip_prefix(name)?.trim().parse::<usize>().ok();
            let numbers: Vec<_> = heard.iter().filter_map(|(_, title)| title.as_deref().and_then(number)).collect();
            assert!(numbers.is_sorted(), "{}: {numbers:?}", app.name);
        }
        app.leave_jobs();
        other.leave_jobs();
    }
}
