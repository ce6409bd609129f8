//! What somebody said goes with them, and the sums follow.

use alliance_entity::account_role::Role;
use serde_json::json;

use crate::guests::rows_of;
use crate::people::{PASSWORD, change, welcomed};
use crate::reacting::{LUNCH, both, confirm, confirmation, moderate, post, public, react, sums_agree, visitor, words};

#[tokio::test]
async fn an_erased_account_takes_its_reactions_along_and_those_that_its_address_confirmed() {
    for app in both().await {
        let editor = crate::reacting::editor(&app).await;
        let (id, rosa) = welcomed(&app, "rosa@citizens.example", &[Role::Supporter]).await;
        let (lunch, fast, token) = (post(&app, LUNCH).await, post(&app, "fast-in-solidarity").await, visitor(&app).await);
        for kind in ["SUPPORT", "THANKS"] {
            react(&app, &rosa.access, &lunch, json!({ "kind": kind })).await.done();
        }
        react(&app, &rosa.access, &fast, json!({ "comment": "Rosamund was here" })).await.done();
        react(&app, &token, &lunch, words("Rosamund came as a visitor too", "Rosa@citizens.example")).await.done();
        let confirmed = confirm(&app, &confirmation(&app).await.expect("a mail")).await;
        moderate(&app, &editor, &confirmed.done()["reaction"]["id"], "APPROVE", None).await.done();
        react(&app, &token, &fast, json!({})).await.done();
        assert_eq!(public(&app).await["reactions"]["total"], 4, "{}", app.name);
        let input = json!({ "id": id.to_string(), "password": PASSWORD });
        change(&app, &rosa.access, "accountEraseData", &input, "userErrors { code message }").await.done();
        assert_eq!(public(&app).await["reactions"]["label"], "1 reaction", "{}: only the demo's is left", app.name);
        let left = rows_of(&app, "SELECT id FROM reactions WHERE comment LIKE '%Rosamund%' OR address_hash IS NOT NULL").await;
        assert!(left.is_empty(), "{}", app.name);
        let other = rows_of(&app, "SELECT id FROM reactions WHERE visitor_id IS NOT NULL").await;
        assert_eq!(other.len(), 1, "{}: what the visitor said without words names nobody", app.name);
        sums_agree(&app).await;
    }
}
