//! The other door: what is done without a request. It gives events their positions, tells this node what happens, and does jobs,
//! each by the handler of its domain. Each of these goes on for ever, whatever becomes of the database meanwhile.

mod positions;
mod telling;

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout_at};

use crate::access;
use crate::accounts::mailing;
use crate::app::App;
use crate::enquiries;
use crate::error::{Error, Result};
use crate::events::rsvps;
use crate::jobs::problem::Problem;
use crate::jobs::runner::{self, Handlers, Order};
use crate::outbox::sequencer::{self, Turn};
use crate::posts;
use crate::posts::actions::{schedule, terms};
use crate::reactions;
use crate::retention;
use crate::subscriptions;
use crate::subscriptions::mailing::{gather, send};
use crate::webhooks;
use crate::worker::telling::Telling;

/// The guarantee: who was not woken looks after this.
const POLL: Duration = Duration::from_secs(1);
/// How long until a node looks again that found another at giving positions: what it saw last may be older than our event.
const ELSEWHERE: Duration = Duration::from_millis(25);
/// How long jobs that are let go have to be written down.
const LETTING_GO: Duration = Duration::from_millis(1_500);

/// Knows which domain does which job.
#[derive(Debug, Clone, Copy, Default)]
pub struct Domains;

impl Handlers for Domains {
    async fn handle(&self, app: &App, kind: &str, payload: Value) -> Result<(), Problem> {
        match kind {
            mailing::LINK => mailing::work_link(app, payload).await?,
            mailing::NOTICE => mailing::work_notice(app, payload).await?,
            posts::mailing::NOTE => posts::mailing::work_note(app, payload).await?,
            terms::RELEASE => terms::work(app, payload).await?,
            reactions::mailing::CONFIRM => reactions::mailing::work_confirm(app, payload).await?,
            reactions::mailing::WAITING => reactions::mailing::work_waiting(app, payload).await?,
            enquiries::mailing::ACKNOWLEDGE => enquiries::mailing::work_acknowledge(app, payload).await?,
            enquiries::mailing::TELL => enquiries::mailing::work_tell(app, payload).await?,
            rsvps::mailing::KIND => rsvps::mailing::work(app, payload).await?,
            subscriptions::mailing::REQUEST => subscriptions::mailing::work_request(app, payload).await?,
            subscriptions::mailing::TEST => subscriptions::mailing::work_test(app, payload).await?,
            gather::GATHER => gather::work(app, payload).await?,
            webhooks::mailing::KIND => webhooks::mailing::work(app, payload).await?,
            webhooks::hear::REPLAY => webhooks::hear::work_replay(app, payload).await?,
            retention::KIND => retention::run(app).await.map(drop)?,
            // While versions change, another node may know it.
            unknown => return Err(Problem::Passing(Error::internal(format!("no handler here for `{unknown}`")))),
        }
        Ok(())
    }
}

/// What works beside the server.
#[derive(Debug)]
pub struct Worker {
    order: watch::Sender<Order>,
    jobs: JoinHandle<()>,
    updates: JoinHandle<()>,
    webhooks: JoinHandle<()>,
    /// Dropped, it ends them: they keep nothing that the database does not.
    _others: JoinSet<()>,
}

/// Begins to work.
///
/// # Errors
/// Where the database does not answer, or the system delivers no signals.
pub async fn start(app: &App, handlers: impl Handlers) -> Result<Worker> {
    app.live().begin(app.db()).await?;
    let (order, wake) = (watch::Sender::new(Order::Work), Arc::new(watch::Sender::new(0)));
    let mut others = JoinSet::new();
    let (of, woken) = (app.clone(), Arc::clone(&wake));
    keep(&mut others, "follow the events", move || positions::follow(of.clone(), woken.subscribe()));
    let of = app.clone();
    keep(&mut others, "forget rights that have changed", move || forget_changed_rights(of.clone()));
    if !app.db().is_sqlite() {
        let (of, woken) = (app.clone(), Arc::clone(&wake));
        keep(&mut others, "give positions to events", move || positions::give_positions(of.clone(), Arc::clone(&woken)));
        let of = app.clone();
        keep(&mut others, "hear of events", move || positions::hear_of_others(of.clone(), Arc::clone(&wake)));
    }
    let of = app.clone();
    keep(&mut others, "publish what is scheduled", move || publish_scheduled(of.clone()));
    let of = app.clone();
    keep(&mut others, "hear what was published", move || hear_what_was_published(of.clone()));
    let of = app.clone();
    keep(&mut others, "hear what webhooks are told of", move || hear_what_webhooks_are_told(of.clone()));
    let of = app.clone();
    keep(&mut others, "plan what is done each hour", move || plan(of.clone()));
    finish_when_asked(&mut others, order.clone())?;
    let jobs = tokio::spawn(do_jobs(app.clone(), handlers, order.clone()));
    let updates = tokio::spawn(send_on("send updates", app.clone(), order.clone(), send::run));
    let webhooks = tokio::spawn(send_on("send to webhooks", app.clone(), order.clone(), webhooks::send::run));
    Ok(Worker { order, jobs, updates, webhooks, _others: others })
}

