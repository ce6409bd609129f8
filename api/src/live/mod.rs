//! Sequenced events to whoever listens on this node: all of them, or those of one topic.

mod routes;
pub mod source;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tokio::sync::{Mutex, broadcast};

use crate::database::Database;
use crate::error::Result;
use crate::live::routes::{Listener, Routes};
use crate::outbox::sequencer::{self, Lag};
use crate::outbox::tail::{Sequenced, Tail};
use crate::outbox::topic::Topic;

/// How many events a listener may be behind. Who falls further is told so, and must read anew what it keeps.
const BUFFER: usize = 8_192;

/// This node's tail of the outbox, and those who listen to it.
#[derive(Debug)]
pub struct Live {
    events: broadcast::Sender<Arc<Sequenced>>,
    routes: Routes,
    tail: Mutex<Option<Tail>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { events: broadcast::Sender::new(BUFFER), routes: Routes::default(), tail: Mutex::new(None) }
    }
}

impl Live {
    /// Hears every event from now on. A receiver that lags is told how many it has lost.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Sequenced>> {
        self.events.subscribe()
    }

    /// Hears the events of a topic from now on.
    fn listen(&self, topic: Topic) -> Listener {
        self.routes.listen(topic)
    }

    /// The position of the event that was told last: all who listen to it have it.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.routes.position()
    }

    /// Returns once all who listen have the event that is being told.
    pub fn settle(&self) {
        self.routes.position();
    }

    /// Begins: what happens from now on will be told. What is read of the database before this may go stale unnoticed.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn begin(&self, db: &Database) -> Result<()> {
        let mut tail = self.tail.lock().await;
        if tail.is_none() {
            let end = Tail::at_end(db).await?;
            self.routes.begin(end.position());
            *tail = Some(end);
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
                let event = Arc::new(event);
                self.routes.tell(&event);
                // Nobody may listen.
                drop(self.events.send(event));
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
