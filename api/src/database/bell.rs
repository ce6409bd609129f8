//! Rings in this process when a change has been committed that others wait for, and keeps the database's time for tests to move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sea_orm::DbBackend;
use tokio::sync::watch;

/// What the connections of one database share, cheap to clone.
#[derive(Debug, Clone)]
pub struct Bell {
    rung: watch::Sender<u64>,
    moved: Arc<AtomicI64>,
}

impl Bell {
    pub(super) fn new() -> Self {
        Self { rung: watch::Sender::new(0), moved: Arc::new(AtomicI64::new(0)) }
    }

    /// Hears whatever rings from now on.
    #[must_use]
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.rung.subscribe()
    }

    /// Wakes those who listen.
    pub fn ring(&self) {
        self.rung.send_modify(|times| *times += 1);
    }

    /// Moves the database's time on, for this process alone: what is due later is due then.
    pub fn move_time(&self, by: Duration) {
        self.moved.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX / 2), Ordering::Relaxed);
    }

    /// The database's time in milliseconds since 1970, as an expression of SQL. Due times and leases are counted in it, so that a
    /// node with a wrong clock does nothing early.
    #[must_use]
    pub fn time(&self, backend: DbBackend) -> String {
        let time = match backend {
            DbBackend::Sqlite => "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
            _ => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
        };
        match self.moved.load(Ordering::Relaxed) {
            0 => time.to_owned(),
            moved => format!("({time} + {moved})"),
        }
    }
}
