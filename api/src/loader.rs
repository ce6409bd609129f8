//! One question for a hundred rows: collects the keys that the fields of one request ask for, and asks for them at once.
//!
//! A batch stays open until every field that can run has run: its leader gives way for as long as keys keep coming, since the
//! executor may poll the siblings of a level in several turns. So the number of statements follows from the query, never from the rows or from a timer.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};

use crate::app::App;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::idempotency::Claim;
use crate::viewer::Viewer;

/// What can be loaded many at a time: the key's type picks the statement.
pub trait Load: Clone + Eq + Hash + Send + Sync + 'static {
    /// What a key stands for.
    type Value: Clone + Send + Sync + 'static;

    /// Loads what `viewer` may see of `keys`. What is missing from the answer does not exist for them.
    fn load(app: &App, viewer: &Viewer, keys: Vec<Self>) -> impl Future<Output = Result<HashMap<Self, Self::Value>>> + Send;
}

/// The batches of one request.
pub struct Loader {
    app: App,
    viewer: Viewer,
    /// Who signed in with this very request.
    became: OnceLock<Viewer>,
    client: Client,
    claim: Option<Claim>,
    queues: Mutex<HashMap<TypeId, Box<dyn Any + Send>>>,
    /// How many bytes of the answer long fields have taken.
    spent: AtomicU64,
}

type Answer<K> = Result<Arc<HashMap<K, <K as Load>::Value>>>;
type Keys<K> = Arc<Mutex<Vec<K>>>;
type Batch<K> = Shared<BoxFuture<'static, Answer<K>>>;

struct Queue<K: Load> {
    asked: HashMap<K, Batch<K>>,
    open: Option<(Batch<K>, Keys<K>)>,
}

impl Loader {
    /// A loader for one request of `viewer`, which `client` sent.
    #[must_use]
    pub fn new(app: App, viewer: Viewer, client: Client) -> Self {
        Self { app, viewer, became: OnceLock::new(), client, claim: None, queues: Mutex::default(), spent: AtomicU64::new(0) }
    }

    /// The same for a change that is made under a claim.
    #[must_use]
    pub fn claiming(self, claim: Claim) -> Self {
        Self { claim: Some(claim), ..self }
    }

    /// Whom it loads for.
    #[must_use]
    pub fn viewer(&self) -> &Viewer {
        self.became.get().unwrap_or(&self.viewer)
    }

    /// Loads for somebody else from now on: who has just signed in, by the only field of the operation.
    pub fn become_viewer(&self, viewer: Viewer) {
        // Nobody signs in twice with one request.
        drop(self.became.set(viewer));
    }

    /// Forgets what was loaded: a change comes, and what is asked for after it is read anew.
    pub fn forget(&self) {
        lock(&self.queues).clear();
    }

    /// Takes so many bytes of the answer.
    ///
    /// # Errors
    /// [`Error::Limit`] where the answer would be too long.
    pub fn spend(&self, bytes: usize) -> Result<()> {
        let (bytes, allowed) = (u64::try_from(bytes).unwrap_or(u64::MAX), self.app.config().limits.answer_bytes);
        let asked = self.spent.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if asked > allowed { Err(Error::Limit { what: "bytes of the answer".to_owned(), allowed, asked }) } else { Ok(()) }
    }

    /// What sent the request.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Under what claim a change is made.
    #[must_use]
    pub fn claim(&self) -> Option<&Claim> {
        self.claim.as_ref()
    }

    /// The tools that it loads with.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// What `key` stands for, or `None` where it does not exist for this viewer.
    ///
    /// # Errors
    /// What the statement of the whole batch failed with.
    pub async fn load<K: Load>(self: &Arc<Self>, key: K) -> Result<Option<K::Value>> {
        let answer = self.join(&key).await?;
        Ok(answer.get(&key).cloned())
    }

    fn join<K: Load>(self: &Arc<Self>, key: &K) -> Batch<K> {
        self.with_queue(|queue: &mut Queue<K>| {
            if let Some(batch) = queue.asked.get(key) {
                return batch.clone();
            }
            let (batch, keys) = queue.open.get_or_insert_with(|| self.open_batch());
            lock(keys).push(key.clone());
            queue.asked.insert(key.clone(), batch.clone());
            batch.clone()
        })
    }

    fn open_batch<K: Load>(self: &Arc<Self>) -> (Batch<K>, Keys<K>) {
        let keys = Arc::new(Mutex::new(Vec::new()));
        let (loader, wanted) = (Arc::clone(self), Arc::clone(&keys));
        let batch = async move {
            let mut seen = 0;
            loop {
                let asked = lock(&wanted).len();
                if asked == seen {
                    break;
                }
                seen = asked;
                tokio::task::yield_now().await;
            }
            loader.with_queue(|queue: &mut Queue<K>| queue.open = None);
            let keys = std::mem::take(&mut *lock(&wanted));
            // A task of its own: a field that fails takes its siblings down, which must not happen in the midst of a statement.
            let load = async move { K::load(&loader.app, loader.viewer(), keys).await.map(Arc::new) };
            tokio::spawn(load).await.unwrap_or_else(|e| Err(Error::internal(e)))
        };
        (batch.boxed().shared(), keys)
    }

    fn with_queue<K: Load, T>(&self, work: impl FnOnce(&mut Queue<K>) -> T) -> T {
        let mut queues = lock(&self.queues);
        let queue = queues
            .entry(TypeId::of::<K>())
            .or_insert_with(|| Box::new(Queue::<K> { asked: HashMap::new(), open: None }))
            .downcast_mut::<Queue<K>>()
            .expect("each queue is kept under the type of its keys");
        work(queue)
    }
}

/// Nothing is awaited under these locks, so that a poisoned one holds no half-done work.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
