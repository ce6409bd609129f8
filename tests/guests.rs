//! Those who come to an alliance: what they ask over the router, what they are answered, and the mails that they get.

use alliance::accounts::actions::setup::{self, Made, NewAdmin};
use alliance::config::flags::Flags;
use alliance_entity::account_role::Role;
use alliance_entity::id::{AccountId, AllianceId, ApiKeyId, EnquiryId, PartnerId};
use alliance_tests::app::TestApp;
use alliance_tests::running::changing;
use sea_orm::{ConnectionTrait, QueryResult, Statement};
use secrecy::SecretString;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::people;
use crate::rows::{self, put};
use crate::viewers::{HERE, THERE};

/// A password that will do for everybody here.
pub(crate) const PASSWORD: &str = "marmalade trombone glacier";
/// Another one.
pub(crate) const NEW_PASSWORD: &str = "velvet pumpkin observatory";

/// Two alliances on each database, where nobody has to wait before they ask again.
pub(crate) async fn both() -> [TestApp; 2] {
    both_set(|_| ()).await
}

/// The same with some settings.
pub(crate) async fn both_set(set: impl Fn(&mut Flags)) -> [TestApp; 2] {
    let both = TestApp::both_set(|flags| {
        unhurried(flags);
        set(flags);
    })
    .await;
    for app in &both {
        put!(app, rows::alliance(HERE, "here"), rows::alliance(THERE, "there"));
    }
    both
}

pub(crate) fn unhurried(flags: &mut Flags) {
    let (often, limits) = (Some("100000".to_owned()), &mut flags.limits);
    (limits.rate_subscriptions, limits.mails_per_second) = (often.clone(), Some("1000".to_owned()));
    (limits.rate_registration, limits.rate_mutations) = (often.clone(), often.clone());
    (limits.rate_account_mail_hour, limits.rate_account_mail_day) = (often.clone(), often.clone());
    (limits.rate_enquiries, limits.rate_rsvps) = (often.clone(), often.clone());
    (limits.rate_sign_in_address, limits.rate_sign_in_account) = (often.clone(), often);
}

/// Somebody with an account, signed in.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    pub(crate) id: AccountId,
    pub(crate) email: String,
    pub(crate) token: String,
}

impl Guest {
    /// What there is to say that this one may not know of another.
    pub(crate) async fn ask(&self, app: &TestApp, query: &str) -> Value {
        ask(app, &self.token, query, &json!({})).await
    }

    /// Makes a change, which must succeed, and returns what was selected of it.
    pub(crate) async fn does(&self, app: &TestApp, field: &str, input: Value, selection: &str) -> Value {
        done(app, (&self.token, field), input, selection).await
    }

    /// What becomes of a change: `done`, or the code of what was wrong.
    pub(crate) async fn tries(&self, app: &TestApp, field: &str, input: Value) -> String {
        outcome(&change(app, (&self.token, field), input, "__typename").await, field)
    }

    /// The names of the roles that count for this one now.
    pub(crate) async fn roles(&self, app: &TestApp) -> Vec<String> {
        let viewer = self.ask(app, "{ viewer { roles { role } } }").await;
        let roles = viewer["data"]["viewer"]["roles"].as_array().expect("somebody is signed in").iter();
        roles.map(|role| role["role"].as_str().expect("a role").to_owned()).collect()
    }

    /// Whether the session goes on.
    pub(crate) async fn is_signed_in(&self, app: &TestApp) -> bool {
        self.ask(app, "{ viewer { id } }").await["data"]["viewer"].is_object()
    }
}

/// Somebody with this role in an alliance that has a key, with the id of their session and that of the key.
pub(crate) async fn things(app: &TestApp, role: Role) -> (Guest, String, String) {
    let ada = admin(app, Some(HERE), "ada@example.org").await;
    let ines = joined(app, &ada, (HERE, role), "ines@example.org").await;
    let key = ApiKeyId(Uuid::from_u128(0xc));
    put!(app, rows::api_key(key, HERE));
    let session = ines.ask(app, "{ viewer { sessions { id } } }").await["data"]["viewer"]["sessions"][0]["id"].take();
    (ines, session.as_str().expect("a session's id").to_owned(), key.to_string())
}

