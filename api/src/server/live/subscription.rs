//! One subscription of one client: opened, and then told what there is to tell, from where it stands on, without a miss or a double.

use std::sync::Arc;

use async_graphql::Executor;
use futures_util::stream::{self, Stream};
use tokio::time::{Instant, sleep_until};

use crate::client::Client;
use crate::document::Prepared;
use crate::document::answer::Answer;
use crate::error::report::Report;
use crate::error::{Error, Result};
use crate::following::cursor::Cursor;
use crate::following::{Followed, Memory, Turn};
use crate::live::source::Source;
use crate::outbox::tail::Sequenced;
use crate::server::authentication::Standing;
use crate::server::live::group::{Member, latest};
use crate::server::live::seats::Seat;
use crate::server::live::{Hub, Next, Reads, Wanted, turned_away};
use crate::server::refusal::Refusal;

/// What somebody is told who would miss events.
const LOST: &str =
    "what happened behind this cursor is not known any more: read anew what you show, and subscribe without `after`";

/// Something that a client is told.
#[derive(Debug)]
pub(in crate::server) enum Told {
    /// The response to an event.
    Next(Arc<Next>),
    /// It cannot go on.
    Failed(Report),
    /// The rights have ended of whoever asked.
    Ended(&'static str),
}

/// A subscription that was opened.
pub(in crate::server) struct Subscription<E: Executor> {
    hub: Arc<Hub<E>>,
    wanted: Arc<Wanted>,
    way: Way<E>,
    /// Up to where all has been told.
    position: i64,
    /// Whether it was told last that what it follows is gone.
    is_gone: bool,
    /// What it was told last, where it is told how something stands: the others may have been told something else before.
    stands: Option<String>,
    is_over: bool,
    _seat: Seat,
}

/// How it comes to what it is told.
enum Way<E: Executor> {
    /// By itself.
    Alone(Box<Alone>),
    /// With others who asked the same.
    Together(Member<E>),
}

struct Alone {
    source: Source,
    memory: Arc<Memory>,
    /// Whether it is still to be told how things stand.
    begins: bool,
    /// When it may be told again.
    rested: Instant,
}

impl<E: Executor> Subscription<E> {
    /// Opens what was asked for; `last` is the cursor that the client's protocol carries: it is newer than one that the operation names.
    ///
    /// # Errors
    /// The answer that says why it is not opened.
    pub(in crate::server) async fn open(
        hub: &Arc<Hub<E>>,
        prepared: Prepared,
        (standing, client, reads): (Standing, Client, Reads),
        last: Option<&str>,
    ) -> Result<Self, Unopened> {
        let seat = hub.seats().follow(client.counted(), prepared.selections());
        let seat = seat.map_err(|full| Unopened::Full(turned_away(full)))?;
        let (turn, live) = (Turn::opening(), hub.app.live());
        let before = live.position();
        if let Some(answer) = hub.run(&prepared, standing.viewer.clone(), &client, Arc::clone(&turn)).await {
            return Err(Unopened::Answered(answer));
        }
        let nothing = || Unopened::Refused(Report::wrong("The subscription asks for nothing: give it one field."));
        let mut followed = turn.opened().ok_or_else(nothing)?;
        // What begins with how it stands has nothing to resume.
        if let Some(last) = last.filter(|_| !followed.begins) {
            let cursor = Cursor::read(hub.app.keys(), last);
            followed.after = Some(cursor.map_err(|error| Unopened::Refused(Report::from(&error)))?);
        }
        let source = match followed.after {
            Some(cursor) => Source::after(live, followed.topic.clone(), cursor.position),
            // What happened while it was opened comes, too.
            None => match Source::now(live, followed.topic.clone()) {
                now if now.position() == before => now,
                later => Source::after(live, followed.topic.clone(), before.min(later.position())),
            },
        };
        let position = source.position();
        let is_gone = followed.after.is_some_and(|cursor| cursor.is_gone && cursor.shows(&followed.topic));
        let alone = Alone::new(source, Memory::of(is_gone), followed.begins);
        let wanted = Arc::new(Wanted { prepared, standing, client, reads, followed });
        let way = Way::Alone(Box::new(alone));
        Ok(Self { hub: Arc::clone(hub), wanted, way, position, is_gone, stands: None, is_over: false, _seat: seat })
    }

