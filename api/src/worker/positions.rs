//! Events get their positions, and this node is told of those that have one.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::app::App;
use crate::outbox::hear;
use crate::outbox::sequencer::{self, Turn};
use crate::worker::telling::Telling;
use crate::worker::{ELSEWHERE, POLL};

pub(super) async fn follow(app: App, mut woken: watch::Receiver<u64>) {
    let mut bell = app.db().bell().listen();
    let mut telling = Telling::default();
    loop {
        bell.mark_unchanged();
        woken.mark_unchanged();
        if telling.tell("follow events", app.live().follow(app.db()).await).is_none() {
            sleep(POLL).await;
        }
        tokio::select! {
            // On PostgreSQL what was committed has yet to get its position.
            _ = bell.changed(), if app.db().is_sqlite() => {}
            _ = woken.changed() => {}
            () = sleep(POLL) => {}
        }
    }
}

pub(super) async fn give_positions(app: App, wake: Arc<watch::Sender<u64>>) {
    let mut bell = app.db().bell().listen();
    let mut telling = Telling::default();
    let mut hints = JoinSet::new();
    loop {
        bell.mark_unchanged();
        let pause = match telling.tell("give positions", sequencer::sequence(app.db()).await) {
            Some(Turn::Given(_)) => {
                wake.send_modify(|times| *times += 1);
                // Of hints that are held up one is enough.
                if hints.try_join_next().is_some() || hints.is_empty() {
                    let app = app.clone();
                    hints.spawn(async move { drop(sequencer::notify(app.db()).await) });
                }
                continue;
            }
            Some(Turn::Elsewhere) => ELSEWHERE,
            Some(Turn::Idle) => POLL,
            None => {
                sleep(POLL).await;
                continue;
            }
        };
        tokio::select! { _ = bell.changed(), if pause == POLL => {}, () = sleep(pause) => {} }
    }
}

pub(super) async fn hear_of_others(app: App, wake: Arc<watch::Sender<u64>>) {
    hear::hear(&app.config().database, &wake).await;
}