/// A partner of the alliance here: its id.
pub(crate) async fn partner(app: &TestApp) -> String {
    let partner = rows::told::partner(PartnerId(Uuid::from_u128(0xd)), HERE);
    put!(app, partner.clone());
    partner.id.to_string()
}

/// An enquiry to the alliance here, which a stranger wrote: its id.
pub(crate) async fn enquiry(app: &TestApp) -> String {
    let input = json!({
        "alliance": HERE.to_string(), "institutionName": "St. Ann's Mosque", "institutionKind": "FAITH_GROUP", "contactName": "Nadia Novak",
        "email": "nadia@mosque.example", "message": "Let us talk.",
    });
    done(app, ("", "enquirySubmit"), input, "accepted").await;
    app.work().await;
    drop(app.mails());
    let id: Uuid = rows_of(app, "SELECT id FROM enquiries").await.remove(0).try_get_by_index(0).expect("an id");
    EnquiryId(id).to_string()
}

/// Asks with a token, or as the public with an empty one, and returns the whole response.
pub(crate) async fn ask(app: &TestApp, token: &str, query: &str, variables: &Value) -> Value {
    match token {
        "" => people::ask(app, &[], query, variables).await.body,
        token => people::ask_with(app, token, query, variables).await.body,
    }
}

/// Makes a change with a token, and returns the whole response.
pub(crate) async fn change(app: &TestApp, (token, field): (&str, &str), input: Value, selection: &str) -> Value {
    ask(app, token, &changing(field, selection), &json!({ "input": input })).await
}

/// What became of a change: `done`, or the code of what was wrong.
pub(crate) fn outcome(response: &Value, field: &str) -> String {
    let code = response["errors"][0]["extensions"]["code"].as_str();
    let code = code.or_else(|| response["data"][field]["userErrors"][0]["code"].as_str());
    code.unwrap_or("done").to_owned()
}

/// Makes a change that must succeed, and returns what was selected of it.
pub(crate) async fn done(app: &TestApp, (token, field): (&str, &str), input: Value, selection: &str) -> Value {
    let mut response = change(app, (token, field), input, selection).await;
    assert_eq!(outcome(&response, field), "done", "{}: {field}: {response}", app.name);
    response["data"][field].take()
}

/// What becomes of a stranger's change.
pub(crate) async fn stranger_tries(app: &TestApp, field: &str, input: Value) -> String {
    outcome(&change(app, ("", field), input, "__typename").await, field)
}

/// The token of a new session.
pub(crate) async fn sign_in(app: &TestApp, email: &str, password: &str) -> String {
    let input = json!({ "email": email, "password": password });
    let payload = done(app, ("", "signIn"), input, "accessToken").await;
    payload["accessToken"].as_str().expect("a token").to_owned()
}

/// An admin of an alliance, or the operator, made as the command line does and signed in.
pub(crate) async fn admin(app: &TestApp, alliance: Option<AllianceId>, email: &str) -> Guest {
    let password = Some(SecretString::from(PASSWORD));
    let admin = NewAdmin { email: email.to_owned(), name: Some("Ada Adams".to_owned()), alliance, password };
    let made = setup::create_admin(&app.app, admin).await.expect("an admin can be made");
    let Made::Account(id) = made else { panic!("the password was given") };
    Guest { id, email: email.to_owned(), token: sign_in(app, email, PASSWORD).await }
}

/// Somebody who was invited by an admin, followed the link, and signed in.
pub(crate) async fn joined(app: &TestApp, by: &Guest, (alliance, role): (AllianceId, Role), email: &str) -> Guest {
    let input = json!({ "alliance": alliance.to_string(), "email": email, "name": "Ines Ilic", "role": spelled(role) });
    by.does(app, "accountInvite", input, "__typename").await;
    let token = mailed(app).await;
    confirmed(app, &token, email).await
}

