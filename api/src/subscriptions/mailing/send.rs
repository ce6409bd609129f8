//! Sends what waits for subscribers: a few at a time, no more in a second than is allowed, and each once. All nodes share the work.

use std::time::Duration;

use alliance_entity::email_subscription::{self, EmailSubscriptionState};
use futures_util::future::join_all;
use serde_json::json;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::app::App;
use crate::caller::{Caller, Deed};
use crate::error::{Error, Result};
use crate::jobs::runner::Order;
use crate::mail::{Failure, Message};
use crate::rates::{self, Rate};
use crate::subscriptions::SUBJECT;
use crate::subscriptions::mailing::letter;
use crate::subscriptions::store;
use crate::subscriptions::store::mails::{self, Claimed, Needed, Outcome, Told};

/// How many a node hands over at once: as many as can be uncertain when it is killed.
pub const AT_ONCE: u64 = 4;
/// Longer than an exchange with the mail server can take, and the wait for it.
pub const LEASE: Duration = Duration::from_secs(180);
/// How often a mail is tried that the server refuses for now.
const TRIES: i32 = 12;
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);
/// Who was not woken looks after this.
const POLL: Duration = Duration::from_secs(1);
/// How long a mail server that is away is left alone at most.
const AWAY: Duration = Duration::from_secs(60);

/// How a round went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Nothing was due.
    Idle,
    /// So many were dealt with.
    Done(usize),
    /// No more are allowed for a while.
    Enough(Duration),
    /// The mail server is away.
    Stuck,
}

/// Sends until told to finish, and ends with what has begun.
pub async fn run(app: App, order: watch::Receiver<Order>) {
    let mut bell = app.db().bell().listen();
    let (mut stuck, mut failing) = (0_u32, false);
    while *order.borrow() == Order::Work {
        bell.mark_unchanged();
        let went = if stuck > 0 && app.mailer().greet().await.is_err() { Ok(Round::Stuck) } else { round(&app).await };
        if let Err(error) = &went
            && !failing
        {
            tracing::warn!(error = %error, "updates cannot be sent by e-mail; trying again");
        }
        failing = went.is_err();
        stuck = if went.as_ref().is_ok_and(|went| *went == Round::Stuck) { stuck + 1 } else { 0 };
        let pause = match went {
            Ok(Round::Done(_)) => continue,
            Ok(Round::Enough(wait)) => wait,
            Ok(Round::Stuck) => Duration::from_secs(1 << stuck.min(6)).min(AWAY),
            Ok(Round::Idle) | Err(_) => POLL,
        };
        let mut order = order.clone();
        tokio::select! {
            _ = bell.changed(), if went.is_ok_and(|went| went == Round::Idle) => {}
            () = sleep(pause) => {}
            _ = order.wait_for(|order| *order != Order::Work) => {}
        }
    }
}

/// Sends all that is due now and allowed. Returns how many mails that were.
///
/// # Errors
/// Where the database does not answer.
pub async fn work(app: &App) -> Result<usize> {
    let mut done = 0;
    while let Round::Done(more) = round(app).await? {
        done += more;
    }
    Ok(done)
}

/// Sends the next few.
async fn round(app: &App) -> Result<Round> {
    let look = mails::look(app.db()).await?;
    if look.is_overdue {
        let uncertain = mails::set_overdue_uncertain(app.db()).await?;
        tracing::warn!(uncertain, "nobody knows whether some updates were sent; they are not sent again");
    }
    if !look.is_due {
        return Ok(Round::Idle);
    }
    let rate = Rate::mailings(&app.config().limits);
    let most = AT_ONCE.min(u64::from(rate.burst));
    match rates::take_many(app, &rate, "", usize::try_from(most).unwrap_or(1)).await {
        Err(Error::RateLimited { .. }) => return Ok(Round::Enough(rate.every * u32::try_from(most).unwrap_or(1))),
        taken => taken?,
    }
    let claimed = mails::claim(app.db(), most, LEASE).await?;
    if claimed.is_empty() {
        return Ok(Round::Idle);
    }
    match prepare(app, &claimed).await {
        Ok((wanted, unwanted)) => {
            settle(app, Outcome::Suppressed, &unwanted).await?;
            hand_over(app, claimed.len(), wanted).await
        }
        Err(error) => {
            // Nothing was handed over.
            mails::settle(app.db(), Outcome::Again(POLL), &claimed).await?;
            Err(error)
        }
    }
}

