//! Who makes a change, from where, and what is recorded of it: an event for those who follow, and an entry of the audit log.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use alliance_entity::id::{AccountId, AllianceId};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::access;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::client::Client;
use crate::database::transaction::Transaction;
use crate::error::{Error, Result, SIGN_IN};
use crate::idempotency::Claim;
use crate::outbox::{self, Event};
use crate::viewer::{SignedIn, Viewer};

/// Who asks for a change.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The long-lived tools.
    pub app: App,
    /// Whose rights count.
    pub viewer: Viewer,
    /// What sent the request; none where it was given on the command line.
    pub client: Option<Client>,
    /// What is noted with the change that it was made; none where it was asked for without a key of the caller's own.
    pub claim: Option<Claim>,
    actor: Option<Actor>,
    changes_rights: Arc<AtomicBool>,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The act, by the name of its mutation.
    pub action: &'static str,
    /// What happened, for those who follow.
    pub event: &'static str,
    /// To what kind of object.
    pub subject_type: &'static str,
    /// To which.
    pub subject_id: Uuid,
    /// The alliance that it belongs to.
    pub alliance: Option<AllianceId>,
    /// What else matters; no name, no address and no secret.
    pub details: Value,
}

impl Deed {
    /// Something that was done to an account.
    #[must_use]
    pub fn of_account(action: &'static str, event: &'static str, account: Uuid) -> Self {
        Self { action, event, subject_type: "ACCOUNT", subject_id: account, alliance: None, details: json!({}) }
    }
}

impl Caller {
    /// Somebody over the network.
    #[must_use]
    pub fn new(app: App, viewer: Viewer, client: Client) -> Self {
        Self { app, viewer, client: Some(client), claim: None, actor: None, changes_rights: Arc::default() }
    }

    /// The same caller, who asks under a claim.
    #[must_use]
    pub fn claiming(self, claim: Option<Claim>) -> Self {
        Self { claim, ..self }
    }

    /// Whoever holds the command line: no policy is asked about them.
    #[must_use]
    pub fn command_line(app: &App) -> Self {
        let (viewer, changes_rights) = (Viewer::Anonymous, Arc::default());
        Self { app: app.clone(), viewer, client: None, claim: None, actor: None, changes_rights }
    }

    /// The node itself, which does what was asked for before.
    #[must_use]
    pub fn system(app: &App) -> Self {
        Self { actor: Some(Actor::System), ..Self::command_line(app) }
    }

    /// What is said of an object that the viewer may not see: signing in may show it.
    #[must_use]
    pub fn unseen(&self, what: &'static str) -> Error {
        match self.viewer {
            Viewer::Anonymous | Viewer::Visitor(_) => Error::Unauthenticated(SIGN_IN),
            Viewer::Account(_) | Viewer::Partner(_) => Error::NotFound(what),
        }
    }

    /// The account that a change is put down to.
    #[must_use]
    pub fn account(&self) -> Option<AccountId> {
        self.viewer.account().map(|account| account.account)
    }

    /// The same caller, whose deed is put down to an account that has just shown who it is.
    #[must_use]
    pub fn known_as(&self, account: AccountId) -> Self {
        Self { actor: Some(Actor::Account(account)), ..self.clone() }
    }

    /// The account that asks.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] where nobody is signed in.
    pub fn signed_in(&self) -> Result<&SignedIn> {
        self.viewer.account().ok_or(Error::Unauthenticated(SIGN_IN))
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock().now()
    }

    /// The address by which strangers are told apart.
    #[must_use]
    pub fn address(&self) -> String {
        self.client.as_ref().map_or_else(String::new, Client::counted)
    }

    /// Records what was done, in its own transaction.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn record(&self, txn: &Transaction, deed: Deed) -> Result<()> {
        self.record_telling(txn, deed, json!({})).await
    }

    /// The same with what those need besides who follow; no secret, since it is kept for days.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn record_telling(&self, txn: &Transaction, deed: Deed, data: Value) -> Result<()> {
        let Deed { action, event: kind, subject_type, subject_id, alliance, details } = deed;
        if access::is_changed_by(kind) {
            self.changes_rights.store(true, Ordering::Relaxed);
        }
        // One moment for both, so that each can be found by the other.
        let now = self.now();
        let event = Event { kind, subject_type, subject_id, alliance, data };
        outbox::record(txn, now, &event).await?;
        let entry = Entry {
            actor: self.actor(),
            action,
            subject_type,
            subject_id: Some(subject_id),
            alliance,
            network: self.client.as_ref().map(Client::network),
            details,
        };
        audit::record(txn, now, entry).await
    }

    /// Tells those who follow of what the public did. The audit log says nothing of it: who reacted, came or asked is nobody's business.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn announce(&self, txn: &Transaction, event: Event) -> Result<()> {
        outbox::record(txn, self.now(), &event).await
    }

    /// Keeps a change. Where it changes what somebody may do, this node knows at once.
    ///
    /// # Errors
    /// Where the database does not answer, and where another has taken over the caller's claim: nothing is changed then.
    pub async fn commit(&self, txn: Transaction) -> Result<()> {
        if let Some(claim) = &self.claim {
            claim.mark(&txn).await?;
        }
        let done = txn.commit().await;
        // Whether it was kept is not known where this failed.
        if self.changes_rights.load(Ordering::Relaxed) {
            self.app.access().forget();
        }
        done
    }

    fn actor(&self) -> Actor {
        if let Some(actor) = self.actor {
            return actor;
        }
        match &self.viewer {
            Viewer::Account(account) => Actor::Account(account.account),
            Viewer::Partner(partner) => Actor::ApiKey(partner.key),
            Viewer::Visitor(visitor) => Actor::Visitor(*visitor),
            Viewer::Anonymous if self.client.is_none() => Actor::Operator,
            Viewer::Anonymous => Actor::Anonymous,
        }
    }
}
