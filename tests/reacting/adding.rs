//! Reacting, and taking it back.

use alliance_entity::account_role::Role;
use serde_json::{Value, json};

use crate::people::{ask_with, change, welcomed};
use crate::reacting::{LUNCH, REACTION, both, editor, post, public, react, sums_agree, visitor, words};

#[tokio::test]
async fn a_visitor_reacts_once_however_often_they_say_so_and_takes_it_back() {
    for app in both().await {
        let (token, lunch) = (visitor(&app).await, post(&app, LUNCH).await);
        let first = react(&app, &token, &lunch, json!({})).await;
        let done = first.done();
        assert_eq!(done["reactions"]["label"], "2 reactions", "{}: {done}", app.name);
        assert_eq!((&done["reaction"]["state"], &done["reaction"]["comment"]), (&json!("COUNTED"), &Value::Null));
        let again = react(&app, &token, &lunch, json!({})).await;
        assert_eq!(again.done(), done, "{}: saying it again changes nothing", app.name);
        let thanks = react(&app, &token, &lunch, json!({ "kind": "THANKS" })).await;
        assert_eq!(thanks.done()["reactions"]["total"], 3, "{}: another kind is another reaction", app.name);
        assert_eq!(thanks.done()["reactions"]["viewerKinds"], json!(["SUPPORT", "THANKS"]));
        assert_eq!(public(&app).await["reactions"], json!({ "total": 3, "label": "3 reactions" }));
        let own =
            ask_with(&app, &token, "{ viewer { reactions { totalCount nodes { kind state subject { id } } } } }", &json!({}))
                .await;
        assert_eq!(own.body["data"]["viewer"]["reactions"]["totalCount"], 2, "{}: {}", app.name, own.text);
        let node = "query($id: ID!) { node(id: $id) { ... on Reaction { kind } } }";
        let node = ask_with(&app, &token, node, &json!({ "id": done["reaction"]["id"] })).await;
        assert_eq!(node.body["data"]["node"]["kind"], "SUPPORT", "{}", app.name);
        let input = json!({ "subject": lunch, "kind": "SUPPORT" });
        let removed = change(&app, &token, "reactionRemove", &input, REACTION).await;
        assert_eq!(
            (&removed.done()["reaction"]["state"], &removed.done()["reactions"]["total"]),
            (&json!("WITHDRAWN"), &json!(2))
        );
        let nothing = change(&app, &token, "reactionRemove", &input, REACTION).await;
        assert_eq!((&nothing.done()["reaction"], &nothing.done()["reactions"]["total"]), (&Value::Null, &json!(2)));
        let all = change(&app, &token, "reactionRemove", &json!({ "subject": lunch }), REACTION).await;
        assert_eq!(all.done()["reactions"]["label"], "1 reaction", "{}", app.name);
        assert_eq!(react(&app, &token, &lunch, json!({})).await.done()["reactions"]["total"], 2, "{}: and once more", app.name);
        sums_agree(&app).await;
    }
}

#[tokio::test]
async fn who_cannot_be_known_again_and_who_moderates_does_not_react() {
    for app in both().await {
        let lunch = post(&app, LUNCH).await;
        let nobody = react(&app, "", &lunch, json!({})).await;
        assert!(nobody.code() == "UNAUTHENTICATED" && nobody.text.contains("visitorTokenCreate"), "{}", nobody.text);
        assert_eq!(react(&app, &editor(&app).await, &lunch, json!({})).await.code(), "FORBIDDEN", "{}", app.name);
        let (_, supporter) = welcomed(&app, "supporter@citizens.example", &[Role::Supporter]).await;
        assert_eq!(react(&app, &supporter.access, &lunch, json!({})).await.done()["reactions"]["total"], 2, "{}", app.name);
        let token = visitor(&app).await;
        let missing = json!("post_01h455vb4pex5vsknk084sn02q");
        assert_eq!(react(&app, &token, &missing, json!({})).await.code(), "NOT_FOUND", "{}", app.name);
        let removed = change(&app, &token, "reactionRemove", &json!({ "subject": missing }), REACTION).await;
        assert_eq!(removed.code(), "NOT_FOUND", "{}", app.name);
        for wrong in ["person_01h455vb4pex5vsknk084sn02q", "post", ""] {
            assert_eq!(react(&app, &token, &json!(wrong), json!({})).await.code(), "BAD_REQUEST", "{}: {wrong}", app.name);
        }
        sums_agree(&app).await;
    }
}

