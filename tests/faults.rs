//! A database that is cut off, that ends connections, that is slow or held by somebody else: what those are told who wait for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alliance::config::database::DatabaseUrl;
use alliance::database::Database;
use alliance::error::Error;
use alliance_tests::app::TestApp;
use alliance_tests::postgres;
use alliance_tests::proxy::Proxy;
use axum::http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The first has no data at all where the database does not answer, the second a null.
const QUESTIONS: [&str; 2] = [
    "{ posts(first: 3) { nodes { title } } }",
    "{ alliance(slug: \"nottingham-citizens\") { name institutions(first: 3) { nodes { name } } } }",
];
const ANSWERED_WITHIN: Duration = Duration::from_millis(3500);
const HEALTHY_WITHIN: Duration = Duration::from_secs(5);

struct Seen {
    began: Instant,
    took: Duration,
    status: StatusCode,
    says_when: bool,
}

async fn ask(app: &TestApp, question: &str) -> Seen {
    let began = Instant::now();
    let path = format!("/graphql?query={}", utf8_percent_encode(question, NON_ALPHANUMERIC));
    let (status, headers, _) = app.open(Method::GET, &path, &[]).await;
    Seen { began, took: began.elapsed(), status, says_when: headers.contains_key("retry-after") }
}

fn load(app: &Arc<TestApp>, lasting: Duration) -> JoinSet<Vec<Seen>> {
    let ends = Instant::now() + lasting;
    (0..24)
        .map(|number| {
            let app = Arc::clone(app);
            async move {
                let mut all = Vec::new();
                while Instant::now() < ends {
                    all.push(ask(&app, QUESTIONS[number % 2]).await);
                    sleep(Duration::from_millis(20)).await;
                }
                all
            }
        })
        .collect()
}

fn sql(text: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_cut_off_keeps_nobody_waiting_and_is_used_again_once_it_is_back() {
    let url = postgres::database();
    let server = url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).expect("an address of PostgreSQL").0;
    let network = Proxy::before(server).await;
    let app = Arc::new(TestApp::on_postgres(&url.replace(server, &network.address)).await);
    let asked = load(&app, Duration::from_secs(11));
    let txn = app.app.db().begin().await.expect("a change can be begun");
    sleep(Duration::from_millis(500)).await;

    network.cut();
    let cut = Instant::now();
    assert!(matches!(txn.commit().await, Err(Error::Unavailable)), "a change whose fate is not known was said to be kept");
    assert!(cut.elapsed() < ANSWERED_WITHIN, "{:?}", cut.elapsed());
    sleep(ANSWERED_WITHIN.saturating_sub(cut.elapsed())).await;
    assert!(matches!(app.app.db().begin().await, Err(Error::Unavailable)));
    assert_eq!(app.get("/readyz", &[]).await.0, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.get("/livez", &[]).await.0, StatusCode::OK);
    assert_eq!(ask(&app, "{ __typename alliance(slug: \"nottingham-citizens\") { name } }").await.status, StatusCode::OK);
    sleep(Duration::from_secs(1)).await;
    network.mend();
    let mended = Instant::now();

    let all: Vec<Seen> = asked.join_all().await.into_iter().flatten().collect();
    for seen in &all {
        assert!(seen.took < ANSWERED_WITHIN, "an answer took {:?}", seen.took);
        assert_eq!(seen.says_when, seen.status == StatusCode::SERVICE_UNAVAILABLE);
        match seen.status {
            StatusCode::OK => assert!(seen.began < cut || seen.began + seen.took >= mended, "who was answered?"),
            status => assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE),
        }
    }
    assert!(all.iter().any(|seen| seen.began > mended + HEALTHY_WITHIN));
    let ill = all.iter().filter(|seen| seen.status != StatusCode::OK && seen.began > mended + HEALTHY_WITHIN);
    assert_eq!(ill.count(), 0, "it is not healthy in time");
    assert_eq!(app.get("/readyz", &[]).await.0, StatusCode::OK);
}

#[tokio::test]
async fn connections_that_the_server_ended_are_replaced_and_nobody_notices() {
    let url = postgres::database();
    let app = Arc::new(TestApp::on_postgres(&url).await);
    let db = app.app.db();
    for _ in 0..3 {
        // Statements that last, at once: each takes a connection of its own.
        let at_once = (0..6).map(|_| db.read().query_one_raw(sql("SELECT pg_sleep(0.2)")));
        futures_util::future::try_join_all(at_once).await.expect("they are answered");
        assert!(db.usage().iter().any(|(_, usage)| usage.idle > 4), "there are connections to end: {:?}", db.usage());
        let other = Database::connect(&DatabaseUrl::parse(&url).expect("an address"), None).await.expect("it answers");
        let ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        // It ends its own other connections too.
        other.write().execute_raw(sql(ended)).await.expect("they can be ended");
        let answers: Vec<Seen> = load(&app, Duration::from_millis(200)).join_all().await.into_iter().flatten().collect();
        assert!(answers.iter().all(|seen| seen.status == StatusCode::OK));
        let txn = db.begin().await.expect("a change can be begun");
        txn.commit().await.expect("it can be kept");
        db.write().execute_raw(sql("SELECT 1")).await.expect("it can be written");
    }
}

#[tokio::test]
async fn a_slow_statement_is_no_dead_database() {
    let app = TestApp::on_postgres(&postgres::database()).await;
    let db = app.app.db();
    let began = Instant::now();
    let (slow, too_slow) =
        tokio::join!(db.read().query_one_raw(sql("SELECT pg_sleep(4)")), db.read().query_one_raw(sql("SELECT pg_sleep(8)")));
    assert!(slow.is_ok(), "{slow:?}");
    assert!(matches!(too_slow.map_err(Error::from), Err(Error::Unavailable)));
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
    assert!(db.answers());
}

#[tokio::test]
async fn what_was_given_up_in_the_midst_keeps_no_connection() {
    let app = TestApp::on_postgres(&postgres::database()).await;
    let db = app.app.db().clone();
    let hurried: JoinSet<bool> = (0..40)
        .map(|_| {
            let db = db.clone();
            async move { timeout(Duration::from_millis(300), db.read().query_one_raw(sql("SELECT pg_sleep(3)"))).await.is_err() }
        })
        .collect();
    assert!(hurried.join_all().await.into_iter().all(|given_up| given_up));
    let began = Instant::now();
    app.read(QUESTIONS[0]).await;
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    let txn = db.begin().await.expect("a change can be begun");
    assert!(timeout(Duration::from_millis(100), txn.query_one_raw(sql("SELECT pg_sleep(3)"))).await.is_err());
    assert!(txn.query_one_raw(sql("SELECT 1")).await.is_err(), "nobody knows what this would be the answer to");
    assert!(matches!(txn.commit().await, Err(Error::Unavailable)));
    let usage = db.usage()[0].1;
    assert!(usage.open <= usage.most && usage.waiting == 0 && usage.statements > 0, "{usage:?}");
}

#[tokio::test]
async fn a_change_waits_for_the_holder_of_a_file_and_not_for_ever() {
    let [app, _] = TestApp::both().await;
    let other = Database::connect(&app.app.config().database, None).await.expect("the file can be opened");
    let held = other.begin().await.expect("a change can be begun");
    let began = Instant::now();
    assert!(matches!(app.app.db().begin().await, Err(Error::Unavailable)));
    assert!(began.elapsed() < Duration::from_secs(7), "{:?}", began.elapsed());
    drop(held);
    let txn = app.app.db().begin().await.expect("a change that was dropped holds nothing");
    txn.commit().await.expect("it can be kept");
}
