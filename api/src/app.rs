//! The long-lived tools that a request works with, made once at the start.

use std::sync::Arc;

use crate::clock::Clock;
use crate::config::Config;
use crate::database::Database;
use crate::live::Live;

/// The tools, cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    tools: Arc<Tools>,
}

#[derive(Debug)]
struct Tools {
    db: Database,
    clock: Clock,
    config: Config,
    live: Live,
}

impl App {
    /// Puts the tools together.
    #[must_use]
    pub fn new(db: Database, clock: Clock, config: Config) -> Self {
        Self { tools: Arc::new(Tools { db, clock, config, live: Live::default() }) }
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
