//! Does jobs as they become due, a few at once. Each runs in a task of its own, so that a panic in one harms no other, and no
//! transaction is open while it runs.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::problem::Problem;
use crate::jobs::store::{self, Claimed};

/// The guarantee: who was not woken looks after this.
const POLL: Duration = Duration::from_secs(1);
/// How long an outcome that could not be written waits for the next try.
const AGAIN: Duration = Duration::from_millis(200);

/// Knows who does which job.
pub trait Handlers: Clone + Send + Sync + 'static {
    /// Does a job. It must be safe to repeat.
    fn handle(&self, app: &App, kind: &str, payload: Value) -> impl Future<Output = Result<(), Problem>> + Send;
}

/// What a worker is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Do what is due.
    Work,
    /// Begin nothing more, and end what has begun.
    Finish,
    /// Let go of what has begun.
    LetGo,
}

/// Does jobs until told to finish, and returns when what had begun has ended or was let go.
pub async fn run(app: App, handlers: impl Handlers, mut order: watch::Receiver<Order>) {
    let mut bell = app.db().bell().listen();
    let at_once = usize::try_from(app.config().limits.jobs_at_once).unwrap_or(1);
    let mut running = JoinSet::new();
    let mut failing = false;
    while *order.borrow() == Order::Work {
        bell.mark_unchanged();
        let mut claimed = Ok(None);
        while running.len() < at_once {
            claimed = store::claim(app.db(), lease(&app)).await;
            let Ok(Some(job)) = &claimed else { break };
            running.spawn(attend(app.clone(), handlers.clone(), job.clone(), order.clone()));
        }
        if let Err(error) = &claimed {
            if !failing {
                tracing::warn!(error = %error, "jobs cannot be taken; trying again");
            }
            sleep(POLL).await;
        }
        failing = claimed.is_err();
        tokio::select! {
            Some(_) = running.join_next() => {}
            _ = bell.changed(), if running.len() < at_once => {}
            () = sleep(POLL) => {}
            changed = order.changed() => if changed.is_err() { break },
        }
    }
    while running.join_next().await.is_some() {}
}

fn lease(app: &App) -> Duration {
    Duration::from_secs(app.config().limits.job_lease_seconds)
}

fn most(app: &App) -> i64 {
    i64::try_from(app.config().limits.job_attempts).unwrap_or(i64::MAX)
}

/// Does what is due now, one after the other. Returns how many were tried.
///
/// # Errors
/// Where the database does not answer.
pub async fn empty(app: &App, handlers: &impl Handlers) -> Result<usize> {
    let (_held, order) = watch::channel(Order::Work);
    let mut tried = 0;
    while let Some(job) = store::claim(app.db(), lease(app)).await? {
        attend(app.clone(), handlers.clone(), job, order.clone()).await;
        tried += 1;
    }
    Ok(tried)
}

/// Does a job and writes down what came of it.
async fn attend(app: App, handlers: impl Handlers, job: Claimed, order: watch::Receiver<Order>) {
    let mut until = Instant::now() + lease(&app);
    let outcome = if i64::from(job.tries) > most(&app) {
        // Whoever tried the last time did not live to tell.
        Some(Err(Problem::Permanent("its worker ended, each time that it was tried".to_owned())))
    } else {
        tend(&app, handlers, &job, order, &mut until).await
    };
    if let Some(outcome) = outcome {
        settle(&app, &job, outcome, until).await;
    }
}

/// Does a job, and holds it for as long as that takes. Nothing where it was lost or let go.
async fn tend(
    app: &App,
    handlers: impl Handlers,
    job: &Claimed,
    mut order: watch::Receiver<Order>,
    until: &mut Instant,
) -> Option<Result<(), Problem>> {
    let (id, kind) = (job.id, &job.kind);
    // Dropped, it ends the handler.
    let mut task = JoinSet::new();
    let (inner, named, payload) = (app.clone(), job.kind.clone(), job.payload.clone());
    task.spawn(async move { handlers.handle(&inner, &named, payload).await });
    loop {
        tokio::select! {
            Some(ended) = task.join_next() => {
                return Some(ended.unwrap_or_else(|_| Err(Problem::Passing(Error::internal("it panicked")))));
            }
            () = sleep(lease(app) / 3) => match store::set_lease(app.db(), job, lease(app)).await {
                Ok(true) => *until = Instant::now() + lease(app),
                Err(_) if Instant::now() < *until => {}
                Ok(false) | Err(_) => {
                    tracing::warn!(job = id, kind, "a job was lost to another worker");
                    return None;
                }
            },
            () = let_go(&mut order) => {
                task.shutdown().await;
                tracing::info!(job = id, kind, "a job was let go; it is done again later");
                drop(timeout(POLL, store::set_free(app.db(), job)).await);
                return None;
            }
        }
    }
}

async fn let_go(order: &mut watch::Receiver<Order>) {
    drop(order.wait_for(|order| *order == Order::LetGo).await);
}

/// Writes the outcome down, again and again while nobody else can have taken the job.
async fn settle(app: &App, job: &Claimed, outcome: Result<(), Problem>, until: Instant) {
    let (id, kind, tries) = (job.id, &job.kind, job.tries);
    let told = outcome.as_ref().err().map(Problem::told).unwrap_or_default();
    let dead = matches!(outcome, Err(Problem::Permanent(_))) || i64::from(tries) >= most(app);
    match &outcome {
        Ok(()) => tracing::debug!(job = id, kind, "a job is done"),
        Err(_) if dead => tracing::error!(job = id, kind, tries, problem = told, "a job was given up"),
        Err(_) => tracing::warn!(job = id, kind, tries, problem = told, "a job was not done and is tried again"),
    }
    loop {
        let written = match &outcome {
            Ok(()) => store::set_done(app.db(), job).await,
            Err(_) if dead => store::set_dead(app.db(), job, &told).await,
            Err(problem) => store::set_waiting(app.db(), job, problem.wait(tries), &told).await,
        };
        match written {
            Ok(_) => return,
            Err(_) if Instant::now() + AGAIN < until => sleep(AGAIN).await,
            Err(_) => return tracing::warn!(job = id, kind, "what came of a job could not be written: it is done again"),
        }
    }
}
