//! Much that happens at once, sent to some sites by real nodes, one of which may be killed in the midst of it.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::time::{Duration, Instant};

use alliance::demo;
use alliance::outbox::{self, Event};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::TestApp;
use crate::receiver::{Manner, Receiver};
use crate::running::{Connection, Running};

const STEP: Duration = Duration::from_millis(20);
/// How long it may take until one more message comes.
const SOON: Duration = Duration::from_secs(60);

/// What became of the messages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many there were to be.
    pub wanted: usize,
    /// How many are known to have arrived.
    pub delivered: usize,
    /// How many have come, those that came twice among them.
    pub received: usize,
    /// How many different ones.
    pub different: usize,
    /// How many had come when a node was killed.
    pub at_kill: usize,
    /// The memory of the node that ended the work, in kilobytes: before, and after.
    pub memory: (u64, u64),
    /// How long it took.
    pub took: Duration,
}

impl Outcome {
    /// Whether each has arrived, under an id of its own.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.delivered == self.wanted && self.different == self.wanted && self.received >= self.wanted
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wanted, delivered, received, different, at_kill, memory: (before, after), took } = self;
        let (seconds, each) = (took.as_secs_f64(), f64::from(u32::try_from(*wanted).unwrap_or(u32::MAX)) / took.as_secs_f64());
        write!(
            f,
            "{wanted} messages: {delivered} delivered, {received} came, {different} different, {at_kill} before a kill; {seconds:.1} s, \
             {each:.0} a second; memory {before} kB before, {after} kB after"
        )
    }
}

/// Where it happens: the binary, the settings that reach the database, and its address.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The binary.
    pub alliance: &'a str,
    /// The settings of each node.
    pub settings: &'a [(&'a str, &'a str)],
    /// The database's address.
    pub url: &'a str,
}

fn node(place: Place<'_>) -> Running {
    let ours = [
        ("ALLIANCE_DEMO", "true"),
        ("DATABASE_URL", place.url),
        ("ALLIANCE_OUTGOING_ALLOWED", "127.0.0.1"),
        ("ALLIANCE_RATE_SIGN_IN_ADDRESS", "1000000"),
    ];
    Running::start(place.alliance, &[ours.as_slice(), place.settings].concat())
}

/// Sends so many messages to so many sites, without anybody's being killed.
pub async fn deliver(place: Place<'_>, messages: usize, sites: usize) -> Outcome {
    let first = node(place);
    let (app, receivers) = begin(place, &first, sites).await;
    let (before, began) = (first.memory(), Instant::now());
    happen(&app, messages / sites).await;
    until(&receivers, messages).await;
    while in_state(&app, "'DELIVERED'").await < messages {
        sleep(STEP).await;
    }
    let (took, memory) = (began.elapsed(), (before, first.memory()));
    Outcome { memory, took, ..counted(&app, &receivers, messages).await }
}

/// Sends so many messages to so many sites by two nodes, and kills one of them once a third has come.
pub async fn survive(place: Place<'_>, messages: usize, sites: usize) -> Outcome {
    let first = node(place);
    let (app, receivers) = begin(place, &first, sites).await;
    let other = node(place);
    let (before, began) = (other.memory(), Instant::now());
    happen(&app, messages / sites).await;
    until(&receivers, messages / 3).await;
    drop(first);
    let at_kill = came(&receivers);
    end_leases(&app).await;
    all_delivered(&app, &receivers, messages).await;
    let (took, memory) = (began.elapsed(), (before, other.memory()));
    Outcome { at_kill, memory, took, ..counted(&app, &receivers, messages).await }
}

/// Where a node is killed that sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// While it writes down who is to be told.
    Hearing,
    /// When it has taken a message, and has sent nothing.
    Claimed,
    /// When the site has the message, and has not answered.
    Sent,
    /// When the site has answered, and that is not written down.
    Answered,
}

impl Step {
    /// What is locked so that no node comes further than this; nothing where it is the site that lets it wait.
    fn lock(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Hearing => Some(("webhook_deliveries", "SHARE")),
            Self::Claimed => Some(("posts", "ACCESS EXCLUSIVE")),
            Self::Sent => None,
            Self::Answered => Some(("webhook_attempts", "SHARE")),
        }
    }

    /// Whether the site had the message before the node was killed, so that it comes to it twice.
    #[must_use]
    pub fn is_sent(self) -> bool {
        matches!(self, Self::Sent | Self::Answered)
    }
}

/// Sends a message, kills the node at this step, and lets another one send it. On PostgreSQL alone, whose locks hold the step.
pub async fn survive_at(place: Place<'_>, step: Step) -> Outcome {
    let first = node(place);
    let (app, receivers) = begin(place, &first, 1).await;
    if step == Step::Sent {
        receivers[0].becomes(Manner::Hangs);
    }
    let (db, subject) = (app.app.db(), public_post(&app).await);
    let held = db.begin().await.expect("a transaction begins");
    if let Some((table, mode)) = step.lock() {
        held.execute_unprepared(&format!("LOCK TABLE {table} IN {mode} MODE")).await.expect("it can be locked");
    }
    edited(&app, subject, 1).await;
    let since = Instant::now();
    while !match step.lock() {
        Some((table, _)) => is_waited_for(&app, table).await,
        None => came(&receivers) > 0,
    } {
        assert!(since.elapsed() < SOON, "the node does not come to {step:?}");
        sleep(STEP).await;
    }
    let (is_sending, at_kill) = (in_state(&app, "'SENDING'").await, came(&receivers));
    assert_eq!(is_sending, usize::from(step != Step::Hearing), "it stands at {step:?}");
    drop(first);
    held.commit().await.expect("the lock ends");
    end_leases(&app).await;
    receivers[0].becomes(Manner::Answers(200, ""));
    let _other = node(place);
    all_delivered(&app, &receivers, 1).await;
    Outcome { at_kill, ..counted(&app, &receivers, 1).await }
}

