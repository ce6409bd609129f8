//! Connections, a few of which serve many: who waits for one or for an answer waits for so long and no longer. It is not the pool of
//! sqlx: that one asks each connection that comes back whether it lives, and waits for the answer without a limit.

use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ConnAcquireErr, ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use crate::database::Observer;
use crate::database::connection::{All, Asked, Connection, Execute, One, Target, Unprepared};
use crate::database::health::Health;
use crate::database::lease::Lease;
use crate::error::database::is_lost;

/// How long a request waits for a connection.
pub(super) const ACQUIRE: Duration = Duration::from_secs(3);
/// How long it waits for the answer to a statement: longer than the database takes to give a statement up by itself.
pub(super) const STATEMENT: Duration = Duration::from_secs(6);
/// How long a connection to a server lies unused, and how long it is used at most, before another takes its place.
const IDLE: Duration = Duration::from_secs(600);
const LIFETIME: Duration = Duration::from_secs(1800);

/// What a pool holds, for those who measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usage {
    /// How many connections there may be.
    pub most: u32,
    /// How many there are.
    pub open: u32,
    /// How many of them wait for work.
    pub idle: u32,
    /// How many requests wait for one.
    pub waiting: u32,
    /// How many statements were executed since the start.
    pub statements: u64,
}

/// Connections of one kind, cheap to clone.
#[derive(Debug, Clone)]
pub struct Pool {
    pub(super) shared: Arc<Shared>,
    /// Whether a statement may be executed twice: where its connection turns out to be dead, nobody knows how far the first one came.
    repeats: bool,
}

/// What all who use a pool share.
pub(super) struct Shared {
    target: Target,
    most: u32,
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
    pub(super) health: Arc<Health>,
    pub(super) open: AtomicU32,
    waiting: AtomicU32,
    statements: AtomicU64,
    observer: Option<Observer>,
}

/// A connection that waits for work.
#[derive(Debug)]
pub(super) struct Idle {
    pub(super) connection: Connection,
    pub(super) epoch: u64,
    pub(super) made: Instant,
    pub(super) since: Instant,
}

impl Pool {
    /// A pool of at most so many connections, for statements that may be repeated where their connection was dead.
    pub(super) fn new(target: Target, most: u32, health: Arc<Health>, observer: Option<Observer>) -> Self {
        let permits = Arc::new(Semaphore::new(most as usize));
        let (open, waiting, statements) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU64::new(0));
        let idle = Mutex::default();
        Self {
            shared: Arc::new(Shared { target, most, permits, idle, health, open, waiting, statements, observer }),
            repeats: true,
        }
    }

    /// The same connections, for statements that must not be repeated.
    pub(super) fn for_writing(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), repeats: false }
    }

    /// What it holds now.
    #[must_use]
    pub fn usage(&self) -> Usage {
        let shared = &self.shared;
        Usage {
            most: shared.most,
            open: shared.open.load(Ordering::Relaxed),
            idle: u32::try_from(shared.idle().len()).unwrap_or(u32::MAX),
            waiting: shared.waiting.load(Ordering::Relaxed),
            statements: shared.statements.load(Ordering::Relaxed),
        }
    }

    /// A connection that nobody else uses until it is dropped.
    pub(super) async fn lease(&self) -> Result<Lease, DbErr> {
        let deadline = Instant::now() + ACQUIRE;
        let shared = &self.shared;
        if !shared.health.answers() {
            return Err(turned_away());
        }
        let permit = {
            let _waiting = Waiting::new(&shared.waiting);
            tokio::select! {
                biased;
                permit = timeout_at(deadline, Arc::clone(&shared.permits).acquire_owned()) => permit,
                () = shared.health.gone() => return Err(turned_away()),
            }
        };
        let permit = permit.map_err(|_| too_late())?.map_err(|_| turned_away())?;
        let epoch = shared.health.epoch();
        if let Some(idle) = shared.take_idle(epoch) {
            return Ok(Lease::reused(idle, Arc::clone(shared), permit));
        }
        let connected = tokio::select! {
            biased;
            connected = timeout_at(deadline, shared.target.connect()) => connected.unwrap_or_else(|_| Err(too_late())),
            () = shared.health.gone() => return Err(turned_away()),
        };
        let connection = connected.inspect_err(|_| shared.health.suspect())?;
        Ok(Lease::new(connection, epoch, Arc::clone(shared), permit))
    }

    /// A connection on which this has just been executed. One that had been lost meanwhile is not told of, but replaced.
    pub(super) async fn opened(&self, with: &str, limit: Option<Duration>) -> Result<Lease, DbErr> {
        loop {
            let mut lease = self.lease().await?;
            match lease.ask(&Unprepared(with), limit).await {
                // At its end no connection is left that was used before.
                Err(error) if lease.is_reused() && is_lost(&error) => lease.report_lost(),
                opened => return opened.map(|_| lease),
            }
        }
    }

    async fn ask<A: Asked>(&self, asked: A) -> Result<A::Answer, DbErr> {
        let mut lease = match self.repeats || self.shared.is_sqlite() {
            true => self.lease().await?,
            false => self.opened("SELECT 1", Some(STATEMENT)).await?,
        };
        match lease.ask(&asked, Some(STATEMENT)).await {
            Err(error) if lease.is_reused() && is_lost(&error) => {
                lease.report_lost();
                match self.repeats {
                    true => self.lease().await?.ask(&asked, Some(STATEMENT)).await,
                    false => Err(error),
                }
            }
            answer => answer,
        }
    }

    /// Closes every connection once its statement has ended. Nobody gets one any more.
    pub(super) async fn close(&self) -> Result<(), DbErr> {
        let all = self.shared.permits.acquire_many(self.shared.most).await;
        self.shared.permits.close();
        drop(all.map(SemaphorePermit::forget));
        let idle = std::mem::take(&mut *self.shared.idle());
        for one in idle {
            self.shared.open.fetch_sub(1, Ordering::Relaxed);
            one.connection.close().await?;
        }
        Ok(())
    }
}

