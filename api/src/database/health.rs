//! Whether PostgreSQL answers. Neither its own limits nor those of TCP end the wait for one that is stopped or cut off: here it is
//! heard that nothing comes any more, whoever waits is told, and nobody asks until it answers again.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sea_orm::{DbErr, RuntimeErr};
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

use crate::database::connection::Asked;
use crate::database::connection::{Connection, Target, Unprepared};
use crate::error::database::{code, is_refusal};

/// How often is looked, also at whether it is back.
pub(super) const LOOK: Duration = Duration::from_millis(250);
/// After how long without any answer it is asked for a sign of life.
const QUIET: Duration = Duration::from_secs(1);
/// After how long without any answer, a sign of life asked for among them, it is taken for gone. With [`LOOK`] it leaves a request
/// more than a second of the 3.5 in which it must be answered.
const GONE: Duration = Duration::from_secs(2);
/// For how many looks it is given to give a sign of life. They are counted, since a process that was halted itself has not waited.
const PATIENCE: u32 = 4;
/// For how many looks one question for a sign of life may stay open while others are answered: its own connection is dead then.
const DEAF: u32 = 20;
/// How long it is given to be back.
const BACK: Duration = Duration::from_secs(2);
const TOO_MANY_CONNECTIONS: &str = "53300";

/// What is known of one database.
#[derive(Debug)]
pub(super) struct Health {
    answers: watch::Sender<bool>,
    /// Connections of an earlier time are not used again.
    epoch: AtomicU64,
    began: Instant,
    /// When it was last heard of, in milliseconds after the beginning.
    heard: AtomicU64,
    suspected: Notify,
}

impl Health {
    pub(super) fn new() -> Self {
        let (answers, _) = watch::channel(true);
        let (epoch, heard, suspected) = (AtomicU64::new(0), AtomicU64::new(0), Notify::new());
        Self { answers, epoch, began: Instant::now(), heard, suspected }
    }

    /// Whether it answers.
    pub(super) fn answers(&self) -> bool {
        *self.answers.borrow()
    }

    /// Ends once it does not answer.
    pub(super) async fn gone(&self) {
        // The sender is here: the channel does not close before this ends.
        drop(self.answers.subscribe().wait_for(|answers| !answers).await);
    }

    /// It has answered something.
    pub(super) fn hear(&self) {
        let after = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.heard.store(after, Ordering::Relaxed);
    }

    /// Something points to its being gone: it is asked for a sign of life now.
    pub(super) fn suspect(&self) {
        self.suspected.notify_one();
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// A connection was lost: those of the same time are likely lost too, and none of them is used again.
    pub(super) fn renew(&self, lost: u64) {
        // Only the first who reports a time ends it.
        let _ = self.epoch.compare_exchange(lost, lost + 1, Ordering::AcqRel, Ordering::Acquire);
    }

    fn silence(&self) -> Duration {
        self.began.elapsed().saturating_sub(Duration::from_millis(self.heard.load(Ordering::Relaxed)))
    }

    fn set(&self, answers: bool) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
        self.answers.send_replace(answers);
    }
}

/// Asks for signs of life, on a connection of its own.
#[derive(Debug)]
pub(super) struct Watcher {
    target: Target,
    connection: Option<Connection>,
}

impl Watcher {
    pub(super) fn new(target: Target) -> Self {
        Self { target, connection: None }
    }

    /// Looks once, and returns when it is time for the next look.
    pub(super) async fn look(&mut self, health: &Health) {
        let suspected = tokio::select! {
            () = sleep(LOOK) => false,
            () = health.suspected.notified() => true,
        };
        if !health.answers() {
            self.look_for_return(health).await;
        } else if (suspected || health.silence() >= QUIET)
            && let Err(error) = self.ask_for_sign(health).await
        {
            self.connection = None;
            tracing::error!(%error, "the database does not answer: until it does, requests are turned away");
            health.set(false);
        }
    }

    async fn look_for_return(&mut self, health: &Health) {
        if let Ok(Ok(connection)) = timeout(BACK, asked(None, &self.target)).await {
            self.connection = Some(connection);
            health.hear();
            health.set(true);
            tracing::info!("the database answers again");
        }
    }

    /// Fails where there is none.
    async fn ask_for_sign(&mut self, health: &Health) -> Result<(), DbErr> {
        let target = self.target.clone();
        let mut sign = std::pin::pin!(sign(self.connection.take(), &target, health));
        for looks in 1..=DEAF {
            match timeout(LOOK, &mut sign).await {
                Ok(answer) => {
                    self.connection = answer?;
                    health.hear();
                    return Ok(());
                }
                Err(_) if looks >= PATIENCE && health.silence() >= GONE => return Err(silent()),
                // Others are answered, or have been of late.
                Err(_) => {}
            }
        }
        Ok(())
    }
}

/// A sign of life, and the connection that gave it, where there is one to be had.
async fn sign(connection: Option<Connection>, target: &Target, health: &Health) -> Result<Option<Connection>, DbErr> {
    let epoch = health.epoch();
    if let Some(connection) = connection {
        match asked(Some(connection), target).await {
            Ok(connection) => return Ok(Some(connection)),
            // It has ended this connection, and so perhaps all.
            Err(_) => health.renew(epoch),
        }
    }
    match asked(None, target).await {
        Ok(connection) => Ok(Some(connection)),
        // It answers, and those who have a connection can use it.
        Err(e) if is_refusal(&e) && code(&e).is_some_and(|code| code == TOO_MANY_CONNECTIONS) => Ok(None),
        Err(e) => Err(e),
    }
}

async fn asked(connection: Option<Connection>, target: &Target) -> Result<Connection, DbErr> {
    let mut connection = match connection {
        Some(connection) => connection,
        None => target.connect().await?,
    };
    Unprepared("SELECT 1").ask(&mut connection).await?;
    Ok(connection)
}

/// That nothing came.
pub(super) fn silent() -> DbErr {
    DbErr::Conn(RuntimeErr::Internal("nothing came from it for too long".to_owned()))
}
