//! Live subscriptions: who follows what on this node, and what each is told, whatever carries it.
//!
//! What strangers ask alike is executed once for all of them. Everybody else has an execution of their own, with the rights of that
//! moment.

mod group;
pub(super) mod seats;
pub mod socket;
pub mod stream;
pub mod subscription;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_graphql::Executor;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use crate::app::App;
use crate::client::Client;
use crate::document::answer::Answer;
use crate::document::{Front, Prepared};
use crate::error::{Error, LIMIT_EXCEEDED, Result, UNAVAILABLE};
use crate::following::cursor::Cursor;
use crate::following::{Followed, Happened, Memory, Turn};
use crate::live::source::Source;
use crate::loader::Loader;
use crate::outbox::tail::Sequenced;
use crate::server::authentication::Standing;
use crate::server::connection::Tie;
use crate::server::live::group::Group;
use crate::server::live::seats::{Full, Seats};
use crate::server::refusal::{Refusal, RequestId};
use crate::viewer::Viewer;

/// How many events are told of at once, so that requests are answered meanwhile.
const TURNS: usize = 32;
/// How long to wait before an event is told of once more that the database did not answer for.
const AGAIN: Duration = Duration::from_millis(500);
/// Over how long a time sockets are closed when the server ends.
const SPREAD: Duration = Duration::from_secs(5);

/// How often it is looked at whether the rights have ended of whoever signed in.
const LOOK: Duration = Duration::from_millis(1_500);

/// What is the same for all who ask the same.
type Key = [u8; 32];

/// All that is followed on this node.
pub struct Hub<E> {
    app: App,
    front: Arc<Front<E>>,
    groups: Mutex<HashMap<Key, Arc<Group>>>,
    turns: Arc<Semaphore>,
    seats: Arc<Seats>,
}

/// An operation that somebody follows.
pub(super) struct Wanted {
    prepared: Prepared,
    standing: Standing,
    client: Client,
    reads: Reads,
    followed: Followed,
}

/// Whether a client has shown that it reads what it is sent. Who has is told first.
#[derive(Debug, Clone, Default)]
pub(super) struct Reads(Arc<AtomicBool>);

impl Reads {
    /// Of whoever has no way to show it.
    pub(super) fn shown() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// It has read what was sent.
    fn show(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_shown(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Something that is told.
#[derive(Debug)]
pub(super) struct Next {
    /// The response, in JSON.
    pub(super) body: Vec<u8>,
    /// Where a client resumes behind it.
    pub(super) cursor: String,
    /// Whether nothing comes after it: it says why.
    pub(super) is_last: bool,
    position: i64,
    /// How what is followed stands by it, as far as that is remembered.
    stands: Option<String>,
    /// Whether it tells that what is followed is gone.
    is_gone: bool,
}

impl<E: Executor> Hub<E> {
    /// Nobody follows anything yet.
    #[must_use]
    pub fn new(app: App, front: Arc<Front<E>>) -> Self {
        let seats = Arc::new(Seats::new(&app.config().limits));
        Self { app, front, groups: Mutex::default(), turns: Arc::new(Semaphore::new(TURNS)), seats }
    }

    /// The places of sockets, and of other answers that last.
    pub(super) fn seats(&self) -> &Arc<Seats> {
        &self.seats
    }

    /// Where somebody resumes who begins to follow something now.
    pub(super) fn cursor(&self) -> String {
        Cursor::bare(self.app.live().position()).written(self.app.keys())
    }

    /// The next event, however long the database does not answer; none where some are lost.
    async fn next(&self, source: &mut Source) -> Option<Arc<Sequenced>> {
        loop {
            match source.next(self.app.live(), self.app.db()).await {
                Ok(event) => return event,
                Err(error) => {
                    drop(error.logged());
                    sleep(AGAIN).await;
                }
            }
        }
    }

    /// What there is to tell of an event; nothing where there is nothing. It is tried until the database answers.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where the rights have ended of whom it is told.
    async fn tell(
        &self,
        wanted: &Wanted,
        (event, position): (Option<Arc<Sequenced>>, i64),
        memory: &Arc<Memory>,
    ) -> Result<Option<Next>> {
        let before = memory.last();
        loop {
            let happened = Happened::new(event.clone(), memory, Cursor::of(&wanted.followed.topic, position));
            let viewer = match wanted.standing.again(&self.app).await {
                Ok(standing) => standing.viewer,
                Err(Error::Unavailable) => {
                    sleep(AGAIN).await;
                    continue;
                }
                Err(error) => return Err(error),
            };
            let turn = Arc::new(Turn::Telling(happened.clone()));
            let Some(answer) = self.run(&wanted.prepared, viewer, &wanted.client, turn).await else { return Ok(None) };
            if answer.lacks {
                // What is not known is not said to be gone.
                memory.restore(before.clone());
                sleep(AGAIN).await;
                continue;
            }
            self.measure(&happened);
            let cursor = happened.cursor(self.app.keys());
            let (is_last, stands, is_gone) = (!answer.has_data, memory.last(), memory.is_gone());
            return Ok(Some(Next { body: answer.body, cursor, is_last, position, stands, is_gone }));
        }
    }

    /// Runs an operation for one turn. Each has its own loaders.
    async fn run(&self, prepared: &Prepared, viewer: Viewer, client: &Client, turn: Arc<Turn>) -> Option<Answer> {
        let loader = Arc::new(Loader::new(self.app.clone(), viewer, client.clone()));
        // It is held until what runs has ended, whoever waits for it.
        let place = Arc::clone(&self.turns).acquire_owned().await.ok();
        self.front.follow(prepared, &RequestId::new().0, |request| request.data(loader).data(turn).data(place)).await
    }

    fn measure(&self, happened: &Happened) {
        if let Some(event) = &happened.event {
            let late = (self.app.clock().now() - event.recorded_at).to_std().unwrap_or_default();
            metrics::histogram!("alliance_live_lag_seconds").record(late);
        }
    }

    fn groups(&self) -> MutexGuard<'_, HashMap<Key, Arc<Group>>> {
        self.groups.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wanted {
    /// Under what all are found who are told the same: strangers who ask alike.
    fn key(&self) -> Option<Key> {
        let is_public = self.standing.viewer == Viewer::Anonymous;
        is_public.then(|| Sha256::digest(self.prepared.written()).into())
    }
}

/// What somebody is told for whom there is no socket left.
pub(in crate::server) fn turned_away(full: Full) -> Refusal {
    let Full { what, setting, most } = full;
    let message = format!("{what}: at most {most} ({setting}). Close some, or try again later.");
    match setting {
        "ALLIANCE_SOCKETS" => Refusal::new(StatusCode::SERVICE_UNAVAILABLE, UNAVAILABLE, message).with(RETRY_AFTER, "5"),
        _ => Refusal::new(StatusCode::TOO_MANY_REQUESTS, LIMIT_EXCEEDED, message).with(RETRY_AFTER, "60"),
    }
}

/// Ready when something that lasts is to end with the server: not all at once, so that they come to the next one after each other.
async fn ending(tie: Option<Tie>, drain_seconds: u64) {
    match tie {
        Some(mut tie) => tie.ending().await,
        None => std::future::pending().await,
    }
    let most = (Duration::from_secs(drain_seconds) / 2).min(SPREAD);
    sleep(most.mul_f64(rand::random::<f64>())).await;
}