impl Worker {
    /// Begins no more jobs; those that have not ended by the deadline are let go, for another node or the next start.
    pub async fn stop(mut self, deadline: Instant) {
        self.order.send_replace(Order::Finish);
        // What of the updates has not been handed over by then is uncertain; what webhooks have not taken is sent again.
        let (jobs, _, _) = tokio::join!(
            timeout_at(deadline, &mut self.jobs),
            timeout_at(deadline, &mut self.updates),
            timeout_at(deadline, &mut self.webhooks)
        );
        if jobs.is_err() {
            self.order.send_replace(Order::LetGo);
            drop(timeout_at(Instant::now() + LETTING_GO, &mut self.jobs).await);
        }
    }
}

/// Does now all that has to be done: gives positions, tells of the events, and empties the queue. Returns how many jobs were tried.
///
/// # Errors
/// Where the database does not answer.
pub async fn work(app: &App, handlers: &impl Handlers) -> Result<usize> {
    let mut tried = 0;
    loop {
        while sequencer::sequence(app.db()).await? != Turn::Idle {}
        let told = app.live().follow(app.db()).await?;
        let heard = gather::hear(app).await? | webhooks::hear::hear(app).await?;
        let done = runner::empty(app, handlers).await? + schedule::work(app).await?;
        tried += done;
        let sent = send::work(app).await? + webhooks::send::work(app).await?;
        if told == 0 && done == 0 && sent == 0 && !heard {
            return Ok(tried);
        }
    }
}

/// Lets something go on for ever.
fn keep<F, Going>(tasks: &mut JoinSet<()>, what: &'static str, begin: F)
where
    F: Fn() -> Going + Send + 'static,
    Going: Future<Output = ()> + Send + 'static,
{
    tasks.spawn(async move {
        loop {
            // Dropped, it ends the task.
            let mut going = JoinSet::new();
            going.spawn(begin());
            drop(going.join_next().await);
            tracing::error!("what has to {what} has ended; it begins again");
            sleep(POLL).await;
        }
    });
}

async fn do_jobs(app: App, handlers: impl Handlers, order: watch::Sender<Order>) {
    loop {
        // Dropped, it ends the jobs, too.
        let mut going = JoinSet::new();
        going.spawn(runner::run(app.clone(), handlers.clone(), order.subscribe()));
        match going.join_next().await {
            Some(Ok(())) => return,
            _ => tracing::error!("what has to do jobs has ended; it begins again"),
        }
        sleep(POLL).await;
    }
}

async fn send_on<Going>(what: &'static str, app: App, order: watch::Sender<Order>, run: fn(App, watch::Receiver<Order>) -> Going)
where
    Going: Future<Output = ()> + Send + 'static,
{
    while *order.borrow() == Order::Work {
        // Dropped, it ends the sending, too.
        let mut going = JoinSet::new();
        going.spawn(run(app.clone(), order.subscribe()));
        match going.join_next().await {
            Some(Ok(())) => return,
            _ => tracing::error!("what has to {what} has ended; it begins again"),
        }
        sleep(POLL).await;
    }
}

/// What this node tells its listeners wakes it; what another node has heard first is no loss.
async fn hear_what_was_published(app: App) {
    let (mut events, mut telling) = (app.live().subscribe(), Telling::default());
    loop {
        while telling.tell("hear what was published", gather::hear(&app).await) == Some(true) {}
        tokio::select! { _ = events.recv() => {}, () = sleep(POLL) => {} }
        while events.try_recv().is_ok() {}
    }
}

/// The same for webhooks.
async fn hear_what_webhooks_are_told(app: App) {
    let (mut events, mut telling) = (app.live().subscribe(), Telling::default());
    loop {
        while telling.tell("hear what webhooks are told of", webhooks::hear::hear(&app).await) == Some(true) {}
        tokio::select! { _ = events.recv() => {}, () = sleep(POLL) => {} }
        while events.try_recv().is_ok() {}
    }
}

/// Rights are read anew once an event says that some have changed.
async fn forget_changed_rights(app: App) {
    let mut events = app.live().subscribe();
    // What happened before is not heard any more.
    app.access().forget();
    loop {
        match events.recv().await {
            Ok(event) if access::is_changed_by(&event.kind) => app.access().forget(),
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => app.access().forget(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// A time comes without anybody's doing: each node looks every second.
async fn publish_scheduled(app: App) {
    let mut telling = Telling::default();
    loop {
        telling.tell("publish what is scheduled", schedule::work(&app).await);
        sleep(POLL).await;
    }
}

/// Plans what is done each hour.
///
/// # Errors
/// Where the database does not answer.
pub async fn plan_now(app: &App) -> Result<()> {
    retention::plan(app).await?;
    terms::plan(app).await
}

async fn plan(app: App) {
    let mut telling = Telling::default();
    loop {
        let planned = telling.tell("plan what is done each hour", plan_now(&app).await);
        sleep(if planned.is_some() { retention::EVERY } else { POLL }).await;
    }
}

/// What the process is asked, jobs are asked at once: they have the time that the server's connections have.
fn finish_when_asked(tasks: &mut JoinSet<()>, order: watch::Sender<Order>) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::internal)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Error::internal)?;
    tasks.spawn(async move {
        tokio::select! { _ = terminate.recv() => (), _ = interrupt.recv() => () }
        order.send_if_modified(|order| *order == Order::Work && std::mem::replace(order, Order::Finish) == Order::Work);
    });
    Ok(())
}