/// A mail with whose it is, ready to be handed over.
struct Ready {
    mail: Claimed,
    subscription: email_subscription::Model,
    message: Message,
}

/// Writes the mails that are still wanted, and tells which are not.
async fn prepare(app: &App, claimed: &[Claimed]) -> Result<(Vec<Ready>, Vec<Claimed>)> {
    let Needed { subscriptions, alliances, posts } = mails::needed(app, claimed).await?;
    let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
    for mail in claimed {
        let (public, withdrawn): (Vec<&Told>, Vec<&Told>) =
            posts.iter().filter(|post| post.mail_id == mail.id).partition(|post| post.is_public());
        let confirmed = |row: &&email_subscription::Model| {
            Some(row.id) == mail.subscription_id && row.state == EmailSubscriptionState::Confirmed
        };
        let subscription = subscriptions.iter().find(confirmed);
        let alliance = alliances.iter().find(|alliance| alliance.id == mail.alliance_id);
        let (Some(subscription), Some(alliance), false) = (subscription, alliance, public.is_empty()) else {
            unwanted.push(*mail);
            continue;
        };
        for post in withdrawn {
            mails::leave_out(app.db(), post).await?;
        }
        match letter::update(app, alliance, (mail, subscription), &public) {
            Ok(message) => wanted.push(Ready { mail: *mail, subscription: subscription.clone(), message }),
            Err(error) => {
                // It would be no other the next time, and others wait.
                tracing::error!(error = %error, "an update cannot be written");
                mails::settle(app.db(), Outcome::Failed, &[*mail]).await?;
            }
        }
    }
    Ok((wanted, unwanted))
}

/// Hands mails over and writes down what came of each.
async fn hand_over(app: &App, claimed: usize, ready: Vec<Ready>) -> Result<Round> {
    let sending = ready
        .into_iter()
        .map(|Ready { mail, subscription, message }| async move { (mail, subscription, app.mailer().send(message).await) });
    let (mut sent, mut uncertain, mut failed) = (Vec::new(), Vec::new(), Vec::new());
    let (mut again, mut bounced) = (Vec::new(), Vec::new());
    for (mail, subscription, outcome) in join_all(sending).await {
        match outcome {
            Ok(()) => sent.push(mail),
            Err(Failure::Unknown(_)) => uncertain.push(mail),
            Err(Failure::Temporary(_)) if mail.attempt < TRIES => again.push(mail),
            Err(Failure::Temporary(_) | Failure::Permanent(_)) => failed.push(mail),
            Err(Failure::Bounced(_)) => {
                failed.push(mail);
                bounced.push(subscription);
            }
        }
    }
    // What one mail is refused for may be about it alone.
    let is_away = sent.is_empty() && !(uncertain.is_empty() && again.is_empty());
    settle(app, Outcome::Sent, &sent).await?;
    settle(app, Outcome::Uncertain, &uncertain).await?;
    settle(app, Outcome::Failed, &failed).await?;
    for mail in again {
        settle(app, Outcome::Again(wait(mail.attempt)), &[mail]).await?;
    }
    for subscription in bounced {
        bounce(app, &subscription).await?;
    }
    Ok(if is_away { Round::Stuck } else { Round::Done(claimed) })
}

async fn settle(app: &App, outcome: Outcome, mails: &[Claimed]) -> Result<()> {
    if mails.is_empty() { Ok(()) } else { mails::settle(app.db(), outcome, mails).await }
}

fn wait(attempt: i32) -> Duration {
    let doubled = u32::try_from(attempt - 1).unwrap_or_default().min(16);
    FIRST_WAIT.saturating_mul(1 << doubled).min(LONGEST_WAIT)
}

/// An address takes no mail: no alliance writes to it any more.
async fn bounce(app: &App, subscription: &email_subscription::Model) -> Result<()> {
    let (txn, caller) = (app.db().begin().await?, Caller::system(app));
    for row in store::set_bounced(&txn, &subscription.email_key, caller.now()).await? {
        let deed = Deed {
            action: "emailSubscriptionBounce",
            event: "EmailSubscriptionBounced",
            subject_type: SUBJECT,
            subject_id: row.id.0,
            alliance: Some(row.alliance_id),
            details: json!({}),
        };
        caller.record(&txn, deed).await?;
    }
    caller.commit(txn).await
}
