//! Processes that are killed or frozen in the middle of what they do: others take over.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use alliance::app::App;
use alliance::jobs::problem::Problem;
use alliance::jobs::runner::{self, Handlers, Order};
use alliance::jobs::{self, NewJob, store};
use alliance::outbox::sequencer::{self, Turn};
use alliance::outbox::{self, Event};
use alliance_entity::job::{self, JobState};
use alliance_tests::app::TestApp;
use sea_orm::{ConnectionTrait, EntityTrait, Statement};
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::time::sleep;
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(20);
const STEP: Duration = Duration::from_millis(20);
const URL: &str = "ALLIANCE_TEST_PROCESS_DATABASE";
const PART: &str = "ALLIANCE_TEST_PROCESS";

/// A process of its own, which ends with this.
struct Process(Child);

impl Process {
    fn start(part: &str, app: &TestApp) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("a test knows where it is"));
        command.args(["--exact", "killing::what_another_process_does"]);
        command.env(PART, part).env(URL, app.app.config().database.expose()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("it starts"))
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.0.id().to_string()]).status();
        assert!(sent.is_ok_and(|done| done.success()), "{signal} is sent");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Does its jobs for ever.
#[derive(Debug, Clone)]
struct Hanging;

impl Handlers for Hanging {
    async fn handle(&self, _: &App, _: &str, _: Value) -> Result<(), Problem> {
        std::future::pending().await
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "these settings are the tests' own")]
async fn what_another_process_does() {
    // The tests below start it as a process of its own; among the tests it has nothing to do.
    let (Ok(url), Ok(part)) = (std::env::var(URL), std::env::var(PART)) else { return };
    let app = TestApp::at(&url).await;
    match part.as_str() {
        "sequencer" => loop {
            drop(sequencer::sequence(app.app.db()).await);
            sleep(STEP).await;
        },
        _ => runner::run(app.app.clone(), Hanging, watch::Sender::new(Order::Work).subscribe()).await,
    }
}

#[tokio::test]
async fn a_frozen_sequencer_is_replaced() {
    let [_, app] = TestApp::both_empty().await;
    let db = app.app.db();
    // It will wait for this row, so that it can be frozen just then.
    let holding = db.begin().await.expect("a change begins");
    holding.execute_unprepared("UPDATE outbox_positions SET last = last").await.expect("the row is held");
    let txn = db.begin().await.expect("a change begins");
    let event = Event { kind: "X", subject_type: "X", subject_id: Uuid::now_v7(), alliance: None, data: json!({}) };
    outbox::record(&txn, app.app.clock().now(), &event).await.expect("it is recorded");
    txn.commit().await.expect("the change is kept");
    let frozen = Process::start("sequencer", &app);
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')";
    let began = Instant::now();
    loop {
        assert!(began.elapsed() < SOON, "it does not begin");
        let row = db.read().query_one_raw(Statement::from_string(db.backend(), waits)).await.expect("the database answers");
        if row.expect("there is a row").try_get_by_index(0).expect("there is a truth") {
            break;
        }
        sleep(STEP).await;
    }
    frozen.signal("-STOP");
    drop(holding);
    let (began, mut turns) = (Instant::now(), Vec::new());
    while turns.last() != Some(&Turn::Given(1)) {
        assert!(began.elapsed() < Duration::from_secs(15), "it was not replaced: {turns:?}");
        turns.push(sequencer::sequence(db).await.expect("the database answers"));
        sleep(STEP).await;
    }
    assert_eq!(turns[0], Turn::Elsewhere, "it had the lock");
}

#[tokio::test]
async fn the_job_of_a_killed_process_is_done_once_more_within_its_lease() {
    for app in TestApp::both_empty().await {
        let db = app.app.db();
        let txn = db.begin().await.expect("a change begins");
        let job = NewJob { kind: "test", payload: json!({}), unique: None, after: Duration::ZERO };
        jobs::enqueue(&txn, app.app.clock().now(), job).await.expect("the job is enqueued");
        txn.commit().await.expect("the change is kept");
        let find = async || job::Entity::find().one(db.read()).await.expect("the database answers").expect("it is there");
        let killed = Process::start("worker", &app);
        let began = Instant::now();
        while find().await.state != JobState::Running {
            assert!(began.elapsed() < SOON, "{}: it does not begin", app.name);
            sleep(STEP).await;
        }
        killed.signal("-KILL");
        let lease = Duration::from_secs(app.app.config().limits.job_lease_seconds);
        let claim = async || store::claim(db, lease).await.expect("the database answers");
        assert_eq!(claim().await, None, "{}: it is held", app.name);
        db.bell().move_time(lease);
        let again = claim().await.expect("it is done once more");
        assert_eq!((again.tries, claim().await), (2, None), "{}", app.name);
        assert!(store::set_done(db, &again).await.expect("the database answers"), "{}", app.name);
        db.bell().move_time(lease * 2);
        assert_eq!((claim().await, find().await.state), (None, JobState::Done), "{}", app.name);
    }
}
