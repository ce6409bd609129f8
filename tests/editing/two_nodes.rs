//! Two real nodes on one PostgreSQL that find two hundred posts due at once, one of which is killed in the middle.

use std::time::{Duration, Instant};

use alliance_tests::postgres;
use alliance_tests::running::Connection;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use serde_json::json;

use crate::binary::serve;
use crate::nodes::{alliance, demo_passwords, sign_in};

const POSTS: i64 = 200;
const WITHIN: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(5);

async fn number(db: &DatabaseConnection, sql: &str) -> i64 {
    let row = db.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.expect("the database answers");
    row.expect("there is a row").try_get_by_index(0).expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_nodes_one_is_killed_in_the_middle_and_each_post_is_published_once_and_none_early() {
    let url = postgres::database();
    let settings = [("DATABASE_URL", url.as_str()), ("ALLIANCE_RATE_MUTATIONS", "1000000")];
    let first = serve(&[settings.as_slice(), &[("ALLIANCE_DEMO", "true")]].concat());
    let passwords = demo_passwords(&first);
    let (email, password) = passwords.iter().find(|(email, _)| email.starts_with("editor")).expect("there is an editor");
    let (token, here) = (sign_in(&first.address, email, password), alliance(&first.address));
    let mut connection = Connection::open(&first.address);
    for n in 0..POSTS {
        let input = json!({ "alliance": here, "title": format!("Due {n}") });
        let post = connection.change(&token, "postCreate", &input, "post { id version }")["post"].take();
        let input = json!({ "id": post["id"], "version": post["version"], "publishAt": "2099-01-01T00:00:00Z" });
        connection.change(&token, "postSchedule", &input, "post { id }");
    }
    let second = serve(&settings);
    let db = sea_orm::Database::connect(&url).await.expect("it can be reached");
    // All of them are due a moment from now.
    let soon = "UPDATE post_schedules SET scheduled_for = clock_timestamp() + interval '1500 ms', \
                due = CAST(EXTRACT(EPOCH FROM clock_timestamp() + interval '1500 ms') * 1000 AS BIGINT)";
    db.execute_unprepared(soon).await.expect("the times can be changed");
    let times = "UPDATE posts SET scheduled_for = (SELECT scheduled_for FROM post_schedules WHERE post_id = posts.id) WHERE status = 'SCHEDULED'";
    db.execute_unprepared(times).await.expect("the times can be changed");
    db.execute_unprepared("CREATE TABLE due AS SELECT post_id, scheduled_for FROM post_schedules").await.expect("they are kept");
    let published = "SELECT COUNT(*) FROM posts WHERE status = 'PUBLISHED' AND id IN (SELECT post_id FROM due)";
    assert_eq!(number(&db, published).await, 0, "none is early");
    let began = Instant::now();
    while number(&db, published).await < POSTS / 10 {
        assert!(began.elapsed() < WITHIN, "nothing is published");
        tokio::time::sleep(STEP).await;
    }
    first.kill();
    let killed = Instant::now();
    while number(&db, published).await < POSTS {
        assert!(killed.elapsed() < WITHIN, "{} of {POSTS} are published", number(&db, published).await);
        tokio::time::sleep(STEP).await;
    }
    let events = "SELECT COUNT(*) FROM outbox WHERE kind = 'PostPublished' AND subject_id IN (SELECT post_id FROM due)";
    assert_eq!(number(&db, events).await, POSTS, "each is told of once");
    let entries = "SELECT COUNT(*) FROM audit_entries WHERE action = 'postPublish' AND subject_id IN (SELECT post_id FROM due)";
    assert_eq!(number(&db, entries).await, POSTS, "each has its entry once");
    let early = "SELECT COUNT(*) FROM posts JOIN due ON due.post_id = posts.id \
                 WHERE posts.published_at < date_trunc('milliseconds', due.scheduled_for)";
    assert_eq!(number(&db, early).await, 0, "none was early");
    drop(second);
}
