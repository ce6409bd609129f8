//! What is old is deleted, and nothing else.

use alliance::app::App;
use alliance::retention;
use alliance_tests::app::TestApp;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, Statement, Value};
use uuid::Uuid;

async fn run(app: &App, sql: &str, values: Vec<Value>) {
    let statement = Statement::from_sql_and_values(app.db().backend(), sql, values);
    app.db().write().execute_raw(statement).await.expect("it is written");
}

/// Of each table a row that ended this long ago, and some that have not.
async fn plant(app: &App, age: TimeDelta, round: i64) {
    let now = app.clock().now();
    let then = now - age;
    let later = now + TimeDelta::days(900);
    let (id, open) = (Uuid::now_v7(), Uuid::now_v7());
    let event = "INSERT INTO outbox (kind, subject_type, subject_id, data, recorded_at) VALUES ('X', 'X', $1, '{}', $2)";
    run(app, event, vec![id.into(), then.into()]).await;
    for state in ["DONE", "DEAD"] {
        let time = app.db().bell().time(app.db().backend());
        let job = format!(
            "INSERT INTO jobs (kind, payload, state, due, ended, created_at) VALUES ('x', '{{}}', '{state}', 0, {time} - $1, $2)"
        );
        run(app, &job, vec![age.num_milliseconds().into(), then.into()]).await;
    }
    run(
        app,
        "INSERT INTO audit_entries (id, actor, action, subject_type, details, created_at) VALUES ($1, 'SYSTEM', 'x', 'X', '{}', $2)",
        vec![id.into(), then.into()],
    )
    .await;
    let account = "INSERT INTO accounts (id, email, email_key, name, name_is_public, is_operator, created_at, updated_at) \
                   VALUES ($1, 'x', $2, 'x', FALSE, FALSE, $3, $3)";
    run(app, account, vec![id.into(), id.to_string().into(), then.into()]).await;
    for (session, ended) in [(id, Some(then)), (open, None::<DateTime<Utc>>)] {
        let sql = "INSERT INTO sessions (id, account_id, in_cookie, created_at, used_at, expires_at, ended_at) \
                   VALUES ($1, $2, FALSE, $3, $3, $4, $5)";
        run(app, sql, vec![session.into(), id.into(), then.into(), later.into(), ended.into()]).await;
        let sql = "INSERT INTO refresh_tokens (hash, session_id, created_at, replaced_at) VALUES ($1, $2, $3, $3)";
        run(app, sql, vec![session.to_string().into(), session.into(), then.into()]).await;
    }
    for (link, used, expires) in [(id, Some(then), later), (open, None, then), (Uuid::now_v7(), None, later)] {
        let sql = "INSERT INTO account_links (id, purpose, email, email_key, created_at, expires_at, used_at) \
                   VALUES ($1, 'SETUP', 'x', 'x', $2, $3, $4)";
        run(app, sql, vec![link.into(), then.into(), expires.into(), used.into()]).await;
    }
    let sql = "INSERT INTO rates (key, spent_until) VALUES ($1, $2)";
    run(app, sql, vec![round.to_string().into(), then.timestamp_millis().into()]).await;
}

async fn rows(app: &App) -> Vec<i64> {
    let mut counts = Vec::new();
    for table in ["outbox", "jobs", "audit_entries", "sessions", "refresh_tokens", "account_links", "rates"] {
        let statement = Statement::from_string(app.db().backend(), format!("SELECT COUNT(*) FROM {table}"));
        let row = app.db().read().query_one_raw(statement).await.expect("it is counted").expect("there is a row");
        counts.push(row.try_get_by_index(0).expect("there is a number"));
    }
    counts
}

#[tokio::test]
async fn what_is_old_is_deleted_and_nothing_else() {
    for app in TestApp::both_empty().await {
        let days = |days: i64| TimeDelta::days(days);
        for (round, age) in [days(0), days(8), days(40), days(91), days(800)].into_iter().enumerate() {
            plant(&app.app, age, i64::try_from(round).expect("it is small")).await;
        }
        // Those of PostgreSQL that have no position yet are kept, however old they are.
        assert_eq!(rows(&app.app).await, [5, 10, 5, 10, 10, 15, 5], "{}", app.name);
        if !app.app.db().is_sqlite() {
            assert_eq!(retention::run(&app.app).await.expect("the database answers"), 4 + 2 + 1 + 3 + 3 + 6 + 4);
            assert_eq!(rows(&app.app).await[0], 5);
        }
        app.work().await;
        retention::run(&app.app).await.expect("the database answers");
        assert_eq!(rows(&app.app).await, [1, 4, 4, 7, 4, 9, 1], "{}", app.name);
        assert_eq!(retention::run(&app.app).await.expect("the database answers"), 0, "{}", app.name);
    }
}

#[tokio::test]
async fn thousands_of_old_rows_are_deleted_in_one_run() {
    for app in TestApp::both_empty().await {
        let then = app.app.clock().now() - TimeDelta::days(10_000);
        let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1600)";
        let id = if app.app.db().is_sqlite() { "randomblob(16)" } else { "gen_random_uuid()" };
        let sql = format!(
            "{numbers} INSERT INTO audit_entries (id, actor, action, subject_type, details, created_at) \
             SELECT {id}, 'SYSTEM', 'x', 'X', '{{}}', $1 FROM n"
        );
        run(&app.app, &sql, vec![then.into()]).await;
        assert_eq!(retention::run(&app.app).await.expect("the database answers"), 1600, "{}", app.name);
    }
}
