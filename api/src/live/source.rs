//! The events of a topic behind a position: what happened is read, what happens is heard, and between the two none is lost and none
//! comes twice.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::database::Database;
use crate::error::Result;
use crate::live::Live;
use crate::live::routes::Listener;
use crate::outbox::tail::Sequenced;
use crate::outbox::topic::{Topic, is_known_since};

/// What somebody follows.
#[derive(Debug)]
pub struct Source {
    topic: Topic,
    /// Every event up to this one has come.
    position: i64,
    listener: Listener,
    /// What was read and has not come yet.
    read: VecDeque<Arc<Sequenced>>,
    /// Whether all that happened behind the position is known to be there still.
    is_whole: bool,
}

impl Source {
    /// The events of a topic from now on.
    #[must_use]
    pub fn now(live: &Live, topic: Topic) -> Self {
        let listener = live.listen(topic.clone());
        Self { topic, position: listener.position, listener, read: VecDeque::new(), is_whole: true }
    }

    /// The events of a topic behind a position.
    #[must_use]
    pub fn after(live: &Live, topic: Topic, position: i64) -> Self {
        Self { position, is_whole: false, ..Self::now(live, topic) }
    }

    /// Up to where all events have come.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.position
    }

    /// Whether all that happened before it listened has come: what comes next is heard.
    fn is_level(&self) -> bool {
        self.is_whole && self.read.is_empty() && self.position >= self.listener.position
    }

    /// Whether all that happened until now has come.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.is_level() && self.listener.events.is_empty() && !self.listener.events.is_closed()
    }

    /// The next event, as soon as there is one; none where some are not known any more. Dropped while it waits, nothing is lost.
    ///
    /// # Errors
    /// Where the database does not answer; the next call goes on where this one could not.
    pub async fn next(&mut self, live: &Live, db: &Database) -> Result<Option<Arc<Sequenced>>> {
        loop {
            if let Some(event) = self.read.pop_front() {
                self.position = event.position;
                return Ok(Some(event));
            }
            if !self.is_whole {
                if !is_known_since(db, self.position).await? {
                    return Ok(None);
                }
                self.is_whole = true;
            }
            if !self.is_level() {
                let until = self.listener.position;
                self.read = self.topic.between(db, self.position, until).await?.into();
                if self.read.is_empty() {
                    self.position = until;
                }
                continue;
            }
            match self.listener.events.recv().await {
                Some(event) if event.position > self.position => {
                    self.position = event.position;
                    return Ok(Some(event));
                }
                Some(_) => {}
                // It fell behind, or nobody knows what it missed.
                None => {
                    self.listener = live.listen(self.topic.clone());
                    self.is_whole = false;
                }
            }
        }
    }

    /// The next event, where it has been heard already.
    pub fn try_next(&mut self) -> Option<Arc<Sequenced>> {
        if !self.is_level() {
            return self.read.pop_front().inspect(|event| self.position = event.position);
        }
        let event = self.listener.events.try_recv().ok().filter(|event| event.position > self.position)?;
        self.position = event.position;
        Some(event)
    }
}
