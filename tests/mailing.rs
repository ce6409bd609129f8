//! A post that goes to many subscribers through a real exchange, and a node that is killed in the midst of it.

use std::collections::HashSet;
use std::fmt;
use std::time::{Duration, Instant};

use alliance::demo;
use alliance::subscriptions::mailing::send::{AT_ONCE, LEASE};
use alliance::subscriptions::store::mails;
use alliance_entity::email_subscription::{self, ConsentSource, EmailFrequency, EmailSubscriptionState};
use alliance_entity::email_subscription_topic;
use alliance_entity::id::EmailSubscriptionId;
use sea_orm::{ConnectionTrait, EntityTrait, IntoActiveModel, Statement};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use uuid::Uuid;

use crate::app::TestApp;
use crate::running::{Connection, Running};
use crate::smtp::Sink;

const STEP: Duration = Duration::from_millis(20);
/// How long it may take that one more mail comes.
const SOON: Duration = Duration::from_secs(120);
/// How long nothing changes where all that can be done is done.
const QUIET: Duration = Duration::from_secs(2);
const BATCH: usize = 1_000;

/// What became of a post's mails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many were to be told.
    pub audience: i64,
    /// How many mails are known to be taken.
    pub sent: i64,
    /// Of how many nobody knows it.
    pub uncertain: i64,
    /// How many came to anything else.
    pub others: i64,
    /// How many the mail server has taken.
    pub received: usize,
    /// How many addresses it has had more than one mail for.
    pub twice: usize,
    /// How many it has taken when the node was killed.
    pub at_kill: usize,
    /// The memory of the node that ended the work, in kilobytes: before, and after.
    pub memory: (u64, u64),
    /// How long it took, but for the time that a killed node's mails are left alone.
    pub took: Duration,
}