    /// Where a client resumes that has been told nothing yet.
    pub(in crate::server) fn cursor(&self) -> String {
        let begins = self.wanted.followed.after.unwrap_or_else(|| Cursor::bare(self.position));
        begins.written(self.hub.app.keys())
    }

    /// What it is told, one after the other.
    pub(in crate::server) fn told(self) -> impl Stream<Item = Told> + Send {
        stream::unfold(self, |mut subscription| async move {
            let told = subscription.next().await?;
            Some((told, subscription))
        })
    }

    async fn next(&mut self) -> Option<Told> {
        if self.is_over {
            return None;
        }
        let told = loop {
            if let Some(told) = self.step().await {
                break told;
            }
        };
        match &told {
            Told::Next(next) => {
                (self.position, self.is_gone) = (next.position, next.is_gone);
                self.is_over = next.is_last;
                self.stands.clone_from(&next.stands);
            }
            Told::Failed(_) | Told::Ended(_) => self.is_over = true,
        }
        Some(told)
    }

    /// One step on its way: often there is nothing to tell.
    async fn step(&mut self) -> Option<Told> {
        self.join();
        match &mut self.way {
            Way::Alone(alone) => {
                let told = Box::pin(alone.step(&self.hub, &self.wanted)).await;
                self.position = alone.source.position();
                told
            }
            Way::Together(member) => match member.queue.recv().await {
                Some(next) if next.position <= self.position => None,
                Some(next) if self.wanted.followed.begins && self.stands == next.stands => {
                    self.position = next.position;
                    None
                }
                Some(next) => Some(Told::Next(next)),
                None => {
                    self.leave();
                    None
                }
            },
        }
    }

    /// Goes on with those who ask the same, once it has been told how things stand and all that happened.
    fn join(&mut self) {
        let Way::Alone(alone) = &self.way else { return };
        if alone.begins {
            return;
        }
        let Some(key) = self.wanted.key().filter(|_| alone.source.is_idle()) else { return };
        let member = self.hub.join(key, &self.wanted, &alone.memory);
        // What the others have been told up to now, this one has heard then.
        self.hub.app.live().settle();
        if alone.source.is_idle() {
            self.way = Way::Together(member);
        }
    }

    /// Goes on alone: it fell behind, or those who ask the same cannot go on.
    fn leave(&mut self) {
        let Followed { topic, begins, .. } = &self.wanted.followed;
        let source = Source::after(self.hub.app.live(), topic.clone(), self.position);
        self.way = Way::Alone(Box::new(Alone::new(source, Memory::of(self.is_gone), *begins)));
    }
}

impl Alone {
    fn new(source: Source, memory: Memory, begins: bool) -> Self {
        Self { source, memory: Arc::new(memory), begins, rested: Instant::now() }
    }

    async fn step<E: Executor>(&mut self, hub: &Hub<E>, wanted: &Wanted) -> Option<Told> {
        let event = if std::mem::take(&mut self.begins) {
            None
        } else {
            match self.next(hub).await {
                Ok(event) if !wanted.followed.concerns(&event) => return None,
                Ok(event) => {
                    sleep_until(self.rested).await;
                    Some(latest(event, &mut self.source, wanted))
                }
                Err(error) => return Some(Told::Failed(Report::from(&error))),
            }
        };
        let told = hub.tell(wanted, (event, self.source.position()), &self.memory).await;
        self.rested = Instant::now() + wanted.followed.pace;
        match told {
            Ok(next) => next.map(|next| Told::Next(Arc::new(next))),
            Err(Error::Unauthenticated(why)) => Some(Told::Ended(why)),
            Err(error) => Some(Told::Failed(Report::from(&error.logged()))),
        }
    }

    /// The next event, however long the database does not answer.
    async fn next<E: Executor>(&mut self, hub: &Hub<E>) -> Result<Arc<Sequenced>> {
        hub.next(&mut self.source).await.ok_or(Error::Resync(LOST))
    }
}

/// Why a subscription is not opened.
pub(in crate::server) enum Unopened {
    /// The operation answered so.
    Answered(Answer),
    /// It cannot be opened.
    Refused(Report),
    /// There is no room for it.
    Full(Refusal),
}
