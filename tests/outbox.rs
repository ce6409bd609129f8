//! Events: each node is told of each once, in order, whatever becomes of other nodes and of the database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alliance::app::App;
use alliance::outbox::sequencer::{self, Lag, Turn};
use alliance::outbox::tail::{self, Sequenced};
use alliance::outbox::{self, Event};
use alliance::worker::{self, Domains};
use alliance_tests::app::TestApp;
use alliance_tests::tail::{Plan, measure};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

const SOON: Duration = Duration::from_secs(10);

async fn record(app: &App, kind: &'static str) -> alliance::error::Result<Uuid> {
    let id = Uuid::now_v7();
    let txn = app.db().begin().await?;
    let event = Event { kind, subject_type: "TEST", subject_id: id, alliance: None, data: json!({ "kind": kind }) };
    outbox::record(&txn, app.clock().now(), &event).await?;
    txn.commit().await?;
    Ok(id)
}

async fn next(events: &mut Receiver<Arc<Sequenced>>) -> Arc<Sequenced> {
    timeout(SOON, events.recv()).await.expect("it comes soon").expect("the listener keeps up")
}

#[tokio::test]
async fn who_listens_is_told_what_happened_in_order_and_nothing_from_before() {
    for app in TestApp::both_empty().await {
        record(&app.app, "EARLY").await.expect("it is recorded");
        app.work().await;
        let mut events = app.app.live().subscribe();
        let ids = [record(&app.app, "FIRST").await, record(&app.app, "SECOND").await].map(|id| id.expect("it is recorded"));
        let lag = app.app.live().lag(app.app.db(), app.app.clock().now()).await.expect("the lag is known");
        assert_eq!(lag, Lag { events: 2, seconds: 0 }, "{}", app.name);
        app.work().await;
        let told = [next(&mut events).await, next(&mut events).await];
        assert_eq!(told.each_ref().map(|event| event.subject_id), ids, "{}", app.name);
        assert_eq!((told[0].kind.as_str(), &told[0].data), ("FIRST", &json!({ "kind": "FIRST" })));
        assert_eq!(told[1].position, told[0].position + 1);
        assert!(events.is_empty(), "{}", app.name);
        let lag = app.app.live().lag(app.app.db(), app.app.clock().now()).await.expect("the lag is known");
        assert_eq!(lag, Lag::default(), "{}", app.name);
    }
}

#[tokio::test]
async fn a_node_that_was_away_for_too_long_is_told_that_it_has_missed_something() {
    for app in TestApp::both_empty().await {
        let mut events = app.app.live().subscribe();
        for _ in 0..3 {
            record(&app.app, "TEST").await.expect("it is recorded");
        }
        while sequencer::sequence(app.app.db()).await.expect("the database answers") != Turn::Idle {}
        let deleted = "DELETE FROM outbox WHERE id < (SELECT MAX(id) FROM outbox)";
        app.app.db().write().execute_unprepared(deleted).await.expect("old events are deleted");
        app.work().await;
        let kinds = [next(&mut events).await.kind.clone(), next(&mut events).await.kind.clone()];
        assert_eq!(kinds, [tail::MISSED, "TEST"], "{}", app.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_events_of_many_writers_none_is_lost_doubled_or_out_of_order() {
    let [on_sqlite, on_postgres] = TestApp::both_empty().await;
    let (first, second) = (on_postgres.app.clone(), on_postgres.node().await);
    let pause = Duration::from_millis(4);
    let told = measure(&[first, second], Plan { writers: 12, events: 2_000, objects: 40, pause }).await;
    let plan = Plan { writers: 12, events: 300, objects: 40, pause: Duration::from_micros(500) };
    let all = told.into_iter().chain(measure(&[on_sqlite.app.clone()], plan).await);
    for told in all {
        assert_eq!((told.lost, told.doubled, told.out_of_order), (0, 0, 0), "{told}");
        assert!(told.given_up > 0 && told.slowest < 2_000, "{told}");
    }
}

/// A node that is frozen while it gives positions: it has the lock, and does nothing more.
#[tokio::test]
async fn a_frozen_sequencer_is_replaced() {
    let [_, app] = TestApp::both_empty().await;
    let other = app.node().await;
    record(&app.app, "TEST").await.expect("it is recorded");
    // It waits for this row, so that it can be stopped just then.
    let holding = other.db().begin().await.expect("a change begins");
    holding.execute_unprepared("UPDATE outbox_positions SET last = last").await.expect("the row is held");
    let mut frozen = Box::pin(sequencer::sequence(app.app.db()));
    let waits = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')";
    let waiting = async {
        loop {
            let row = other.db().read().query_one_raw(Statement::from_string(other.db().backend(), waits)).await;
            if row.expect("the database answers").expect("a row").try_get_by_index(0).expect("a truth") {
                break;
            }
        }
    };
    tokio::select! { turn = &mut frozen => panic!("it was not stopped: {turn:?}"), () = waiting => {} }
    drop(holding);
    let began = Instant::now();
    let mut turns = Vec::new();
    while turns.last() != Some(&Turn::Given(1)) {
        assert!(began.elapsed() < Duration::from_secs(15), "it was not replaced: {turns:?}");
        turns.push(sequencer::sequence(other.db()).await.expect("the database answers"));
        sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(turns[0], Turn::Elsewhere);
    assert!(frozen.await.is_err(), "it comes back too late");
}

/// Both by notification, which is at once, and in spite of lost connections.
#[tokio::test(flavor = "multi_thread")]
async fn another_node_hears_at_once_and_again_after_every_connection_was_ended() {
    let [_, app] = TestApp::both_empty().await;
    let other = app.node().await;
    let mut workers = Vec::new();
    for node in [&app.app, &other] {
        workers.push(worker::start(node, Domains).await.expect("the database answers"));
    }
    let mut events = other.live().subscribe();
    let listens = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'";
    let mut known = Vec::new();
    for round in 0..2 {
        let began = Instant::now();
        loop {
            assert!(began.elapsed() < SOON, "the nodes do not listen in round {round}");
            let row = app.app.db().read().query_one_raw(Statement::from_string(app.app.db().backend(), listens)).await;
            if row.is_ok_and(|row| row.is_some_and(|row| row.try_get_by_index::<i64>(0) == Ok(2))) {
                break;
            }
            sleep(Duration::from_millis(20)).await;
        }
        let mut fastest = SOON;
        for _ in 0..5 {
            let id = loop {
                if let Ok(id) = record(&app.app, "TEST").await {
                    break id;
                }
                assert!(began.elapsed() < SOON, "nothing can be written in round {round}");
            };
            let recorded = Instant::now();
            while next(&mut events).await.subject_id != id {}
            fastest = fastest.min(recorded.elapsed());
        }
        known.push(fastest);
        assert!(fastest < Duration::from_millis(300), "{fastest:?} in round {round}: nobody was told");
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
                   AND backend_type = 'client backend' AND pid <> pg_backend_pid()";
        let ending = sea_orm::Database::connect(app.app.config().database.expose()).await.expect("it can be reached");
        ending.execute_unprepared(end).await.expect("all others are ended");
    }
    assert_eq!(known.len(), 2);
    for worker in workers {
        worker.stop(tokio::time::Instant::now() + SOON).await;
    }
}
