//! Strangers who ask the same: one execution for each event, whose answer goes to all of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use async_graphql::Executor;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, sleep, sleep_until};

use crate::following::Memory;
use crate::live::source::Source;
use crate::outbox::tail::Sequenced;
use crate::server::live::{Hub, Key, Next, Reads, Wanted};

/// How far one of them may be behind the others. Who falls further reads what it missed, by itself.
const BUFFER: usize = 256;
/// How long those are told later at most who have not shown that they read, and how often it is looked at whether the others have taken it.
const LATER: Duration = Duration::from_millis(50);
const SOON: Duration = Duration::from_millis(1);

/// Those who are told the same.
pub(super) struct Group {
    members: Mutex<Members>,
    task: OnceLock<AbortHandle>,
}

#[derive(Default)]
struct Members {
    queues: HashMap<u64, (Reads, mpsc::Sender<Arc<Next>>)>,
    joined: u64,
    /// Whether nobody is told anything any more.
    is_over: bool,
}

/// One of them.
pub(super) struct Member<E: Executor> {
    hub: Arc<Hub<E>>,
    group: Arc<Group>,
    key: Key,
    number: u64,
    /// What it is told; ended where it fell behind, or events were lost.
    pub(super) queue: mpsc::Receiver<Arc<Next>>,
}

impl<E: Executor> Hub<E> {
    /// Joins those who asked the same, or is the first of them: then what it was told last is what they were.
    pub(super) fn join(self: &Arc<Self>, key: Key, wanted: &Arc<Wanted>, memory: &Arc<Memory>) -> Member<E> {
        let mut groups = self.groups();
        if let Some(group) = groups.get(&key) {
            let members = group.members();
            if !members.is_over {
                return self.enter(group, (key, &wanted.reads), members);
            }
        }
        let source = Source::now(self.app.live(), wanted.followed.topic.clone());
        let group = Arc::new(Group { members: Mutex::default(), task: OnceLock::new() });
        groups.insert(key, Arc::clone(&group));
        let member = self.enter(&group, (key, &wanted.reads), group.members());
        let (hub, wanted, told) = (Arc::clone(self), Arc::clone(wanted), Arc::clone(&group));
        let memory = Arc::new(memory.copied());
        let task = tokio::spawn(async move { tell((&hub, &wanted), &told, source, &memory).await });
        // It was made a moment ago.
        drop(group.task.set(task.abort_handle()));
        member
    }

    fn enter(
        self: &Arc<Self>,
        group: &Arc<Group>,
        (key, reads): (Key, &Reads),
        mut members: MutexGuard<'_, Members>,
    ) -> Member<E> {
        let (sender, queue) = mpsc::channel(BUFFER);
        members.joined += 1;
        let number = members.joined;
        members.queues.insert(number, (reads.clone(), sender));
        Member { hub: Arc::clone(self), group: Arc::clone(group), key, number, queue }
    }
}

impl Group {
    fn members(&self) -> MutexGuard<'_, Members> {
        self.members.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells all of them, and first those who have shown that they read: who never reads keeps nobody waiting.
    async fn tell(&self, next: Next) {
        let next = Arc::new(next);
        let later = {
            let mut members = self.members();
            members.is_over |= next.is_last;
            let (first, later): (Vec<_>, Vec<_>) = members.numbers().partition(|(_, reads)| *reads);
            members.tell(&first, &next);
            later
        };
        if later.is_empty() {
            return;
        }
        let until = Instant::now() + LATER;
        while Arc::strong_count(&next) > 1 && Instant::now() < until {
            sleep(SOON).await;
        }
        self.members().tell(&later, &next);
    }

    fn end(&self) {
        let mut members = self.members();
        members.is_over = true;
        members.queues.clear();
    }
}

impl Members {
    /// All of them, and of each whether it has shown that it reads.
    fn numbers(&self) -> impl Iterator<Item = (u64, bool)> {
        self.queues.iter().map(|(number, (reads, _))| (*number, reads.is_shown()))
    }

    /// Tells some of them; who does not keep up is left out from now on.
    fn tell(&mut self, some: &[(u64, bool)], next: &Arc<Next>) {
        for (number, _) in some {
            let Entry::Occupied(member) = self.queues.entry(*number) else { continue };
            if member.get().1.try_send(Arc::clone(next)).is_err() {
                metrics::counter!("alliance_live_drops_total", "reason" => "slow").increment(1);
                member.remove();
            }
        }
    }
}

impl<E: Executor> Drop for Member<E> {
    fn drop(&mut self) {
        let mut groups = self.hub.groups();
        let mut members = self.group.members();
        members.queues.remove(&self.number);
        if members.queues.is_empty() {
            members.is_over = true;
            if let Some(task) = self.group.task.get() {
                task.abort();
            }
            if groups.get(&self.key).is_some_and(|group| Arc::ptr_eq(group, &self.group)) {
                groups.remove(&self.key);
            }
        }
    }
}

/// Follows for all of them, until it is aborted or cannot go on.
async fn tell<E: Executor>((hub, wanted): (&Hub<E>, &Wanted), group: &Group, mut source: Source, memory: &Arc<Memory>) {
    let followed = &wanted.followed;
    let mut rested = Instant::now();
    let _ends = Ends(group);
    while let Some(event) = hub.next(&mut source).await {
        if followed.concerns(&event) {
            sleep_until(rested).await;
            let event = Some(latest(event, &mut source, wanted));
            // Nobody's rights can end here.
            if let Ok(Some(next)) = hub.tell(wanted, (event, source.position()), memory).await {
                let is_last = next.is_last;
                group.tell(next).await;
                if is_last {
                    break;
                }
            }
            rested = Instant::now() + followed.pace;
        }
    }
}

/// Ends a group, however the telling does: its members go on alone.
struct Ends<'a>(&'a Group);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// Where several events are told of by one: the last of those that have come.
pub(super) fn latest(event: Arc<Sequenced>, source: &mut Source, wanted: &Wanted) -> Arc<Sequenced> {
    let mut latest = event;
    if !wanted.followed.pace.is_zero() {
        while let Some(event) = source.try_next() {
            if wanted.followed.concerns(&event) {
                latest = event;
            }
        }
    }
    latest
}
