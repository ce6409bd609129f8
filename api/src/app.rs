//! The long-lived tools that a request works with, made once at the start.

use std::sync::Arc;

use crate::access::Access;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::keys::Keys;
use crate::live::Live;
use crate::mail::Mailer;
use crate::passwords::Passwords;

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
}

impl App {
    /// Puts the tools together.
    #[must_use]
    pub fn new(db: Database, clock: Clock, keys: Keys, config: Config) -> Self {
        let limits = &config.limits;
        let passwords = Passwords::new(size(limits.passwords_at_once), size(limits.passwords_waiting));
        let mailer = Mailer::new(&config.mail, clock.clone());
        Self {
            tools: Arc::new(Tools {
                db,
                clock,
                keys,
                passwords,
                mailer,
                access: Access::default(),
                live: Live::default(),
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
