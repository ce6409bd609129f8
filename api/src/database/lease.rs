//! The use of one connection. It goes back to its pool only from between two statements: what was given up in the midst of one is
//! closed, so that nobody ever waits for what comes back.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep};

use crate::database::connection::{Asked, Connection};
use crate::database::health::silent;
use crate::database::pool::{Idle, Shared};
use crate::error::database::is_refusal;

/// A connection that nobody else uses.
#[derive(Debug)]
pub(super) struct Lease {
    connection: Option<Connection>,
    epoch: u64,
    made: Instant,
    reused: bool,
    /// Whether a statement is under way, or was given up: what the connection would answer next is not known.
    spoilt: bool,
    shared: Arc<Shared>,
    /// Given back last, once the connection waits for the next.
    _permit: OwnedSemaphorePermit,
}

impl Lease {
    pub(super) fn new(connection: Connection, epoch: u64, shared: Arc<Shared>, permit: OwnedSemaphorePermit) -> Self {
        shared.open.fetch_add(1, Ordering::Relaxed);
        Self { connection: Some(connection), epoch, made: Instant::now(), reused: false, spoilt: false, shared, _permit: permit }
    }

    pub(super) fn reused(idle: Idle, shared: Arc<Shared>, permit: OwnedSemaphorePermit) -> Self {
        let Idle { connection, epoch, made, since: _ } = idle;
        Self { connection: Some(connection), epoch, made, reused: true, spoilt: false, shared, _permit: permit }
    }

    /// Whether it was used before, and may have been lost since.
    pub(super) fn is_reused(&self) -> bool {
        self.reused
    }

    /// Whether it can still be asked.
    pub(super) fn is_sound(&self) -> bool {
        !self.spoilt && self.connection.is_some()
    }

    /// Does not use it again, whatever it says.
    pub(super) fn spoil(&mut self) {
        self.spoilt = true;
    }

    /// Does not use it again, nor those that were made in its time.
    pub(super) fn report_lost(mut self) {
        self.spoilt = true;
        self.shared.health.renew(self.epoch);
    }

    /// Asks, and waits for the answer until the limit or until it is heard that the database is gone.
    pub(super) async fn ask<A: Asked>(&mut self, asked: &A, limit: Option<Duration>) -> Result<A::Answer, DbErr> {
        let (false, Some(connection)) = (self.spoilt, self.connection.as_mut()) else { return Err(given_up()) };
        self.spoilt = true;
        let answer = tokio::select! {
            biased;
            answer = asked.ask(connection) => answer,
            () = self.shared.health.gone() => return Err(silent()),
            () = ended(limit) => return Err(late()),
        };
        self.spoilt = answer.as_ref().err().is_some_and(|error| !is_refusal(error));
        self.shared.note(asked.statement(), !self.spoilt);
        answer
    }
}

async fn ended(limit: Option<Duration>) {
    match limit {
        Some(limit) => sleep(limit).await,
        None => std::future::pending().await,
    }
}

fn late() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("a statement was not answered in time".to_owned()))
}

fn given_up() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("a statement before this one was not answered".to_owned()))
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if self.spoilt || self.epoch != self.shared.health.epoch() || self.shared.is_closed() {
            self.shared.open.fetch_sub(1, Ordering::Relaxed);
            return;
        }
        self.shared.put_idle(Idle { connection, epoch: self.epoch, made: self.made, since: Instant::now() });
    }
}
