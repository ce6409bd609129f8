//! What somebody said goes with them, and the sums follow.

use alliance_entity::account_role::Role;
use sea_orm::{ConnectionTrait, Statement};
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

#[tokio::test]
async fn however_much_somebody_said_it_is_erased() {
    for app in both().await {
        let (id, rosa) = welcomed(&app, "rosa@citizens.example", &[Role::Supporter]).await;
        // More than a statement of SQLite takes values.
        let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 33000)";
        let new = if app.app.db().is_sqlite() { "randomblob(16)" } else { "gen_random_uuid()" };
        let sql = format!(
            "{numbers} INSERT INTO reactions (id, subject_type, subject_id, alliance_id, account_id, kind, state, has_comment, comment, settled_at, created_at) \
             SELECT {new}, 'POST', posts.id, posts.alliance_id, $1, 'SUPPORT', 'REMOVED', TRUE, 'Rosamund', $2, $2 \
             FROM n CROSS JOIN posts WHERE posts.slug = '{LUNCH}'"
        );
        let (db, now) = (app.app.db().write(), app.app.clock().now());
        let values = [id.0.into(), now.into()];
        db.execute_raw(Statement::from_sql_and_values(app.app.db().backend(), sql, values)).await.expect("it is written");
        let input = json!({ "id": id.to_string(), "password": PASSWORD });
        change(&app, &rosa.access, "accountEraseData", &input, "userErrors { code message }").await.done();
        assert!(rows_of(&app, "SELECT id FROM reactions WHERE comment = 'Rosamund'").await.is_empty(), "{}", app.name);
        sums_agree(&app).await;
    }
}
