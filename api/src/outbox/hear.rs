//! Hears from PostgreSQL that other nodes have given positions. What is not heard is polled for, so that nothing here may fail.

use std::time::Duration;

use sea_orm::sqlx;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::config::database::DatabaseUrl;
use crate::outbox::sequencer::CHANNEL;

const PATIENCE: Duration = Duration::from_secs(3);
/// How long a connection may be silent before it is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(15);
const BACK_OFF: Duration = Duration::from_secs(1);

/// Wakes with each notification, for ever. It has a connection of its own, and makes another where that breaks.
pub async fn hear(url: &DatabaseUrl, wake: &watch::Sender<u64>) {
    let mut failing = false;
    loop {
        if let Ok(Ok(mut listener)) = timeout(PATIENCE, connect(url)).await {
            if failing {
                tracing::info!("notifications of the database are heard again");
            }
            failing = false;
            // Some may have been sent while nobody listened.
            wake.send_modify(|times| *times += 1);
            follow(&mut listener, wake).await;
        }
        if !failing {
            tracing::warn!("notifications of the database are not heard; its events are polled for until they are");
        }
        failing = true;
        sleep(BACK_OFF).await;
    }
}

async fn connect(url: &DatabaseUrl) -> sqlx::Result<PgListener> {
    let mut listener = PgListener::connect(url.expose()).await?;
    listener.eager_reconnect(false);
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

/// Returns when the connection is lost.
async fn follow(listener: &mut PgListener, wake: &watch::Sender<u64>) {
    loop {
        match timeout(SILENCE, listener.try_recv()).await {
            Ok(Ok(Some(_))) => wake.send_modify(|times| *times += 1),
            Ok(Ok(None) | Err(_)) => return,
            // A connection that was cut off tells nothing.
            Err(_) => match timeout(PATIENCE, sqlx::query("SELECT 1").execute(&mut *listener)).await {
                Ok(Ok(_)) => {}
                _ => return,
            },
        }
    }
}