async fn is_waited_for(app: &TestApp, table: &str) -> bool {
    let sql = format!(
        "SELECT COUNT(*) FROM pg_locks WHERE NOT granted AND locktype = 'relation' AND relation = '{table}'::regclass \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    );
    count(app, &sql).await > 0
}

/// Ends the time for which the killed node holds what it had.
async fn end_leases(app: &TestApp) {
    let over = "UPDATE webhook_deliveries SET lease = 0 WHERE state = 'SENDING'";
    app.app.db().write().execute_unprepared(over).await.expect("the database answers");
}

async fn all_delivered(app: &TestApp, receivers: &[Receiver], messages: usize) {
    let since = Instant::now();
    while in_state(app, "'DELIVERED'").await < messages {
        assert!(since.elapsed() < SOON, "something is not delivered: {}", counted(app, receivers, messages).await);
        sleep(STEP).await;
    }
}

/// Sites of the demo's alliance, each with a webhook.
async fn begin(place: Place<'_>, node: &Running, sites: usize) -> (TestApp, Vec<Receiver>) {
    let mut receivers = Vec::new();
    for _ in 0..sites {
        receivers.push(Receiver::start().await);
    }
    let (address, passwords) = (node.address.clone(), node.demo_passwords());
    let urls: Vec<String> = receivers.iter().map(|site| site.url.clone()).collect();
    spawn_blocking(move || make(&address, passwords, &urls)).await.expect("they are made");
    let app = TestApp::at(place.url).await;
    app.leave_jobs();
    (app, receivers)
}

fn make(address: &str, passwords: Vec<(String, String)>, urls: &[String]) {
    let (email, password) = passwords.into_iter().find(|(email, _)| email.starts_with("admin")).expect("the demo has an admin");
    let mut connection = Connection::open(address);
    let signed = connection.change("", "signIn", &json!({ "email": email, "password": password }), "accessToken");
    let token = signed["accessToken"].as_str().expect("a token").to_owned();
    for url in urls {
        let input = json!({ "alliance": demo::alliance_id().to_string(), "url": url, "events": ["POST_EDITED"] });
        let made: Value = connection.change(&token, "webhookCreate", &input, "webhook { id }");
        assert!(made["webhook"]["id"].is_string(), "{made}");
    }
}

/// Lets a public post of the demo be edited so often.
async fn happen(app: &TestApp, times: usize) {
    edited(app, public_post(app).await, times).await;
}

async fn public_post(app: &TestApp) -> Uuid {
    let db = app.app.db();
    let sql = Statement::from_string(db.backend(), "SELECT id FROM posts WHERE status = 'PUBLISHED' ORDER BY id LIMIT 1");
    let row = db.read().query_one_raw(sql).await.expect("the database answers").expect("the demo has posts");
    row.try_get_by_index(0).expect("an id")
}

async fn edited(app: &TestApp, subject_id: Uuid, times: usize) {
    let db = app.app.db();
    let alliance = Some(demo::alliance_id());
    let places = BTreeSet::from([demo::alliance_id().0]);
    let data = json!({ "before": places, "after": places });
    let txn = db.begin().await.expect("a change begins");
    for _ in 0..times {
        let event = Event { kind: "PostEdited", subject_type: "POST", subject_id, alliance, data: data.clone() };
        outbox::record(&txn, app.app.clock().now(), &event).await.expect("it is recorded");
    }
    txn.commit().await.expect("the change is kept");
}

fn came(receivers: &[Receiver]) -> usize {
    receivers.iter().map(Receiver::count).sum()
}

async fn until(receivers: &[Receiver], enough: usize) {
    let (mut last, mut since) = (0, Instant::now());
    while came(receivers) < enough {
        let now = came(receivers);
        if now > last {
            (last, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < SOON, "no more messages come after {last}");
        sleep(STEP).await;
    }
}

async fn in_state(app: &TestApp, states: &str) -> usize {
    count(app, &format!("SELECT COUNT(*) FROM webhook_deliveries WHERE state IN ({states})")).await
}

async fn count(app: &TestApp, sql: &str) -> usize {
    let statement = Statement::from_string(app.app.db().backend(), sql);
    let row = app.app.db().read().query_one_raw(statement).await.expect("the database answers").expect("a count is a row");
    usize::try_from(row.try_get_by_index::<i64>(0).expect("a number")).expect("it is none too large")
}

async fn counted(app: &TestApp, receivers: &[Receiver], wanted: usize) -> Outcome {
    let (mut received, mut different) = (0, HashSet::new());
    for site in receivers {
        let all = site.take();
        received += all.len();
        different.extend(all.iter().map(|one| one.id().to_owned()));
    }
    let delivered = in_state(app, "'DELIVERED'").await;
    Outcome { wanted, delivered, received, different: different.len(), ..Outcome::default() }
}
