//! Writes events as many at once do, with pauses and with changes that are given up, and compares what each node was told with what
//! was committed.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alliance::app::App;
use alliance::outbox::tail::Sequenced;
use alliance::outbox::{self, Event};
use alliance::worker::{self, Domains};
use rand::Rng;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

/// How long the last event may be on its way.
const PATIENCE: Duration = Duration::from_secs(30);

/// What is written.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many write at once.
    pub writers: usize,
    /// How many events they commit in all.
    pub events: usize,
    /// How many objects they change.
    pub objects: usize,
    /// How long they may pause, twice in each change.
    pub pause: Duration,
}

/// What one node was told, compared with what was committed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Events that were committed.
    pub committed: usize,
    /// Changes that were given up.
    pub given_up: usize,
    /// Events that did not come.
    pub lost: usize,
    /// Events that came twice.
    pub doubled: usize,
    /// Events that came after a later one of the same object.
    pub out_of_order: usize,
    /// The longest time from a commit to the event, in milliseconds.
    pub slowest: u128,
    /// How long the writers took, in milliseconds.
    pub took: u128,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = self.committed as u128 * 1000 / self.took.max(1);
        write!(f, "{} events and {} changes that were given up ", self.committed, self.given_up)?;
        write!(f, "in {:.1} s ({rate} a second): ", Duration::from_millis(u64::try_from(self.took).unwrap_or(0)).as_secs_f64())?;
        write!(f, "{} lost, {} doubled, {} out of order; ", self.lost, self.doubled, self.out_of_order)?;
        write!(f, "the slowest {} ms after its commit", self.slowest)
    }
}

/// Lets the nodes work, writes by the first of them, and returns what each was told.
pub async fn measure(nodes: &[App], plan: Plan) -> Vec<Told> {
    let mut workers = Vec::new();
    for node in nodes {
        workers.push(worker::start(node, Domains).await.expect("the database answers"));
    }
    let began = Instant::now();
    let listening: Vec<_> = nodes.iter().map(|node| tokio::spawn(listen(node.live().subscribe(), plan.events))).collect();
    let objects = objects(&nodes[0], plan.objects).await;
    let writers: Vec<_> = (0..plan.writers)
        .map(|writer| {
            let share = plan.events / plan.writers + usize::from(writer < plan.events % plan.writers);
            tokio::spawn(write(nodes[writer % nodes.len()].clone(), Arc::clone(&objects), plan, share))
        })
        .collect();
    let (mut committed, mut given_up) = (HashMap::new(), 0);
    for writer in writers {
        let (written, dropped) = writer.await.expect("a writer does not panic");
        committed.extend(written);
        given_up += dropped;
    }
    let took = began.elapsed().as_millis();
    let mut told = Vec::new();
    for heard in listening {
        let heard = heard.await.expect("a listener does not panic");
        told.push(Told { given_up, took, ..compare(&committed, &heard) });
    }
    for worker in workers {
        worker.stop(tokio::time::Instant::now() + Duration::from_secs(1)).await;
    }
    told
}

type Change = (Uuid, i64);

/// Objects whose rows are locked by whoever changes them.
async fn objects(app: &App, count: usize) -> Arc<Vec<Uuid>> {
    let objects: Vec<Uuid> = (0..count).map(|_| Uuid::now_v7()).collect();
    let db = app.db();
    db.write().execute_unprepared("CREATE TABLE objects (id TEXT PRIMARY KEY, version BIGINT NOT NULL)").await.expect("a table");
    for id in &objects {
        let sql = "INSERT INTO objects (id, version) VALUES ($1, 0)";
        let statement = Statement::from_sql_and_values(db.backend(), sql, [id.to_string().into()]);
        db.write().execute_raw(statement).await.expect("an object is written");
    }
    Arc::new(objects)
}

async fn write(app: App, objects: Arc<Vec<Uuid>>, plan: Plan, events: usize) -> (Vec<(Change, Instant)>, usize) {
    let (mut written, mut given_up) = (Vec::new(), 0);
    while written.len() < events {
        let (object, first, second, gives_up) = {
            let mut random = rand::rng();
            let mut pause = || Duration::from_micros(random.random_range(0..=u64::try_from(plan.pause.as_micros()).unwrap_or(0)));
            let pauses = (pause(), pause());
            (objects[random.random_range(0..objects.len())], pauses.0, pauses.1, random.random_bool(0.05))
        };
        let txn = app.db().begin().await.expect("a change begins");
        let sql = "UPDATE objects SET version = version + 1 WHERE id = $1 RETURNING version";
        let statement = Statement::from_sql_and_values(app.db().backend(), sql, [object.to_string().into()]);
        let row = txn.query_one_raw(statement).await.expect("the object is changed").expect("it is there");
        let version: i64 = row.try_get_by_index(0).expect("it has a version");
        sleep(first).await;
        let event = Event {
            kind: "OBJECT_CHANGED",
            subject_type: "OBJECT",
            subject_id: object,
            alliance: None,
            data: json!({ "version": version }),
        };
        outbox::record(&txn, app.clock().now(), &event).await.expect("the event is recorded");
        sleep(second).await;
        if gives_up {
            given_up += 1;
            drop(txn);
        } else {
            txn.commit().await.expect("the change is kept");
            written.push(((object, version), Instant::now()));
        }
    }
    (written, given_up)
}

/// Hears so many events, or as many as come.
async fn listen(mut events: Receiver<Arc<Sequenced>>, count: usize) -> Vec<(Change, Instant)> {
    let mut heard = Vec::new();
    while heard.len() < count {
        match timeout(PATIENCE, events.recv()).await {
            Ok(Ok(event)) => {
                let version = event.data["version"].as_i64().unwrap_or_default();
                heard.push(((event.subject_id, version), Instant::now()));
            }
            Ok(Err(RecvError::Lagged(lost))) => panic!("the listener was {lost} events behind"),
            Ok(Err(RecvError::Closed)) | Err(_) => break,
        }
    }
    heard
}

fn compare(committed: &HashMap<Change, Instant>, heard: &[(Change, Instant)]) -> Told {
    let (mut seen, mut latest) = (HashMap::new(), HashMap::new());
    let mut told = Told { committed: committed.len(), ..Told::default() };
    for ((object, version), at) in heard {
        if seen.insert((*object, *version), *at).is_some() {
            told.doubled += 1;
        }
        let last = latest.entry(*object).or_insert(0);
        told.out_of_order += usize::from(*version < *last);
        *last = (*last).max(*version);
    }
    for (change, at) in committed {
        match seen.get(change) {
            Some(came) => told.slowest = told.slowest.max(came.saturating_duration_since(*at).as_millis()),
            None => told.lost += 1,
        }
    }
    // What was not committed must not come.
    told.doubled += seen.keys().filter(|change| !committed.contains_key(*change)).count();
    told
}
