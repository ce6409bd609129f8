//! Sequenced events to whoever listens on this node.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, broadcast};

use crate::database::Database;
use crate::error::Result;
use crate::outbox::sequencer::{self, Lag};
use crate::outbox::tail::{Sequenced, Tail};

/// How many events a listener may be behind. Who falls further is told so, and must read anew what it keeps.
const BUFFER: usize = 8_192;

/// This node's tail of the outbox, and those who listen to it.
#[derive(Debug)]
pub struct Live {
    events: broadcast::Sender<Arc<Sequenced>>,
    tail: Mutex<Option<Tail>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { events: broadcast::Sender::new(BUFFER), tail: Mutex::new(None) }
    }
}

impl Live {
    /// Hears every event from now on. A receiver that lags is told how many it has lost.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Sequenced>> {
        self.events.subscribe()
    }

    /// Begins: what happens from now on will be told. What is read of the database before this may go stale unnoticed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin(&self, db: &Database) -> Result<()> {
        let mut tail = self.tail.lock().await;
        if tail.is_none() {
            *tail = Some(Tail::at_end(db).await?);
        }
        Ok(())
    }

    /// Tells what has got a position since the last time. Returns how many events that were.
    ///
    /// # Errors
    /// Where the database does not answer; nothing is lost then.
    pub async fn follow(&self, db: &Database) -> Result<usize> {
        self.begin(db).await?;
        let mut held = self.tail.lock().await;
        let Some(tail) = held.as_mut() else { return Ok(0) };
        let mut told = 0;
        loop {
            let events = tail.read(db).await?;
            if events.is_empty() {
                return Ok(told);
            }
            told += events.len();
            for event in events {
                // Nobody may listen.
                drop(self.events.send(Arc::new(event)));
            }
        }
    }

    /// How far this node is behind the changes, those without a position too.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn lag(&self, db: &Database, now: DateTime<Utc>) -> Result<Lag> {
        let waiting = sequencer::lag(db, now).await?;
        let Some(tail) = *self.tail.lock().await else { return Ok(waiting) };
        let unread = tail.lag(db, now).await?;
        Ok(Lag { events: waiting.events + unread.events, seconds: waiting.seconds.max(unread.seconds) })
    }
}
