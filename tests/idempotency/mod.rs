//! Changes that come with an `Idempotency-Key`: each is made once, whoever asks again, however often, and whatever happens meanwhile.

mod committing;
mod crashing;
mod forgetting;
mod permitting;
mod refusing;
mod repeating;

use alliance_entity::id::AccountId;
use alliance_entity::idempotency_key;
use alliance_tests::app::TestApp;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::{Value, json};

use crate::people::{self, Answer, ask, welcomed};

pub(crate) const EMAIL: &str = "rosa@brassworks.example";
pub(crate) const EDIT: &str = "mutation($input: AccountEditInput!) { accountEdit(input: $input) {
    account { name version } userErrors { field code message } } }";
/// The rows of the audit log and the events that come of an edit.
pub(crate) const EDITED: [&str; 2] = ["audit_entries WHERE action = 'accountEdit'", "outbox WHERE kind = 'AccountEdited'"];

/// Somebody who is signed in and changes their own account.
#[derive(Debug, Clone)]
pub(crate) struct Editor {
    pub(crate) id: AccountId,
    pub(crate) token: String,
}

impl Editor {
    pub(crate) async fn welcome(app: &TestApp, email: &str) -> Self {
        let (id, tokens) = welcomed(app, email, &[]).await;
        Self { id, token: tokens.access }
    }

    pub(crate) fn input(&self, version: i32, name: &str) -> Value {
        json!({ "input": { "id": self.id.to_string(), "version": version, "name": name } })
    }

    /// Asks for another name, with a key.
    pub(crate) async fn edit(&self, app: &TestApp, key: &str, (version, name): (i32, &str)) -> Answer {
        keyed(app, (&self.token, key), EDIT, &self.input(version, name)).await
    }

    /// The name and the version of the account.
    pub(crate) async fn stored(&self, app: &TestApp) -> (String, i32) {
        let row = people::stored(app, self.id).await;
        (row.name, row.version)
    }
}

/// Asks with a token and a key.
pub(crate) async fn keyed(app: &TestApp, (token, key): (&str, &str), query: &str, variables: &Value) -> Answer {
    let bearer = format!("Bearer {token}");
    ask(app, &[("authorization", &bearer), ("idempotency-key", key)], query, variables).await
}

/// Whether an answer is said to be the first one's.
pub(crate) fn is_replayed(answer: &Answer) -> bool {
    answer.header("idempotency-replayed") == "true"
}

/// The status and the code of what is refused before it is executed.
pub(crate) fn refused(answer: &Answer) -> (u16, &str) {
    assert!(answer.body.get("data").is_none(), "{}", answer.text);
    (answer.status.as_u16(), answer.code())
}

/// What is known of the only key.
pub(crate) async fn kept(app: &TestApp) -> idempotency_key::Model {
    let mut rows = idempotency_key::Entity::find().all(app.app.db().read()).await.expect("the database answers");
    assert_eq!(rows.len(), 1, "{}: {rows:?}", app.name);
    rows.remove(0)
}

/// Writes by hand what a process would have left behind.
pub(crate) async fn write(app: &TestApp, sql: &str) {
    app.app.db().write().execute_unprepared(sql).await.expect("it is written");
}