impl Shared {
    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self.target, Target::Sqlite(_))
    }

    pub(super) fn is_closed(&self) -> bool {
        self.permits.is_closed()
    }

    /// Takes the connection back that waited least, so that those that are not needed grow old.
    fn take_idle(&self, epoch: u64) -> Option<Idle> {
        let mut idle = self.idle();
        while let Some(one) = idle.pop() {
            if one.epoch == epoch {
                return Some(one);
            }
            self.open.fetch_sub(1, Ordering::Relaxed);
        }
        None
    }

    pub(super) fn put_idle(&self, one: Idle) {
        self.idle().push(one);
    }

    /// Closes connections that are not needed, too old, or of an earlier time.
    pub(super) fn tidy(&self) {
        let epoch = self.health.epoch();
        let is_stale = |one: &mut Idle| one.epoch != epoch || one.since.elapsed() > IDLE || one.made.elapsed() > LIFETIME;
        let stale: Vec<Idle> = self.idle().extract_if(.., is_stale).collect();
        self.open.fetch_sub(u32::try_from(stale.len()).unwrap_or_default(), Ordering::Relaxed);
    }

    /// A statement has ended; `answered` says whether the database did that.
    pub(super) fn note(&self, statement: Option<&Statement>, answered: bool) {
        match answered {
            true => self.health.hear(),
            false => self.health.suspect(),
        }
        self.statements.fetch_add(1, Ordering::Relaxed);
        if let (Some(statement), Some(observer)) = (statement, &self.observer) {
            observer(statement);
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Debug for Shared {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("most", &self.most).field("open", &self.open).finish_non_exhaustive()
    }
}

/// Counts somebody who waits, for as long as it is there.
struct Waiting<'a>(&'a AtomicU32);

impl<'a> Waiting<'a> {
    fn new(waiting: &'a AtomicU32) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn turned_away() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed)
}

fn too_late() -> DbErr {
    DbErr::ConnectionAcquire(ConnAcquireErr::Timeout)
}

#[async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        if self.shared.is_sqlite() { DbBackend::Sqlite } else { DbBackend::Postgres }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.ask(Execute(statement)).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.ask(Unprepared(sql)).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.ask(One(statement)).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.ask(All(statement)).await
    }
}
