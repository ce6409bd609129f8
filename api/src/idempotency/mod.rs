//! Changes that are made once however often they are asked for: whoever names a request by a key of their own is given its first
//! answer each time. How the key comes is a matter for `server`.

mod store;

use std::collections::HashSet;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::app::App;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::idempotency::store::Found;
use crate::keys;
use crate::rates::{self, Rate};
use crate::viewer::Viewer;

/// By how much longer a claim holds than what it is for may take.
const MARGIN: Duration = Duration::from_secs(5);
/// How long those pause at first, and at most, who wait for the first answer.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(200);
/// What the keyed hash of a request is for: what was asked may hold passwords.
const PURPOSE: &str = "idempotent-request";

/// A request that may come again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    holder: Uuid,
    key: String,
    /// Of all that was asked, under each of our keys, the newest first.
    digests: Vec<String>,
    rights: String,
    /// To whom repeats are counted.
    counted: String,
}

impl Request {
    /// What `viewer` asks under a key of their own; `counted` is whom repeats are counted to. Nothing for a stranger, who could not be
    /// known again.
    #[must_use]
    pub fn new(app: &App, viewer: &Viewer, key: &str, asked: &str, counted: String) -> Option<Self> {
        let holder = match viewer {
            Viewer::Anonymous => return None,
            Viewer::Visitor(visitor) => visitor.0,
            Viewer::Account(account) => account.account.0,
            Viewer::Partner(partner) => partner.key.0,
        };
        let digests = app.keys().digests(PURPOSE, asked);
        Some(Self { holder, key: keys::hash(key), digests, rights: rights(viewer), counted })
    }
}

/// What somebody may do, as words in a fixed order.
fn rights(viewer: &Viewer) -> String {
    let mut words: Vec<String> = match viewer {
        Viewer::Anonymous | Viewer::Visitor(_) => Vec::new(),
        Viewer::Account(account) => {
            let operator = account.is_operator.then(|| "operator".to_owned());
            account.grants.iter().map(|(alliance, role)| format!("{alliance}:{role:?}")).chain(operator).collect()
        }
        Viewer::Partner(partner) => partner.scopes.iter().map(|scope| format!("{}:{}", partner.alliance, scope.word())).collect(),
    };
    words.sort_unstable();
    words.join(" ")
}

/// Whose turn it is.
#[derive(Debug)]
pub enum Turn {
    /// The caller's: nobody else makes this change while the claim holds.
    Mine(Claim),
    /// It was made, and this was the answer.
    Answered(Kept),
    /// The first one is still at work.
    Busy,
    /// The key stands for something else.
    Reused,
    /// The change was made, and its answer is not kept.
    Unkept,
    /// The first answer was for more rights than the caller has now.
    Forbidden,
}

/// An answer that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The answer, in JSON.
    pub body: String,
    /// Whether it reports errors.
    pub has_errors: bool,
}

/// The right to make a change that was asked for with a key. It ends with its lease, and then another may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    holder: Uuid,
    key: String,
    id: Uuid,
}

/// Finds out whose turn it is. Where another is at work it waits for the answer, as long as an operation may take.
///
/// # Errors
/// [`Error::RateLimited`] for who repeats too often; where the database does not answer.
pub async fn turn(app: &App, request: &Request) -> Result<Turn> {
    let limits = &app.config().limits;
    let patience = Duration::from_secs(limits.operation_seconds);
    let (lease, until, mut pause) = (patience + MARGIN, Instant::now() + patience, PAUSE);
    if let Some(claim) = store::insert(app, request, lease).await? {
        return Ok(Turn::Mine(claim));
    }
    rates::take(app, &Rate::repeats(limits), &request.counted).await?;
    loop {
        let claimed = match store::find(app.db(), request).await? {
            // The first one came to nothing.
            None => store::insert(app, request, lease).await?,
            Some(found) => match standing(request, found) {
                Standing::Decided(turn) => return Ok(turn),
                Standing::Free(left) => store::take_over(app, request, left, lease).await?,
                Standing::Held => None,
            },
        };
        if let Some(claim) = claimed {
            return Ok(Turn::Mine(claim));
        }
        if Instant::now() >= until {
            return Ok(Turn::Busy);
        }
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// How it stands with what was asked for before.
enum Standing {
    /// It is known what to answer.
    Decided(Turn),
    /// Whoever made this claim has not made the change, and will not any more.
    Free(Uuid),
    /// Somebody is at work.
    Held,
}

fn standing(request: &Request, found: Found) -> Standing {
    let Found { request: first, rights, claim, is_over, is_committed, has_errors, answer } = found;
    if !request.digests.contains(&first) {
        return Standing::Decided(Turn::Reused);
    }
    match answer {
        Some(_) if !covers(&request.rights, &rights) => Standing::Decided(Turn::Forbidden),
        Some(body) => Standing::Decided(Turn::Answered(Kept { body, has_errors })),
        None if !is_over => Standing::Held,
        None if is_committed => Standing::Decided(Turn::Unkept),
        None => Standing::Free(claim),
    }
}

/// Whether somebody may do at least what they were allowed to then: more rights show nothing less.
fn covers(now: &str, then: &str) -> bool {
    let now: HashSet<&str> = now.split_whitespace().collect();
    then.split_whitespace().all(|right| now.contains(right))
}

impl Claim {
    /// Writes down with a change that it was made: where the process ends before there is an answer, it is not made again.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the claim has ended and another has taken it over; where the database does not answer.
    pub async fn mark(&self, txn: &Transaction) -> Result<()> {
        match store::set_committed(txn, self).await? {
            true => Ok(()),
            false => Err(Error::Unavailable),
        }
    }

    /// Keeps the answer, unless it is too long, or something was erased since the claim was made: it may hold that.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn keep(&self, app: &App, answer: &Kept) -> Result<()> {
        let most = usize::try_from(app.config().limits.idempotency_answer_bytes).unwrap_or(usize::MAX);
        if answer.body.len() <= most && store::set_answer(app.db(), self, answer).await? {
            return Ok(());
        }
        self.give_up(app).await
    }

    /// Ends the claim without an answer: a change that was not made may be asked for again.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn give_up(&self, app: &App) -> Result<()> {
        if !store::delete(app.db(), self).await? {
            store::set_over(app.db(), self).await?;
        }
        Ok(())
    }
}

/// Forgets what an account asked for, and the answers of all others, in which it may be named: what was done stays known. The claim
/// under which this is done stays.
///
/// # Errors
/// Where the database does not answer.
pub async fn forget(txn: &Transaction, holder: Uuid, own: Option<&Claim>) -> Result<()> {
    forget_answers(txn, own).await?;
    store::delete_of(txn, holder, own.map(|claim| claim.id)).await
}

/// Forgets what was answered to anybody: it may hold what is erased. That the changes were made is still known. What is answered at this
/// moment is kept no more, but under the claim that is given; and nobody begins anything with a key until the transaction ends, so that
/// what they are answered holds nothing of it. It is the last that an erasure does.
///
/// # Errors
/// Where the database does not answer.
pub async fn forget_answers(txn: &Transaction, own: Option<&Claim>) -> Result<()> {
    store::hold(txn).await?;
    store::delete_answers(txn, own.map(|claim| claim.id)).await
}
