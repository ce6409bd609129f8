//! The rights of those who asked lately. They are read again every few seconds, and at once where this node hears that some changed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use alliance_entity::id::SessionId;
use moka::sync::Cache;

use crate::outbox::tail::MISSED;
use crate::viewer::Viewer;

/// How long rights may be taken for what they were: a change that nobody tells of is in force after this.
const FRESH: Duration = Duration::from_secs(3);
/// How many of each kind are remembered.
const MOST: u64 = 20_000;
/// The events after which rights are not what they were.
const CHANGING: [&str; 13] = [
    "AccountDisabled",
    "AccountEnabled",
    "AccountErased",
    "AllianceDeleted",
    "AllianceEdited",
    "ApiKeyRevoked",
    "PartnerDeleted",
    "PartnerEdited",
    "PasswordChanged",
    "RoleGranted",
    "RoleRevoked",
    "SessionEnded",
    "TwoFactorChanged",
];

/// Whether an event changes what somebody may do.
#[must_use]
pub fn is_changed_by(event: &str) -> bool {
    // What was not told may have been any of them.
    CHANGING.contains(&event) || event == MISSED
}

/// The rights that were read lately.
#[derive(Debug, Clone)]
pub struct Access {
    sessions: Cache<SessionId, Seen>,
    keys: Cache<String, Seen>,
}

/// What was read, and when reading began. Nobody is somebody whose session has ended, or whose key is none.
#[derive(Debug, Clone)]
struct Seen {
    since: Instant,
    viewer: Option<Arc<Viewer>>,
}

impl Default for Access {
    fn default() -> Self {
        Self { sessions: cache(), keys: cache() }
    }
}

fn cache<K: std::hash::Hash + Eq + Send + Sync + 'static>() -> Cache<K, Seen> {
    Cache::builder().max_capacity(MOST).time_to_live(FRESH).build()
}

impl Access {
    /// Forgets all rights, so that they are read again.
    pub fn forget(&self) {
        self.sessions.invalidate_all();
        self.keys.invalidate_all();
    }

    /// Whom a session speaks for, as `read` says or said lately.
    ///
    /// # Errors
    /// What `read` fails with.
    pub async fn of_session<E>(
        &self,
        id: SessionId,
        read: impl Future<Output = Result<Option<Viewer>, E>>,
    ) -> Result<Option<Arc<Viewer>>, E> {
        of(&self.sessions, id, read).await
    }

    /// Whom a key speaks for, by its hash.
    ///
    /// # Errors
    /// What `read` fails with.
    pub async fn of_key<E>(
        &self,
        hash: String,
        read: impl Future<Output = Result<Option<Viewer>, E>>,
    ) -> Result<Option<Arc<Viewer>>, E> {
        of(&self.keys, hash, read).await
    }
}

async fn of<K, E>(
    cache: &Cache<K, Seen>,
    key: K,
    read: impl Future<Output = Result<Option<Viewer>, E>>,
) -> Result<Option<Arc<Viewer>>, E>
where
    K: std::hash::Hash + Eq + Send + Sync + 'static,
{
    if let Some(seen) = cache.get(&key).filter(|seen| seen.since.elapsed() < FRESH) {
        return Ok(seen.viewer);
    }
    // Before the reading: what changes meanwhile is as old as this.
    let since = Instant::now();
    let viewer = read.await?.map(Arc::new);
    cache.insert(key, Seen { since, viewer: viewer.clone() });
    Ok(viewer)
}