#[tokio::test]
async fn campaigns_and_events_are_reacted_to_like_posts() {
    for app in both().await {
        let token = visitor(&app).await;
        let query = "{ campaign(slug: \"hate-crime\", alliance: \"nottingham-citizens\") { id } \
                      events(filter: { alliance: \"nottingham-citizens\" }, first: 1) { nodes { id } } }";
        let found = app.read(query).await;
        for subject in [&found["campaign"]["id"], &found["events"]["nodes"][0]["id"]] {
            let done = react(&app, &token, subject, json!({ "kind": "SOLIDARITY" })).await;
            assert_eq!(done.done()["reactions"]["label"], "1 reaction", "{}: {}", app.name, done.text);
        }
        let polish = format!(
            "{{ campaign(slug: \"hate-crime\", alliance: \"nottingham-citizens\") {{ reactions {{ one: label(language: \"pl\") \
             none: label(language: \"en\") }} }} post(slug: \"{LUNCH}\", alliance: \"nottingham-citizens\") {{ id }} }}"
        );
        assert_eq!(app.read(&polish).await["campaign"]["reactions"], json!({ "one": "1 reakcja", "none": "1 reaction" }));
        let unknown =
            "{ campaign(slug: \"hate-crime\", alliance: \"nottingham-citizens\") { reactions { label(language: \"tlh\") } } }";
        let refused = ask_with(&app, &token, unknown, &json!({})).await;
        assert!(refused.code() == "BAD_REQUEST" && refused.text.contains("en, pl"), "{}", refused.text);
        sums_agree(&app).await;
    }
}

#[test]
fn the_sum_is_said_in_each_language_by_its_own_plurals() {
    let says = |language: &str| {
        [0, 1, 2, 4, 5, 12, 22, 1_000].map(|total| alliance::reactions::languages::label(total, language).expect("it is known"))
    };
    let english = [
        "Add your reaction",
        "1 reaction",
        "2 reactions",
        "4 reactions",
        "5 reactions",
        "12 reactions",
        "22 reactions",
        "1000 reactions",
    ];
    assert_eq!(says("en"), english);
    let polish =
        ["Dodaj reakcję", "1 reakcja", "2 reakcje", "4 reakcje", "5 reakcji", "12 reakcji", "22 reakcje", "1000 reakcji"];
    assert_eq!(says("pl"), polish);
}

#[tokio::test]
async fn what_is_wrong_with_a_comment_is_told_field_by_field() {
    for app in both().await {
        let (token, lunch) = (visitor(&app).await, post(&app, LUNCH).await);
        let cases = [
            (json!({ "comment": "Well said" }), "REQUIRED", "email"),
            (words("Well said", "nobody"), "INVALID", "email"),
            (words("Well said", "a@example.org\r\nBcc: b@example.org"), "INVALID", "email"),
            (words("Well said", "rоsa@example.org"), "INVALID", "email"),
            (words(" ", "rosa@example.org"), "REQUIRED", "comment"),
            (words(&"x".repeat(2_001), "rosa@example.org"), "TOO_LONG", "comment"),
            (words("a\u{202e}b", "rosa@example.org"), "INVALID", "comment"),
            (json!({ "comment": "Well said", "email": "rosa@example.org", "authorName": "Ro\nsa" }), "INVALID", "authorName"),
            (
                json!({ "comment": "Well said", "email": "rosa@example.org", "authorName": "x".repeat(101) }),
                "TOO_LONG",
                "authorName",
            ),
        ];
        for (more, code, field) in cases {
            let refused = react(&app, &token, &lunch, more.clone()).await;
            let error = &refused.payload()["userErrors"][0];
            assert_eq!(
                (error["code"].as_str(), &error["field"][1]),
                (Some(code), &json!(field)),
                "{}: {more}: {}",
                app.name,
                refused.text
            );
        }
        assert_eq!(public(&app).await["reactions"]["total"], 1, "{}: nothing was written", app.name);
        assert!(app.mails().is_empty(), "{}", app.name);
    }
}
