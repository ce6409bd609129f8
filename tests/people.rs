//! People of the tests: accounts with a password and roles, who sign in and ask with a token.

use alliance::passwords::Passwords;
use alliance::viewer::Viewer;
use alliance_entity::account_role::{self, Role};
use alliance_entity::id::{AccountId, AllianceId};
use alliance_entity::{account, alliance as alliances};
use alliance_tests::app::TestApp;
use alliance_tests::running::changing;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Statement};
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::rows;

/// The password of everybody here, which is good enough.
pub(crate) const PASSWORD: &str = "seven brass lanterns over Sneinton";

pub(crate) const SIGN_IN: &str = "mutation($input: SignInInput!) { signIn(input: $input) {
    accessToken refreshToken expiresAt viewer { kind id } userErrors { field code message } } }";

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// The response as it came.
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    /// The payload of the only field, where nothing went wrong.
    pub(crate) fn payload(&self) -> &Value {
        assert!(self.body.get("errors").is_none(), "{}", self.text);
        let data = self.body["data"].as_object().expect("an answer has data");
        data.values().next().expect("it has a field")
    }

    /// The payload of what was done.
    pub(crate) fn done(&self) -> &Value {
        let payload = self.payload();
        assert_eq!(payload["userErrors"], json!([]), "{}", self.text);
        payload
    }

    /// The code of the first thing that a person can mend; empty where there is none.
    pub(crate) fn refused(&self) -> &str {
        self.payload()["userErrors"][0]["code"].as_str().unwrap_or_default()
    }

    /// The code of the first error; empty where there is none.
    pub(crate) fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default()
    }

    /// The value of a header; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("it is text"))
    }
}

/// Asks with these headers and variables.
pub(crate) async fn ask(app: &TestApp, headers: &[(&str, &str)], query: &str, variables: &Value) -> Answer {
    let request = Request::post("/graphql").header("content-type", "application/json");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let body = json!({ "query": query, "variables": variables }).to_string();
    let (status, headers, text) = app.send(request.body(Body::from(body)).expect("this is a request")).await;
    let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{}: {status}: {text}", app.name));
    Answer { status, headers, text, body }
}

/// Asks with a token.
pub(crate) async fn ask_with(app: &TestApp, token: &str, query: &str, variables: &Value) -> Answer {
    ask(app, &[("authorization", &format!("Bearer {token}"))], query, variables).await
}

/// The status of a harmless question that is asked with a token.
pub(crate) async fn status_of(app: &TestApp, token: &str) -> u16 {
    ask_with(app, token, "{ viewer { id } }", &json!({})).await.status.as_u16()
}

/// Changes something with a token: the only field takes an input.
pub(crate) async fn change(app: &TestApp, token: &str, field: &str, input: &Value, select: &str) -> Answer {
    let query = changing(field, select);
    match token {
        "" => ask(app, &[], &query, &json!({ "input": input })).await,
        token => ask_with(app, token, &query, &json!({ "input": input })).await,
    }
}

/// The demo's alliance.
pub(crate) async fn demo(app: &TestApp) -> AllianceId {
    let found = alliance::alliances::store::find(&app.app, &Viewer::Anonymous, "nottingham-citizens").await;
    found.expect("the database answers").expect("the demo has it").id
}

/// Another alliance on the same installation.
pub(crate) async fn elsewhere(app: &TestApp) -> AllianceId {
    let row: alliances::Model = rows::alliance(AllianceId(Uuid::now_v7()), "elsewhere");
    let id = row.id;
    rows::put!(app, row);
    id
}

/// Somebody with a password and these roles in the demo's alliance.
pub(crate) async fn joined(app: &TestApp, email: &str, roles: &[Role]) -> AccountId {
    let here = demo(app).await;
    joined_as(app, email, &roles.iter().map(|role| (here, *role)).collect::<Vec<_>>()).await
}

/// Somebody with a password and these roles.
pub(crate) async fn joined_as(app: &TestApp, email: &str, grants: &[(AllianceId, Role)]) -> AccountId {
    static HASH: OnceCell<String> = OnceCell::const_new();
    let hash = HASH.get_or_init(async || Passwords::new(0, 32).hash(PASSWORD.into()).await.expect("it is hashed")).await;
    let id = AccountId(Uuid::now_v7());
    let name = email.split('@').next().unwrap_or_default().to_owned();
    let plain = rows::account(id);
    let row = account::Model {
        email: email.to_owned(),
        email_key: email.to_lowercase(),
        password_hash: Some(hash.clone()),
        name,
        ..plain
    };
    rows::put!(app, row);
    for (alliance_id, role) in grants {
        let row = account_role::Model { account_id: id, alliance_id: *alliance_id, role: *role, granted_at: rows::now() };
        rows::put!(app, row);
    }
    id
}

/// The account's row, as it is stored.
pub(crate) async fn stored(app: &TestApp, id: AccountId) -> account::Model {
    let found = account::Entity::find_by_id(id).one(app.app.db().read()).await;
    found.expect("the database answers").expect("there is the account")
}

/// Writes an account's row anew.
pub(crate) async fn store(app: &TestApp, row: account::Model) {
    let row = row.into_active_model().reset_all();
    account::Entity::update(row).exec(app.app.db().write()).await.expect("the row can be written");
}

/// The tokens of a session.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: String,
}

impl Tokens {
    /// Those that `signIn` or `tokenRefresh` answered with.
    pub(crate) fn of(answer: &Answer) -> Self {
        let done = answer.done();
        let text = |name: &str| done[name].as_str().unwrap_or_default().to_owned();
        Self { access: text("accessToken"), refresh: text("refreshToken") }
    }
}

/// Tries to sign in.
pub(crate) async fn try_sign_in(app: &TestApp, email: &str, password: &str, code: Option<&str>) -> Answer {
    let input = json!({ "email": email, "password": password, "oneTimePassword": code });
    ask(app, &[], SIGN_IN, &json!({ "input": input })).await
}

/// Signs in.
pub(crate) async fn sign_in(app: &TestApp, email: &str) -> Tokens {
    Tokens::of(&try_sign_in(app, email, PASSWORD, None).await)
}

/// Makes an account with these roles in the demo's alliance, and signs in.
pub(crate) async fn welcomed(app: &TestApp, email: &str, roles: &[Role]) -> (AccountId, Tokens) {
    let id = joined(app, email, roles).await;
    (id, sign_in(app, email).await)
}

/// Asks for the next tokens.
pub(crate) async fn refresh(app: &TestApp, token: &str) -> Answer {
    change(app, "", "tokenRefresh", &json!({ "refreshToken": token }), "accessToken refreshToken expiresAt viewer { id }").await
}

/// Does what waits, and returns whom it wrote to about what.
pub(crate) async fn mailed(app: &TestApp) -> Vec<(String, String)> {
    app.work().await;
    app.mails().into_iter().map(|mail| (mail.to, mail.subject)).collect()
}

/// How many rows a table has.
pub(crate) async fn rows_of(app: &TestApp, table: &str) -> i64 {
    let statement = Statement::from_string(app.app.db().backend(), format!("SELECT count(*) FROM {table}"));
    let row = app.app.db().read().query_one_raw(statement).await.expect("the database answers").expect("a count is a row");
    row.try_get_by_index(0).expect("a count is a number")
}