impl Outcome {
    /// Whether each was told once, but for those that were in flight when a node was killed.
    #[must_use]
    pub fn is_well(&self) -> bool {
        let received = i64::try_from(self.received).unwrap_or_default();
        let adds_up = self.sent + self.uncertain == self.audience && self.others == 0;
        let is_known = self.sent <= received && received <= self.sent + self.uncertain;
        adds_up && is_known && self.twice == 0 && self.uncertain <= i64::try_from(AT_ONCE).unwrap_or_default()
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { audience, sent, uncertain, others, received, twice, at_kill, memory: (before, after), took } = self;
        let seconds = took.as_secs_f64();
        write!(
            f,
            "audience {audience}: sent {sent}, uncertain {uncertain}, others {others}; the mail server took {received} ({at_kill} before the \
             kill), {twice} twice; {seconds:.0} s; memory {before} kB before, {after} kB after"
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

/// A node that sends through this mail server, as fast as it can.
fn node(place: Place<'_>, sink: &Sink) -> Running {
    let (smtp, often) = (sink.url(), "1000000");
    let ours = [
        ("ALLIANCE_DEMO", "true"),
        ("DATABASE_URL", place.url),
        ("ALLIANCE_SMTP_URL", smtp.as_str()),
        ("ALLIANCE_MAILS_PER_SECOND", "1000"),
        ("ALLIANCE_RATE_SIGN_IN_ADDRESS", often),
    ];
    Running::start(place.alliance, &[ours.as_slice(), place.settings].concat())
}

/// Publishes a post to so many subscribers, kills the node once a third of them have it, and lets another end the work: one that has been
/// there all the while, or one that is started then. `look` looks at a node twice: before there is anything to send, and meanwhile.
pub async fn survive(place: Place<'_>, subscribers: usize, two_nodes: bool, mut look: impl FnMut(&str)) -> Outcome {
    let sink = Sink::start().await;
    sink.forget_texts();
    let first = node(place, &sink);
    let passwords = first.demo_passwords();
    let other = two_nodes.then(|| node(place, &sink));
    let app = TestApp::at(place.url).await;
    app.leave_jobs();
    plant(&app, subscribers).await;
    look(&other.as_ref().unwrap_or(&first).address);
    let before = other.as_ref().unwrap_or(&first).memory();
    let (address, began) = (first.address.clone(), Instant::now());
    spawn_blocking(move || publish(&address, passwords)).await.expect("it is published");
    look(&other.as_ref().unwrap_or(&first).address);
    until(&sink, |taken| taken >= subscribers / 3).await;
    let at_kill = sink.taken();
    drop(first);
    let last = match other {
        Some(other) => other,
        None => node(place, &sink),
    };
    while !is_done(&app).await {
        sleep(QUIET).await;
    }
    let (took, after) = (began.elapsed(), last.memory());
    drop(last);
    app.app.db().bell().move_time(LEASE);
    mails::set_overdue_uncertain(app.app.db()).await.expect("the database answers");
    let outcome = Outcome { at_kill, memory: (before, after), took, ..counted(&app).await };
    let mut known = HashSet::new();
    let recipients = sink.recipients();
    let twice = recipients.iter().filter(|address| !known.insert((*address).clone())).count();
    Outcome { received: recipients.len(), twice, ..outcome }
}

/// Confirmed subscribers of all that the demo's alliance publishes.
async fn plant(app: &TestApp, subscribers: usize) {
    let (alliance_id, then) = (demo::alliance_id(), "2026-01-01T00:00:00Z".parse().expect("this is a time"));
    let numbers: Vec<usize> = (0..subscribers).collect();
    for numbers in numbers.chunks(BATCH) {
        let rows: Vec<email_subscription::Model> = numbers
            .iter()
            .map(|number| email_subscription::Model {
                id: EmailSubscriptionId(Uuid::now_v7()),
                alliance_id,
                email: format!("s{number}@example.org"),
                email_key: format!("s{number}@example.org"),
                name: None,
                state: EmailSubscriptionState::Confirmed,
                frequency: EmailFrequency::Immediate,
                wording: "yes".to_owned(),
                wording_version: 1,
                source: ConsentSource::Program,
                network: None,
                requested_at: then,
                confirmed_at: then,
                ended_at: None,
                updated_at: then,
            })
            .collect();
        let topics = rows.iter().map(|row| email_subscription_topic::Model {
            subscription_id: row.id,
            topic_id: alliance_id.0,
            campaign_id: None,
            institution_id: None,
        });
        let topics: Vec<_> = topics.map(IntoActiveModel::into_active_model).collect();
        let rows = email_subscription::Entity::insert_many(rows.into_iter().map(IntoActiveModel::into_active_model));
        rows.exec_without_returning(app.app.db().write()).await.expect("they are written");
        let topics = email_subscription_topic::Entity::insert_many(topics);
        topics.exec_without_returning(app.app.db().write()).await.expect("they are written");
    }
}

/// Writes and publishes a post as the demo's editor.
fn publish(address: &str, passwords: Vec<(String, String)>) {
    let (email, password) = passwords.into_iter().find(|(email, _)| email.starts_with("editor")).expect("the demo has an editor");
    let mut connection = Connection::open(address);
    let signed = connection.change("", "signIn", &json!({ "email": email, "password": password }), "accessToken");
    let token = signed["accessToken"].as_str().expect("a token").to_owned();
    let input =
        json!({ "alliance": demo::alliance_id().to_string(), "title": "News", "body": "There are news.\n\nMany of them." });
    let post: Value = connection.change(&token, "postCreate", &input, "post { id version }")["post"].take();
    connection.change(&token, "postPublish", &json!({ "id": post["id"], "version": post["version"] }), "post { id }");
}

async fn until(sink: &Sink, enough: impl Fn(usize) -> bool) {
    let (mut taken, mut since) = (0, Instant::now());
    loop {
        let now = sink.taken();
        if enough(now) {
            return;
        }
        if now > taken {
            (taken, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < SOON, "no more mails come after {taken}");
        sleep(STEP).await;
    }
}

async fn number(app: &TestApp, sql: &str) -> i64 {
    let statement = Statement::from_string(app.app.db().backend(), sql.to_owned());
    let row = app.app.db().read().query_one_raw(statement).await.expect("the database answers").expect("a count is a row");
    row.try_get_by_index(0).expect("a count is a number")
}

async fn in_state(app: &TestApp, states: &str) -> i64 {
    number(app, &format!("SELECT COUNT(*) FROM subscription_mails WHERE state IN ({states})")).await
}

/// Whether all have been written down, none waits, and none is being sent but by who was killed.
async fn is_done(app: &TestApp) -> bool {
    let gathered = number(app, "SELECT COUNT(*) FROM post_mailings WHERE gathered_at IS NOT NULL").await;
    if gathered == 0 || in_state(app, "'WAITING'").await > 0 {
        return false;
    }
    let (sending, sent) = (in_state(app, "'SENDING'").await, in_state(app, "'SENT'").await);
    sleep(QUIET).await;
    (in_state(app, "'SENDING'").await, in_state(app, "'SENT'").await) == (sending, sent)
}

async fn counted(app: &TestApp) -> Outcome {
    let audience = number(app, "SELECT COUNT(*) FROM subscription_mail_posts").await;
    let (sent, uncertain) = (in_state(app, "'SENT'").await, in_state(app, "'UNCERTAIN'").await);
    Outcome {
        audience,
        sent,
        uncertain,
        others: in_state(app, "'WAITING', 'SENDING', 'FAILED', 'SUPPRESSED'").await,
        ..Outcome::default()
    }
}
