//! Jobs: done once their change is kept, tried again where they fail, and by another where their worker was killed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alliance::app::App;
use alliance::error::Error;
use alliance::jobs::list::{self, Queue, Revived};
use alliance::jobs::problem::Problem;
use alliance::jobs::runner::{self, Handlers, Order};
use alliance::jobs::{self, NewJob, store};
use alliance::{retention, worker};
use alliance_entity::job::{self, JobState};
use alliance_tests::app::TestApp;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use tokio::time::{sleep, timeout};

use crate::binary::{run, text};

const SOON: Duration = Duration::from_secs(10);
const LEASE: Duration = Duration::from_secs(30);

/// Handlers by kind, which write down what they were asked.
#[derive(Debug, Clone, Default)]
struct Noted {
    done: Arc<Mutex<Vec<String>>>,
    /// Rings when a job hangs.
    hangs: Arc<Notify>,
}

impl Noted {
    fn done(&self) -> Vec<String> {
        std::mem::take(&mut *self.done.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Handlers for Noted {
    async fn handle(&self, _: &App, kind: &str, payload: Value) -> Result<(), Problem> {
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{kind} {payload}"));
        match kind {
            "fails" => Err(Error::internal("no mail for somebody@example.org just now"))?,
            "never" => Err(Error::NotFound("account"))?,
            "panics" => panic!("this job panics"),
            "hangs" => {
                self.hangs.notify_one();
                std::future::pending::<()>().await;
            }
            _ => {}
        }
        Ok(())
    }
}

async fn enqueue(app: &App, kind: &'static str, unique: Option<&str>, after: u64) {
    let txn = app.db().begin().await.expect("a change begins");
    let unique = unique.map(str::to_owned);
    let job = NewJob { kind, payload: json!(after), unique, after: Duration::from_secs(after) };
    jobs::enqueue(&txn, app.clock().now(), job).await.expect("the job is enqueued");
    txn.commit().await.expect("the change is kept");
}

async fn all(app: &App) -> Vec<job::Model> {
    let jobs = job::Entity::find().filter(job::Column::Kind.ne(retention::KIND)).order_by_asc(job::Column::Id);
    jobs.all(app.db().read()).await.expect("the jobs are read")
}

async fn states(app: &App) -> Vec<JobState> {
    all(app).await.into_iter().map(|job| job.state).collect()
}

#[tokio::test]
async fn jobs_are_done_when_they_are_due_and_a_failing_one_harms_no_other() {
    for app in TestApp::both_empty().await {
        let (app, noted) = (&app.app, Noted::default());
        for (kind, after) in [("panics", 0), ("well", 0), ("never", 0), ("fails", 0), ("later", 60)] {
            enqueue(app, kind, None, after).await;
        }
        assert_eq!(runner::empty(app, &noted).await.expect("the database answers"), 4);
        assert_eq!(noted.done(), ["panics 0", "well 0", "never 0", "fails 0"]);
        let (waits, done, dead) = (JobState::Waiting, JobState::Done, JobState::Dead);
        assert_eq!(states(app).await, [waits, done, dead, waits, waits]);
        app.db().bell().move_time(Duration::from_secs(8));
        assert_eq!(runner::empty(app, &noted).await.expect("the database answers"), 2, "what failed is tried again");
        app.db().bell().move_time(Duration::from_secs(60));
        runner::empty(app, &noted).await.expect("the database answers");
        assert_eq!(noted.done().last().map(String::as_str), Some("later 60"));
    }
}

#[tokio::test]
async fn a_job_that_always_fails_is_given_up_and_lives_again_when_told_to() {
    for app in TestApp::both_empty().await {
        let (app, noted) = (&app.app, Noted::default());
        enqueue(app, "fails", Some("one"), 0).await;
        while states(app).await == [JobState::Waiting] {
            assert_eq!(runner::empty(app, &noted).await.expect("the database answers"), 1);
            app.db().bell().move_time(Duration::from_secs(2 * 60 * 60));
        }
        assert_eq!(noted.done().len(), 15);
        let job = all(app).await.remove(0);
        assert_eq!(job.problem.as_deref(), Some("no mail for [...] just now"), "who it was for is not kept");
        let queue = list::queue(app.db()).await.expect("the database answers");
        assert_eq!(queue, Queue { waiting: 0, running: 0, dead: 1, overdue_seconds: 0 });
        enqueue(app, "fails", Some("one"), 0).await;
        let revived = async || list::revive(app.db(), job.id).await.expect("the database answers");
        assert_eq!(revived().await, Revived::Twin, "one that does the same waits");
        runner::empty(app, &noted).await.expect("the database answers");
        app.db().bell().move_time(Duration::from_secs(100));
        let queue = list::queue(app.db()).await.expect("the database answers");
        assert!(queue.waiting == 1 && (90..=97).contains(&queue.overdue_seconds), "{queue:?}");
        while states(app).await[1] == JobState::Waiting {
            runner::empty(app, &noted).await.expect("the database answers");
            app.db().bell().move_time(Duration::from_secs(2 * 60 * 60));
        }
        assert_eq!(revived().await, Revived::Waits);
        assert_eq!(revived().await, Revived::NotDead);
        noted.done();
        runner::empty(app, &noted).await.expect("the database answers");
        assert_eq!((noted.done().len(), states(app).await[0]), (1, JobState::Waiting), "it is tried anew, not once more");
    }
}

#[tokio::test]
async fn of_jobs_with_one_key_one_waits_and_it_begins_when_the_one_that_runs_has_ended() {
    for app in TestApp::both_empty().await {
        let (app, noted) = (&app.app, Noted::default());
        enqueue(app, "well", Some("key"), 60).await;
        enqueue(app, "well", Some("key"), 0).await;
        enqueue(app, "well", Some("other"), 0).await;
        enqueue(app, "well", None, 0).await;
        enqueue(app, "well", None, 0).await;
        assert_eq!(runner::empty(app, &noted).await.expect("the database answers"), 4);
        noted.done();
        enqueue(app, "well", Some("key"), 0).await;
        let first = store::claim(app.db(), LEASE).await.expect("the database answers").expect("it is due");
        enqueue(app, "well", Some("key"), 0).await;
        enqueue(app, "well", Some("key"), 0).await;
        assert_eq!(store::claim(app.db(), LEASE).await.expect("the database answers"), None, "it waits for the first");
        let again = store::set_waiting(app.db(), &first, Duration::ZERO, "no").await.expect("the database answers");
        assert!(again, "the first was held");
        assert_eq!(runner::empty(app, &noted).await.expect("the database answers"), 1, "the second does it for both");
        assert_eq!(states(app).await, [JobState::Done; 6]);
    }
}

/// The second change is committed after a worker could have begun; the job must see it all the same.
#[tokio::test]
async fn a_job_does_not_begin_while_a_change_that_wants_it_is_open() {
    let [_, app] = TestApp::both_empty().await;
    let other = app.node().await;
    enqueue(&app.app, "well", Some("key"), 0).await;
    let txn = app.app.db().begin().await.expect("a change begins");
    let job = NewJob { kind: "well", payload: json!(0), unique: Some("key".to_owned()), after: Duration::ZERO };
    jobs::enqueue(&txn, app.app.clock().now(), job).await.expect("the job is enqueued");
    assert_eq!(store::claim(other.db(), LEASE).await.expect("the database answers"), None);
    txn.commit().await.expect("the change is kept");
    assert_eq!(runner::empty(&other, &Noted::default()).await.expect("the database answers"), 1);
}

#[tokio::test]
async fn the_job_of_a_killed_worker_is_done_once_more_within_its_lease() {
    for app in TestApp::both_empty().await {
        let (node, noted) = (app.node().await, Noted::default());
        enqueue(&app.app, "hangs", None, 0).await;
        // The receiver is kept: whoever is killed is told nothing.
        let (order, killed) = (watch::Sender::new(Order::Work), Noted::default());
        let worker = tokio::spawn(runner::run(node.clone(), killed.clone(), order.subscribe()));
        timeout(SOON, killed.hangs.notified()).await.expect("it begins soon");
        worker.abort();
        assert!(worker.await.is_err_and(|ended| ended.is_cancelled()));
        let claim = async || store::claim(app.app.db(), LEASE).await.expect("the database answers");
        assert_eq!(claim().await, None, "{}: it is held", app.name);
        app.app.db().bell().move_time(LEASE + Duration::from_secs(1));
        let second = claim().await.expect("it is done once more");
        assert_eq!((second.attempt, second.tries, claim().await), (2, 2, None), "{}", app.name);
        let first = store::Claimed { attempt: 1, ..second.clone() };
        let db = app.app.db();
        assert!(!store::set_done(db, &first).await.expect("the database answers"), "who has lost it changes nothing");
        assert!(!store::set_lease(db, &first, LEASE).await.expect("the database answers"));
        assert!(store::set_done(db, &second).await.expect("the database answers"));
        app.app.db().bell().move_time(LEASE * 2);
        assert_eq!((runner::empty(&app.app, &noted).await.expect("the database answers"), noted.done().len()), (0, 0));
    }
}

#[tokio::test]
async fn a_job_that_ends_its_worker_each_time_is_given_up() {
    for app in TestApp::both_empty().await {
        let noted = Noted::default();
        enqueue(&app.app, "well", None, 0).await;
        for _ in 0..15 {
            store::claim(app.app.db(), LEASE).await.expect("the database answers").expect("it is due");
            app.app.db().bell().move_time(LEASE);
        }
        runner::empty(&app.app, &noted).await.expect("the database answers");
        assert_eq!((noted.done().len(), states(&app.app).await), (0, vec![JobState::Dead]), "{}", app.name);
    }
}

#[tokio::test]
async fn a_worker_that_stops_lets_go_of_what_does_not_end_and_counts_no_try() {
    for app in TestApp::both_empty().await {
        let noted = Noted::default();
        let worker = worker::start(&app.app, noted.clone()).await.expect("the database answers");
        enqueue(&app.app, "hangs", None, 0).await;
        enqueue(&app.app, "well", None, 0).await;
        timeout(SOON, noted.hangs.notified()).await.expect("it begins soon");
        let began = Instant::now();
        while states(&app.app).await != [JobState::Running, JobState::Done] {
            assert!(began.elapsed() < SOON, "{}: the other is not done", app.name);
            sleep(Duration::from_millis(10)).await;
        }
        worker.stop(tokio::time::Instant::now()).await;
        let job = all(&app.app).await.remove(0);
        assert_eq!((job.state, job.tries, job.attempt), (JobState::Waiting, 0, 1), "{}", app.name);
        app.leave_jobs();
    }
}

#[tokio::test]
async fn a_job_that_takes_longer_than_its_lease_is_held() {
    for base in TestApp::both_empty().await {
        let app = base.with(|config| config.limits.job_lease_seconds = 1);
        let noted = Noted::default();
        enqueue(&app.app, "hangs", None, 0).await;
        let order = watch::Sender::new(Order::Work);
        let running = tokio::spawn(runner::run(app.app.clone(), noted.clone(), order.subscribe()));
        timeout(SOON, noted.hangs.notified()).await.expect("it begins soon");
        let first = all(&app.app).await.remove(0).due;
        let began = Instant::now();
        while all(&app.app).await[0].due < first + 1_200 {
            assert!(began.elapsed() < SOON, "{}: its lease is not renewed", app.name);
            assert_eq!(store::claim(app.app.db(), LEASE).await.expect("the database answers"), None, "{}", app.name);
            sleep(Duration::from_millis(20)).await;
        }
        order.send_replace(Order::LetGo);
        base.leave_jobs();
        timeout(SOON, running).await.expect("it ends soon").expect("it does not panic");
    }
}

#[tokio::test]
async fn an_idle_queue_is_only_read() {
    for app in TestApp::both_empty().await {
        enqueue(&app.app, "well", None, 60).await;
        app.statements();
        assert_eq!(app.work().await, 0);
        let written: Vec<_> = app.statements().into_iter().filter(|s| !s.sql.starts_with("SELECT")).collect();
        assert!(written.is_empty(), "{}: {written:?}", app.name);
    }
}

#[tokio::test]
async fn what_is_done_each_hour_is_planned_once() {
    for app in TestApp::both_empty().await {
        for _ in 0..3 {
            retention::plan(&app.app).await.expect("the database answers");
        }
        let planned = job::Entity::find().count(app.app.db().read()).await.expect("jobs are counted");
        assert_eq!((planned, app.work().await), (1, 0), "{}", app.name);
        app.app.db().bell().move_time(retention::EVERY);
        assert_eq!(app.work().await, 1, "{}", app.name);
    }
}

#[tokio::test]
async fn an_operator_lists_jobs_and_lets_dead_ones_be_tried_anew() {
    for app in TestApp::both_empty().await {
        let url = app.app.config().database.expose().to_owned();
        let alliance = |arguments: &[&str]| {
            let done = run(&[&["jobs"], arguments].concat(), &[("DATABASE_URL", &url)]);
            text(&done.stdout) + &text(&done.stderr)
        };
        assert_eq!(alliance(&["list"]), "no job waits, and none is being done\n");
        assert_eq!(alliance(&["list", "--dead"]), "no job was given up\n");
        assert_eq!(alliance(&["retry", "--dead"]), "no job was given up\n");
        for (kind, after) in [("never", 0), ("never", 0), ("later.on", 3_600)] {
            enqueue(&app.app, kind, None, after).await;
        }
        runner::empty(&app.app, &Noted::default()).await.expect("the database answers");
        let dead = alliance(&["list", "--dead"]);
        assert!(dead.starts_with("JOB  KIND   STATE  TRIES  WHEN"), "{dead}");
        assert!(dead.lines().skip(1).all(|line| line.contains("never  dead   1") && line.ends_with("there is no such account")));
        let waiting = alliance(&["list"]);
        assert!(waiting.lines().count() == 2 && waiting.contains("later.on  waits  0"), "{waiting}");
        assert_eq!(alliance(&["list", "--all"]).lines().count(), 4);
        assert_eq!(alliance(&["retry", "1"]), "job 1 is tried anew\n");
        assert!(alliance(&["retry", "1"]).contains("there is no dead job 1; `alliance jobs list --dead` shows"));
        assert_eq!(alliance(&["retry", "--dead"]), "tried anew: 1\n");
        assert_eq!(states(&app.app).await, [JobState::Waiting; 3], "{}", app.name);
        app.leave_jobs();
    }
}
