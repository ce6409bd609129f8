//! What a field of the Subscription root does: it says what it follows, once, and then of each event what there is to tell.
//!
//! The executor runs the same operation each time: to open it, and for each event. So each answer is made with the rights, and of the
//! state, of its moment.

pub mod cursor;

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use async_graphql::{Context, OutputType};
use futures_util::stream::{self, Stream};

use crate::context::Ask;
use crate::error::{Error, Result};
use crate::following::cursor::Cursor;
use crate::keys::Keys;
use crate::outbox::tail::Sequenced;
use crate::outbox::topic::Topic;

/// What a subscription follows.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Whose events come.
    pub topic: Topic,
    /// Which kinds of them.
    pub kinds: &'static [&'static str],
    /// How much time passes between two answers at least: what happens meanwhile is told by one.
    pub pace: Duration,
    /// Whether there is something to tell at once.
    pub begins: bool,
    /// From where on, where the client has followed it before.
    pub after: Option<Cursor>,
}

impl Followed {
    /// Events of these kinds, as they happen.
    #[must_use]
    pub fn new(topic: Topic, kinds: &'static [&'static str]) -> Self {
        Self { topic, kinds, pace: Duration::ZERO, begins: false, after: None }
    }

    /// Whether an event may be worth telling.
    #[must_use]
    pub fn concerns(&self, event: &Sequenced) -> bool {
        self.kinds.contains(&event.kind.as_str())
    }
}

/// What was told last to those who follow, so that the same is not told twice.
#[derive(Debug, Default)]
pub struct Memory(Mutex<Option<String>>);

/// What is remembered of an object that is not there any more for whoever follows it.
const GONE: &str = "gone";

impl Memory {
    /// The memory of who was told last that something is gone, or not.
    #[must_use]
    pub fn of(is_gone: bool) -> Self {
        Self(Mutex::new(is_gone.then(|| GONE.to_owned())))
    }

    /// Remembers this. Whether it is something new.
    pub fn becomes(&self, now: &str) -> bool {
        let mut told = self.told();
        let is_new = told.as_deref() != Some(now);
        if is_new {
            *told = Some(now.to_owned());
        }
        is_new
    }

    /// Remembers whether an object is there. Whether it has gone just now.
    pub fn goes(&self, is_there: bool) -> bool {
        self.becomes(if is_there { "there" } else { GONE }) && !is_there
    }

    /// What was told last.
    #[must_use]
    pub fn last(&self) -> Option<String> {
        self.told().clone()
    }

    /// Goes back to what was told before.
    pub fn restore(&self, before: Option<String>) {
        *self.told() = before;
    }

    /// Another that remembers the same.
    #[must_use]
    pub fn copied(&self) -> Self {
        Self(Mutex::new(self.last()))
    }

    /// Whether the last that was told is that it is gone.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.told().as_deref() == Some(GONE)
    }

    fn told(&self) -> MutexGuard<'_, Option<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Something that happened, on its way to those who follow.
#[derive(Debug, Clone)]
pub struct Happened {
    /// The event; none at the beginning.
    pub event: Option<Arc<Sequenced>>,
    /// What was told before.
    pub memory: Arc<Memory>,
    place: Cursor,
    cursor: Arc<OnceLock<String>>,
}

impl Happened {
    /// An event at this place, or a beginning.
    #[must_use]
    pub fn new(event: Option<Arc<Sequenced>>, memory: &Arc<Memory>, place: Cursor) -> Self {
        Self { event, memory: Arc::clone(memory), place, cursor: Arc::default() }
    }

    /// Where a client resumes behind it. Ask once what there is to tell is remembered.
    #[must_use]
    pub fn cursor(&self, keys: &Keys) -> String {
        self.cursor.get_or_init(|| self.place.told_gone(self.memory.is_gone()).written(keys)).clone()
    }
}

/// For what an operation is run.
#[derive(Debug)]
pub enum Turn {
    /// To find out what it follows.
    Opening(Mutex<Option<Followed>>),
    /// To tell of an event.
    Telling(Happened),
}

impl Turn {
    /// An operation that is opened.
    #[must_use]
    pub fn opening() -> Arc<Self> {
        Arc::new(Self::Opening(Mutex::new(None)))
    }

    /// What an operation follows that was opened; nothing where it asks for nothing.
    #[must_use]
    pub fn opened(&self) -> Option<Followed> {
        match self {
            Self::Opening(followed) => followed.lock().unwrap_or_else(PoisonError::into_inner).take(),
            Self::Telling(_) => None,
        }
    }
}

/// A field of the Subscription root, with its arguments.
pub trait Follow: Send {
    /// What it tells.
    type Told: OutputType + 'static;

    /// What it follows, where the viewer may. `after` is from where on, where the client has followed it before.
    fn open(&self, ctx: &Context<'_>, after: Option<&Cursor>) -> impl Future<Output = Result<Followed>> + Send;

    /// What there is to tell of an event; nothing where there is nothing for this viewer.
    fn tell(&self, ctx: &Context<'_>, happened: &Happened) -> impl Future<Output = Result<Option<Self::Told>>> + Send;
}

/// Opens what a field follows, or tells of one event, whatever the operation is run for.
///
/// # Errors
/// What the field fails with; [`Error::Invalid`] for a cursor that is none.
pub async fn follow<F: Follow>(
    ctx: &Context<'_>,
    field: F,
    after: Option<String>,
) -> Result<impl Stream<Item = F::Told> + use<F>> {
    let told = match &**ctx.data_unchecked::<Arc<Turn>>() {
        Turn::Opening(place) => {
            let after = after.map(|text| Cursor::read(ctx.app().keys(), &text)).transpose()?;
            let followed = Followed { after, ..field.open(ctx, after.as_ref()).await? };
            let before = place.lock().unwrap_or_else(PoisonError::into_inner).replace(followed);
            match before {
                None => None,
                Some(_) => return Err(Error::internal("a subscription has one field, and two were opened")),
            }
        }
        Turn::Telling(happened) => field.tell(ctx, happened).await?,
    };
    Ok(stream::iter(told))
}
