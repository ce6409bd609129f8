//! One operation over a socket: a query or a mutation as at the door, or a subscription.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::Executor;
use axum::extract::ws::Utf8Bytes;
use futures_util::StreamExt;
use serde_json::Value;
use tokio::sync::{mpsc, oneshot};

use crate::client::Client;
use crate::document::answer::Answer;
use crate::document::{Asked, Prepared};
use crate::error::report::Report;
use crate::loader::Loader;
use crate::server::Door;
use crate::server::authentication::{Standing, audience};
use crate::server::graphql::{count, request};
use crate::server::guards::Places;
use crate::server::live::Reads;
use crate::server::live::socket::message;
use crate::server::live::subscription::{Subscription, Told, Unopened};
use crate::server::refusal::RequestId;

/// Something that an operation of a socket has to say.
#[derive(Debug)]
pub(super) struct Said {
    pub(super) id: String,
    /// Which of all the operations of the socket it is: an id may be used again.
    pub(super) number: u64,
    pub(super) what: What,
}

/// What it is.
#[derive(Debug)]
pub(super) enum What {
    /// A message.
    Next(Utf8Bytes),
    /// Its last message.
    Last(Utf8Bytes),
    /// The rights have ended of whoever asked.
    Ended(&'static str),
}

/// An operation that a client asked for.
pub(super) struct Operation<E> {
    pub(super) door: Door<E>,
    pub(super) id: String,
    pub(super) number: u64,
    pub(super) standing: Standing,
    pub(super) client: Client,
    pub(super) places: Places,
    pub(super) reads: Reads,
    pub(super) said: mpsc::Sender<Box<Said>>,
    /// It is under way, until it turns out to be a subscription.
    pub(super) busy: Busy,
}

/// Counts an operation that is under way.
pub(super) struct Busy(Option<Arc<AtomicUsize>>);

impl Busy {
    pub(super) fn new(busy: &Arc<AtomicUsize>) -> Self {
        busy.fetch_add(1, Ordering::SeqCst);
        Self(Some(Arc::clone(busy)))
    }

    fn ends(&mut self) {
        if let Some(busy) = self.0.take() {
            busy.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.ends();
    }
}

impl<E: Executor> Operation<E> {
    /// Answers until there is nothing more to say. A subscription ends, too, once it is `unwanted`.
    pub(super) async fn run(mut self, payload: Value, unwanted: oneshot::Receiver<()>) {
        let id = RequestId::new();
        // What is large and soon over has a place of its own: what is followed for hours is to be small.
        match Box::pin(self.prepare(payload, &id)).await {
            Ok((prepared, standing)) if prepared.follows() => {
                self.busy.ends();
                tokio::select! { () = self.follow(prepared, standing, &id) => {}, _ = unwanted => {} }
            }
            Ok((prepared, standing)) => Box::pin(self.answer(prepared, standing, &id)).await,
            Err(errors) => self.fail(&errors).await,
        }
    }

    async fn say(&self, what: What) {
        // Where the socket is gone, nobody is to be told.
        drop(self.said.send(Box::new(Said { id: self.id.clone(), number: self.number, what })).await);
    }

    async fn fail(&self, errors: &[u8]) {
        self.say(What::Last(message::error(&self.id, errors))).await;
    }

    /// What is asked for, where it may be, and with which rights of now.
    async fn prepare(&self, payload: Value, id: &RequestId) -> Result<(Prepared, Standing), Vec<u8>> {
        let listed = |report: Report| listed(report, id);
        let _place = self.places.take().map_err(|refusal| listed(Report::new(refusal.code, refusal.message)))?;
        let standing = self.standing.again(&self.door.app).await.map_err(|error| listed(Report::from(&error.logged())))?;
        let asked = request::of_value(payload).map_err(|malformed| listed(malformed.report(&self.door.app.config().limits)))?;
        let asked = Asked { may_follow: true, audience: audience(&standing.viewer), ..asked };
        let prepared = self.door.front.prepare(asked).await.map_err(|refused| refused.listed(&id.0))?;
        Ok((prepared, standing))
    }

    async fn answer(&self, prepared: Prepared, standing: Standing, id: &RequestId) {
        let answered = match self.places.take() {
            Err(refusal) => Err(listed(Report::new(refusal.code, refusal.message), id)),
            Ok(_place) => self.execute(prepared, standing, id).await,
        };
        match answered {
            Ok(answer) => {
                self.say(What::Next(message::next(&self.id, &answer.body))).await;
                self.say(What::Last(message::complete(&self.id))).await;
            }
            Err(errors) => self.fail(&errors).await,
        }
    }

    async fn execute(&self, prepared: Prepared, standing: Standing, id: &RequestId) -> Result<Answer, Vec<u8>> {
        let loader = Loader::new(self.door.app.clone(), standing.viewer, self.client.clone());
        if prepared.writes() {
            let counted = count(&loader, prepared.mutations()).await;
            counted.map_err(|error| listed(Report::from(&error.logged()), id))?;
        }
        let executed = self.door.front.execute(prepared, &id.0, |request| request.data(Arc::new(loader))).await;
        executed.map_err(|refused| refused.listed(&id.0))
    }

    async fn follow(&self, prepared: Prepared, standing: Standing, id: &RequestId) {
        let who = (standing, self.client.clone(), self.reads.clone());
        let opened = Box::pin(Subscription::open(&self.door.hub, prepared, who, None)).await;
        let subscription = match opened {
            Ok(subscription) => subscription,
            Err(unopened) => return self.fail(&unopened.listed(id)).await,
        };
        let mut told = pin!(subscription.told());
        while let Some(told) = told.next().await {
            match told {
                Told::Next(next) => self.say(What::Next(message::next(&self.id, &next.body))).await,
                Told::Failed(report) => return self.fail(&listed(report, id)).await,
                Told::Ended(why) => return self.say(What::Ended(why)).await,
            }
        }
        self.say(What::Last(message::complete(&self.id))).await;
    }
}

fn listed(report: Report, id: &RequestId) -> Vec<u8> {
    crate::document::answer::listed(vec![report], &id.0)
}

impl Unopened {
    /// What is wrong, as a list in JSON.
    pub(in crate::server) fn listed(self, id: &RequestId) -> Vec<u8> {
        match self {
            Self::Refused(report) => listed(report, id),
            Self::Full(refusal) => listed(Report::new(refusal.code, refusal.message), id),
            Self::Answered(answer) => {
                let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
                body["errors"].to_string().into_bytes()
            }
        }
    }
}
