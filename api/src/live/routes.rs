//! Which events go to whom: each listener hears those of one topic, in order, and none twice.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;

use crate::outbox::tail::{MISSED, Sequenced};
use crate::outbox::topic::Topic;

/// How many events a listener may be behind. Who falls further is not told any more, and reads what it missed.
const BUFFER: usize = 256;

/// The events of a topic from a position on, until it is dropped.
#[derive(Debug)]
pub(super) struct Listener {
    /// Every event behind this position comes; those before it do not.
    pub(super) position: i64,
    /// The events. They end where some were lost, or the listener fell too far behind.
    pub(super) events: mpsc::Receiver<Arc<Sequenced>>,
    topic: Topic,
    number: u64,
    routes: Routes,
}

/// All listeners of this node, cheap to clone.
#[derive(Debug, Clone, Default)]
pub(super) struct Routes {
    held: Arc<Mutex<Held>>,
}

#[derive(Debug, Default)]
struct Held {
    position: i64,
    /// How many there have been.
    begun: u64,
    listeners: HashMap<Topic, HashMap<u64, mpsc::Sender<Arc<Sequenced>>>>,
}

impl Routes {
    /// Begins to listen, from the position on that was told last.
    pub(super) fn listen(&self, topic: Topic) -> Listener {
        let (sender, events) = mpsc::channel(BUFFER);
        let mut held = self.held();
        held.begun += 1;
        let (number, position) = (held.begun, held.position);
        held.listeners.entry(topic.clone()).or_default().insert(number, sender);
        Listener { position, events, topic, number, routes: self.clone() }
    }

    /// The position that was told last.
    pub(super) fn position(&self) -> i64 {
        self.held().position
    }

    /// Nothing before this position is told.
    pub(super) fn begin(&self, position: i64) {
        self.held().position = position;
    }

    /// Tells those whom an event concerns.
    pub(super) fn tell(&self, event: &Arc<Sequenced>) {
        let mut held = self.held();
        held.position = event.position;
        if event.kind == MISSED {
            // Nobody knows whom it would have concerned.
            held.listeners.clear();
            return;
        }
        for topic in topics(event) {
            held.tell(&topic, event);
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn tell(&mut self, topic: &Topic, event: &Arc<Sequenced>) {
        let Some(listeners) = self.listeners.get_mut(topic) else { return };
        listeners.retain(|_, listener| match listener.try_send(Arc::clone(event)) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                metrics::counter!("alliance_live_drops_total", "reason" => "behind").increment(1);
                false
            }
            Err(TrySendError::Closed(_)) => false,
        });
        if listeners.is_empty() {
            self.listeners.remove(topic);
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut held = self.routes.held();
        if let Some(listeners) = held.listeners.get_mut(&self.topic) {
            listeners.remove(&self.number);
            if listeners.is_empty() {
                held.listeners.remove(&self.topic);
            }
        }
    }
}

fn topics(event: &Sequenced) -> impl Iterator<Item = Topic> {
    let (kind, subject) = (Topic::Kind(event.kind.clone().into()), Topic::Subject(event.subject_id));
    [kind, subject].into_iter().chain(event.alliance.map(Topic::Alliance))
}
