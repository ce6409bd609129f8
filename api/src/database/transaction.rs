//! A change: several statements that are written together or not at all.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use tokio::runtime::Handle;
use tokio::sync::Mutex;

use crate::database::bell::Bell;
use crate::database::connection::{All, Asked, Execute, One, Unprepared};
use crate::database::lease::Lease;
use crate::database::pool::{Pool, STATEMENT};
use crate::error::Result;

/// How long the database may take over one statement of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pace {
    /// As long as over any other.
    Usual,
    /// As long as it wants, while it answers at all.
    Slow,
}

/// A transaction that may write. Dropped without a commit, it has changed nothing.
#[derive(Debug)]
pub struct Transaction {
    lease: Mutex<Option<Lease>>,
    backend: DbBackend,
    limit: Option<Duration>,
    bell: Bell,
    rings: AtomicBool,
}

impl Transaction {
    pub(super) async fn begin(pool: &Pool, pace: Pace, bell: Bell) -> Result<Self> {
        let backend = pool.get_database_backend();
        // A transaction that reads first and writes later could not wait: SQLite refuses it when somebody has written in between.
        let opening = match backend {
            DbBackend::Sqlite => "BEGIN IMMEDIATE",
            _ => "BEGIN ISOLATION LEVEL READ COMMITTED",
        };
        let lease = pool.opened(opening, Some(STATEMENT)).await?;
        let limit = (pace == Pace::Usual).then_some(STATEMENT);
        let txn = Self { lease: Mutex::new(Some(lease)), backend, limit, bell, rings: AtomicBool::new(false) };
        if pace == Pace::Slow && backend == DbBackend::Postgres {
            txn.execute_unprepared(UNHURRIED).await?;
        }
        Ok(txn)
    }

    /// Keeps what was written: once this has returned, it survives any crash.
    ///
    /// # Errors
    /// Where the database does not answer ([`crate::error::Error::Unavailable`]). Nobody knows then whether it has kept the change: it
    /// may have done so and not have been able to say it.
    pub async fn commit(self) -> Result<()> {
        let Some(mut lease) = self.lease.lock().await.take() else { return Err(ended().into()) };
        let committed = lease.ask(&Unprepared("COMMIT"), self.limit).await;
        if committed.is_err() {
            lease.spoil();
        }
        // Whether or not it was able to say so, it may have been kept.
        if self.rings.load(Ordering::Relaxed) {
            self.bell.ring();
        }
        Ok(committed.map(drop)?)
    }

    /// Rings the bell once this is committed: others wait for what was written.
    pub fn ring_after(&self) {
        self.rings.store(true, Ordering::Relaxed);
    }

    /// The bell that it rings.
    #[must_use]
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    async fn ask<A: Asked>(&self, asked: A) -> Result<A::Answer, DbErr> {
        match self.lease.lock().await.as_mut() {
            Some(lease) => lease.ask(&asked, self.limit).await,
            None => Err(ended()),
        }
    }
}

const UNHURRIED: &str = "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

fn ended() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("the transaction has ended".to_owned()))
}

impl Drop for Transaction {
    fn drop(&mut self) {
        // Without a runtime, or in the midst of a statement, the connection is closed, and the database undoes what it had begun.
        if let Some(mut lease) = self.lease.get_mut().take().filter(Lease::is_sound) {
            match Handle::try_current() {
                Ok(runtime) => drop(runtime.spawn(async move {
                    if lease.ask(&Unprepared("ROLLBACK"), Some(STATEMENT)).await.is_err() {
                        lease.spoil();
                    }
                })),
                Err(_) => lease.spoil(),
            }
        }
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
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