/// Somebody without a role who registered and signed in.
pub(crate) async fn registered(app: &TestApp, email: &str) -> Guest {
    done(app, ("", "accountRegister"), json!({ "email": email, "name": "Rosa Rook" }), "accepted").await;
    let token = mailed(app).await;
    confirmed(app, &token, email).await
}

/// Whoever follows the link with this token and chooses [`PASSWORD`], signed in.
async fn confirmed(app: &TestApp, token: &str, email: &str) -> Guest {
    let payload = done(app, ("", "accountConfirm"), json!({ "token": token, "password": PASSWORD }), "account { id }").await;
    let id = payload["account"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an account's id");
    Guest { id, email: email.to_owned(), token: sign_in(app, email, PASSWORD).await }
}

/// A role as the contract spells it.
pub(crate) fn spelled(role: Role) -> &'static str {
    match role {
        Role::Admin => "ADMIN",
        Role::Editor => "EDITOR",
        Role::Author => "AUTHOR",
        Role::Organiser => "ORGANISER",
        Role::Supporter => "SUPPORTER",
    }
}

/// The token of the link in the one mail that is sent now.
pub(crate) async fn mailed(app: &TestApp) -> String {
    app.work().await;
    let [mail] = <[_; 1]>::try_from(app.mails()).expect("one mail is sent");
    token(&mail.text)
}

/// The token of the link in a text.
pub(crate) fn token(text: &str) -> String {
    let link = text.lines().find(|line| line.starts_with("https://citizens.example/account/")).expect("there is a link");
    let (_, token) = link.split_once("?token=").expect("there is a token");
    assert_eq!(token.len(), "all_".len() + 43, "256 bits: {link}");
    token.to_owned()
}

/// The rows that a statement finds.
pub(crate) async fn rows_of(app: &TestApp, sql: &str) -> Vec<QueryResult> {
    app.app.db().read().query_all_raw(Statement::from_string(app.app.db().backend(), sql)).await.expect("the database answers")
}

/// What was done, by the names of the changes that begin so; each has its entry in the audit log, and its event for those who follow.
pub(crate) async fn recorded(app: &TestApp, beginning: &str) -> Vec<String> {
    let sql = format!(
        "SELECT DISTINCT action FROM audit_entries WHERE action LIKE '{beginning}%' AND EXISTS (SELECT 1 FROM outbox WHERE \
         outbox.subject_id = audit_entries.subject_id AND outbox.recorded_at = audit_entries.created_at) ORDER BY action"
    );
    rows_of(app, &sql).await.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect()
}

/// The tables of the database, but for those that a search index is made of.
pub(crate) async fn tables(app: &TestApp) -> Vec<String> {
    let sql = match app.app.db().is_sqlite() {
        true => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        false => "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name",
    };
    rows_of(app, sql).await.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect()
}

/// How many rows each table has, but for the rates, which count what was refused, too.
pub(crate) async fn counts(app: &TestApp) -> Vec<(String, i64)> {
    let mut counts = Vec::new();
    for table in tables(app).await.into_iter().filter(|table| table != "rates") {
        let row = rows_of(app, &format!("SELECT COUNT(*) FROM \"{table}\"")).await.remove(0);
        counts.push((table, row.try_get_by_index(0).expect("a number")));
    }
    counts
}

/// Every row of every table as text, but for the rates, which count what was refused, too.
pub(crate) async fn dump(app: &TestApp) -> Vec<String> {
    let mut rows = Vec::new();
    for table in tables(app).await.into_iter().filter(|table| table != "rates") {
        let sql = match app.app.db().is_sqlite() {
            true => {
                let columns =
                    rows_of(app, &format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')")).await;
                let columns: Vec<String> = columns.iter().map(|row| row.try_get_by_index(0).expect("a name")).collect();
                format!("SELECT {} FROM \"{table}\"", columns.join(" || ', ' || "))
            }
            false => format!("SELECT t::text FROM \"{table}\" t"),
        };
        let found = rows_of(app, &sql).await;
        rows.extend(found.iter().map(|row| format!("{table}: {}", row.try_get_by_index::<String>(0).expect("a text"))));
    }
    rows.sort_unstable();
    rows
}
