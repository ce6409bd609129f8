//! How the installation fares, as a stranger may know it. Asking costs the database little, however many ask: whether it answers is
//! asked at most once a second, and content is counted at most once in ten.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use crate::app::App;
use crate::error::{Error, Result};
use crate::lookup::store::count;
use crate::policy::content::{readable_alliances, readable_campaigns, readable_events, readable_institutions};
use crate::policy::posts::readable_posts;
use crate::posts::store::last_published_at;
use crate::viewer::Viewer;

const ANSWER_HOLDS: Duration = Duration::from_secs(1);
const COUNTS_HOLD: Duration = Duration::from_secs(10);
/// How long a page waits for the database's answer, and then for the counts.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long counting may go on while no page waits for it any more.
const COUNTING: Duration = Duration::from_secs(6);

/// How much of each kind is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Alliances.
    pub alliances: i64,
    /// Institutions.
    pub institutions: i64,
    /// Campaigns.
    pub campaigns: i64,
    /// Events.
    pub events: i64,
    /// Posts.
    pub posts: i64,
    /// When they were counted.
    pub as_of: DateTime<Utc>,
}

/// How the installation fares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// Whether the database answers.
    pub answers: bool,
    /// When something was published last; none where nothing is, or where the database does not answer.
    pub last_published_at: Option<DateTime<Utc>>,
    /// What was counted last; none until that was done once.
    pub counts: Option<Counts>,
}

/// Looks after the status.
#[derive(Debug, Clone)]
pub struct Watch {
    app: App,
    answer: Arc<Kept<Option<DateTime<Utc>>>>,
    counts: Arc<Kept<Counts>>,
}

impl Watch {
    /// One that has looked at nothing yet.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app, answer: Arc::default(), counts: Arc::default() }
    }

    /// The status now.
    pub async fn status(&self) -> Status {
        let app = self.app.clone();
        let asking = async move { within(PATIENCE, last_published_at(&app, &Viewer::Anonymous)).await };
        let answer = self.answer.fresh(ANSWER_HOLDS, asking).await;
        let counts = match answer {
            Some(_) => self.counts.fresh(COUNTS_HOLD, counted(self.app.clone())).await.or_else(|| self.counts.last()),
            None => self.counts.last(),
        };
        Status { answers: answer.is_some(), last_published_at: answer.flatten(), counts }
    }
}

async fn counted(app: App) -> Option<Counts> {
    let stranger = &Viewer::Anonymous;
    let counting = async {
        Ok(Counts {
            alliances: count(&app, &readable_alliances(stranger)).await?,
            institutions: count(&app, &readable_institutions(stranger)).await?,
            campaigns: count(&app, &readable_campaigns(stranger)).await?,
            events: count(&app, &readable_events(stranger)).await?,
            posts: count(&app, &readable_posts(stranger)).await?,
            as_of: app.clock().now(),
        })
    };
    within(COUNTING, counting).await
}

async fn within<T>(time: Duration, asking: impl Future<Output = Result<T>>) -> Option<T> {
    let answer = timeout(time, asking).await.unwrap_or(Err(Error::Unavailable));
    answer.inspect_err(|e| tracing::warn!(error = %e, "the front page could not be told how the database fares")).ok()
}

/// An answer of the database that serves everybody who asks for it within some time.
#[derive(Debug)]
struct Kept<T> {
    answer: RwLock<Answer<T>>,
    asking: Mutex<()>,
}

#[derive(Debug, Clone, Copy)]
struct Answer<T> {
    asked: Option<Instant>,
    now: Option<T>,
    last: Option<T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { answer: RwLock::new(Answer { asked: None, now: None, last: None }), asking: Mutex::default() }
    }
}

impl<T: Copy + Send + Sync + 'static> Kept<T> {
    /// The answer where it is younger than `age`, else what `asking` brings: none where that fails or takes too long.
    async fn fresh(self: &Arc<Self>, age: Duration, asking: impl Future<Output = Option<T>> + Send + 'static) -> Option<T> {
        let read = |kept: &Self| *kept.answer.read().unwrap_or_else(PoisonError::into_inner);
        let young = move |answer: &Answer<T>| answer.asked.is_some_and(|asked| asked.elapsed() < age);
        if let kept = read(self)
            && young(&kept)
        {
            return kept.now;
        }
        let kept = Arc::clone(self);
        // In a task of its own: where a visitor goes away or waits no longer, the answer still comes to the next.
        let asked = tokio::spawn(async move {
            let _alone = kept.asking.lock().await;
            if let answer = read(&kept)
                && young(&answer)
            {
                return answer.now;
            }
            let now = asking.await;
            let mut answer = kept.answer.write().unwrap_or_else(PoisonError::into_inner);
            *answer = Answer { asked: Some(Instant::now()), now, last: now.or(answer.last) };
            now
        });
        timeout(PATIENCE, asked).await.ok()?.ok()?
    }

    /// The last answer that there was, however old.
    fn last(&self) -> Option<T> {
        self.answer.read().unwrap_or_else(PoisonError::into_inner).last
    }
}
