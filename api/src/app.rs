//! The long-lived tools that a request works with, made once at the start.

use std::fmt;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use serde_json::{Map, Value};

use crate::access::Access;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::error::Result;
use crate::keys::Keys;
use crate::live::Live;
use crate::mail::Mailer;
use crate::outgoing::Outgoing;
use crate::passwords::Passwords;
use crate::viewer::Viewer;

/// The tools, cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    tools: Arc<Tools>,
}

#[derive(Debug)]
struct Tools {
    db: Database,
    clock: Clock,
    keys: Keys,
    mailer: Mailer,
    access: Access,
    passwords: Passwords,
    config: Config,
    live: Live,
    outgoing: Outgoing,
    asked: Asked,
}

/// A question of GraphQL that was kept here by somebody who may, and is asked by nobody over the network.
#[derive(Debug, Clone)]
pub struct Question {
    /// The document, which holds one query.
    pub document: String,
    /// The values of its variables, and of others that it may do without.
    pub variables: Map<String, Value>,
}

/// Answers such questions.
#[async_trait]
pub trait Answers: Send + Sync {
    /// What is wrong with a question that is to be kept; nothing where it could be answered to this viewer.
    async fn check(&self, viewer: &Viewer, question: Question) -> Result<(), String>;
    /// The answer: `data`, and `errors` where there are some.
    async fn answer(&self, app: &App, viewer: Viewer, question: Question) -> Result<Value>;
}

/// Whom to ask, as soon as there is somebody.
#[derive(Default)]
struct Asked(OnceLock<Arc<dyn Answers>>);

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Asked({})", self.0.get().is_some())
    }
}

impl App {
    /// Puts the tools together.
    #[must_use]
    pub fn new(db: Database, clock: Clock, keys: Keys, config: Config) -> Self {
        let limits = &config.limits;
        let passwords = Passwords::new(size(limits.passwords_at_once), size(limits.passwords_waiting));
        let mailer = Mailer::new(&config.mail, clock.clone());
        let outgoing = Outgoing::new(&config);
        Self {
            tools: Arc::new(Tools {
                db,
                clock,
                keys,
                passwords,
                mailer,
                access: Access::default(),
                live: Live::default(),
                outgoing,
                asked: Asked::default(),
                config,
            }),
        }
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Database {
        &self.tools.db
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.tools.clock
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.tools.keys
    }

    /// What sends mails.
    #[must_use]
    pub fn mailer(&self) -> &Mailer {
        &self.tools.mailer
    }

    /// The rights of those who asked lately.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.tools.access
    }

    /// The gate that passwords are hashed behind.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.tools.passwords
    }

    /// What happens, as it happens.
    #[must_use]
    pub fn live(&self) -> &Live {
        &self.tools.live
    }

    /// What asks other sites.
    #[must_use]
    pub fn outgoing(&self) -> &Outgoing {
        &self.tools.outgoing
    }

    /// What answers GraphQL here; nothing before there is a router.
    #[must_use]
    pub fn answers(&self) -> Option<&Arc<dyn Answers>> {
        self.tools.asked.0.get()
    }

    /// Lets the first to come answer GraphQL here.
    pub fn answer_by(&self, answers: Arc<dyn Answers>) {
        drop(self.tools.asked.0.set(answers));
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.tools.config
    }
}

/// A limit as a length.
fn size(limit: u64) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}
