//! On a sensitive campaign no name is kept, and what belongs to it keeps none either.

use alliance_entity::account_role::Role;
use serde_json::{Value, json};

use crate::guests::rows_of;
use crate::people::{ask_with, change, welcomed};
use crate::reacting::{both, editor, post, react, sums_agree, wants};

#[tokio::test]
async fn an_editor_makes_a_campaign_sensitive_and_names_are_neither_shown_nor_kept() {
    for app in both().await {
        wants(&app, json!({ "commentPolicy": "SHOWN" })).await;
        let editor = editor(&app).await;
        let (fast, rosa) =
            (post(&app, "fast-in-solidarity").await, welcomed(&app, "rosa@citizens.example", &[Role::Supporter]).await.1);
        let mine = json!({ "comment": "I was there", "authorName": "Rosa of Rookwood" });
        assert_eq!(
            react(&app, &rosa.access, &fast, mine).await.done()["reaction"]["authorName"],
            "Rosa of Rookwood",
            "{}",
            app.name
        );
        let found = ask_with(
            &app,
            &editor,
            "{ campaign(slug: \"sanctuary\", alliance: \"nottingham-citizens\") { id version } }",
            &json!({}),
        )
        .await;
        let campaign = &found.body["data"]["campaign"];
        let input = json!({ "id": campaign["id"], "version": campaign["version"], "isSensitive": true });
        let set = change(&app, &editor, "campaignEdit", &input, "campaign { isSensitive } userErrors { message }").await;
        assert_eq!(set.done()["campaign"]["isSensitive"], true, "{}", set.text);
        let query = "{ post(slug: \"fast-in-solidarity\", alliance: \"nottingham-citizens\") { comments { nodes { comment authorName } } } }";
        let told = app.read(query).await["post"]["comments"]["nodes"].take();
        assert_eq!(
            told,
            json!([{ "comment": "I was there", "authorName": null }]),
            "{}: what was named before is not any more",
            app.name
        );
        let (_, ines) = welcomed(&app, "ines@citizens.example", &[Role::Supporter]).await;
        let next = json!({ "comment": "So was I", "authorName": "Ines of Isandula" });
        assert_eq!(react(&app, &ines.access, &fast, next).await.done()["reaction"]["authorName"], Value::Null, "{}", app.name);
        let kept = rows_of(&app, "SELECT id FROM reactions WHERE author_name LIKE '%Ines%'").await;
        assert!(kept.is_empty(), "{}: no name is kept", app.name);
        let log = ask_with(&app, &editor, "{ auditLog { nodes { action actor { __typename } } } }", &json!({})).await;
        assert!(!log.text.contains("reactionAdd"), "{}: the audit log says nothing of it: {}", app.name, log.text);
        sums_agree(&app).await;
    }
}
