//! What a moderator is warned of, and what they decide.

use serde_json::{Value, json};

use crate::people::{ask_with, welcomed};
use crate::reacting::{LUNCH, both, editor, moderate, post, public, queue, react, sums_agree, visitor, wants};

#[tokio::test]
async fn shown_comments_are_looked_at_afterwards_and_those_that_worry_wait() {
    for app in both().await {
        wants(&app, json!({ "commentPolicy": "SHOWN", "blockedWords": ["Blasted", "go  home"] })).await;
        let (lunch, editor) = (post(&app, LUNCH).await, editor(&app).await);
        let cases = [
            ("All well", "COUNTED", json!([])),
            ("This BLÁSTED lunch", "PENDING", json!(["BLOCKED_WORD"])),
            ("They should go\nhome.", "PENDING", json!(["BLOCKED_WORD"])),
            ("A blastedly good homegoing", "COUNTED", json!([])),
            ("See https://example.com/pills", "PENDING", json!(["LINK"])),
            ("Write to me@example.com or see www.example.com, blasted", "PENDING", json!(["BLOCKED_WORD", "LINK"])),
        ];
        for (n, (text, state, concerns)) in cases.into_iter().enumerate() {
            let (_, writer) = welcomed(&app, &format!("writer{n}@citizens.example"), &[]).await;
            let said = react(&app, &writer.access, &lunch, json!({ "comment": text })).await;
            assert_eq!(said.done()["reaction"]["state"], state, "{}: {text}: {}", app.name, said.text);
            let held = queue(&app, &editor).await;
            let told =
                held["nodes"].as_array().expect("a list").iter().find(|node| node["comment"] == *text).expect("it is looked at");
            assert_eq!((&told["concerns"], &told["state"]), (&concerns, &json!(state)), "{}: {text}", app.name);
        }
        assert_eq!(public(&app).await["comments"]["totalCount"], 3, "{}", app.name);
        let queue = queue(&app, &editor).await;
        assert_eq!(queue["totalCount"], 6, "{}", app.name);
        let well =
            queue["nodes"].as_array().expect("a list").iter().find(|node| node["comment"] == "All well").expect("it is there");
        let looked = moderate(&app, &editor, &well["id"], "APPROVE", None).await;
        assert_eq!(looked.done()["reaction"]["state"], "COUNTED", "{}", app.name);
        sums_agree(&app).await;
    }
}

#[tokio::test]
async fn a_removed_comment_counts_no_more_its_writer_learns_why_and_the_next_one_waits() {
    for app in both().await {
        wants(&app, json!({ "commentPolicy": "SHOWN" })).await;
        let (_, rosa) = welcomed(&app, "rosa@citizens.example", &[]).await;
        let (lunch, editor, stranger) = (post(&app, LUNCH).await, editor(&app).await, visitor(&app).await);
        let said = react(&app, &rosa.access, &lunch, json!({ "comment": "Rude words" })).await;
        let id = said.done()["reaction"]["id"].clone();
        assert_eq!(moderate(&app, &stranger, &id, "REMOVE", None).await.code(), "UNAUTHENTICATED", "{}", app.name);
        assert_eq!(moderate(&app, &rosa.access, &id, "REMOVE", None).await.code(), "FORBIDDEN", "{}", app.name);
        let removed = moderate(&app, &editor, &id, "REMOVE", Some("Please say it kindly.")).await;
        assert_eq!((&removed.done()["reaction"]["state"], &removed.done()["reactions"]["total"]), (&json!("REMOVED"), &json!(1)));
        let query = "query($id: ID!) { node(id: $id) { ... on Reaction { comment state moderationReason } } }";
        let told = async |token: &str| ask_with(&app, token, query, &json!({ "id": id })).await.body["data"]["node"].take();
        let reason = "Please say it kindly.";
        assert_eq!(
            told(&rosa.access).await,
            json!({ "comment": null, "state": "REMOVED", "moderationReason": reason }),
            "{}",
            app.name
        );
        assert_eq!(
            told(&editor).await,
            json!({ "comment": "Rude words", "state": "REMOVED", "moderationReason": reason }),
            "{}",
            app.name
        );
        assert_eq!(told(&stranger).await, Value::Null, "{}", app.name);
        let log = ask_with(&app, &editor, "{ auditLog { nodes { action subjectId } } }", &json!({})).await;
        assert!(log.text.contains("reactionModerate"), "{}: {}", app.name, log.text);
        let next = react(&app, &rosa.access, &lunch, json!({ "comment": "Kind words" })).await;
        assert_eq!(next.done()["reaction"]["state"], "PENDING", "{}: {}", app.name, next.text);
        assert_eq!(queue(&app, &editor).await["nodes"][0]["concerns"], json!(["REMOVED_BEFORE"]), "{}", app.name);
        let back = moderate(&app, &editor, &id, "APPROVE", None).await;
        assert_eq!(
            (&back.done()["reaction"]["state"], &back.done()["reaction"]["moderationReason"]),
            (&json!("COUNTED"), &Value::Null)
        );
        sums_agree(&app).await;
    }
}

#[tokio::test]
async fn moderators_of_another_alliance_are_strangers() {
    for app in both().await {
        let there = crate::people::elsewhere(&app).await;
        crate::people::joined_as(&app, "grace@citizens.example", &[(there, alliance_entity::account_role::Role::Admin)]).await;
        let grace = crate::people::sign_in(&app, "grace@citizens.example").await.access;
        let (_, rosa) = welcomed(&app, "rosa@citizens.example", &[]).await;
        let said = react(&app, &rosa.access, &post(&app, LUNCH).await, json!({ "comment": "It waits" })).await;
        let id = said.done()["reaction"]["id"].clone();
        assert_eq!(moderate(&app, &grace, &id, "APPROVE", None).await.code(), "NOT_FOUND", "{}", app.name);
        let query = "{ moderationQueue(alliance: \"nottingham-citizens\") { totalCount } }";
        assert_eq!(ask_with(&app, &grace, query, &json!({})).await.code(), "FORBIDDEN", "{}", app.name);
        sums_agree(&app).await;
    }
}
