//! `alliance serve`: the server with all that works beside it.

use std::io::IsTerminal;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::accounts::actions::setup;
use crate::app::App;
use crate::cli::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::database::{self, Database};
use crate::demo::accounts::DemoAccount;
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::server::metrics::Measured;
use crate::worker::{self, Domains};
use crate::{demo, server};

/// How long the database has to close where a stop has used up its time.
const CLOSING: Duration = Duration::from_millis(500);

/// Migrates and serves until it is asked to stop.
pub(super) async fn serve(config: Config) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log).map_err(Error::internal)?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::stderr().is_terminal() {
        log.init();
    } else {
        log.json().init();
    }
    let front = server::front(&config)?;
    let keys = Keys::load(&config)?;
    let measured = config.metrics_listen.map(Measured::open).transpose()?;
    database::migrate(&config.database).await?;
    let db = Database::connect(&config.database, measured.as_ref().map(Measured::observer)).await?;
    let listener = server::listen::bind(config.listen).map_err(|e| {
        Error::invalid("ALLIANCE_LISTEN", format!("`{}` cannot be listened on: {e}; name another address or port", config.listen))
    })?;
    let address = listener.local_addr().map_err(Error::internal)?;
    say(&format!("Alliance {} on {}\n  GraphQL  http://{address}/graphql\n", env!("CARGO_PKG_VERSION"), config.database))?;
    say(&format!("  Schema   http://{address}/schema.graphql\n  Health   http://{address}/readyz\n"))?;
    let (planted, app) = (config.demo, App::new(db, Clock::System, keys, config));
    if planted && demo::plant(&app).await? {
        say("  Demo content was written: ask for the alliance `nottingham-citizens`\n")?;
        tell_accounts(&app).await?;
    }
    if let Some(link) = setup::first_link(&app).await? {
        say(&format!(
            "  Nobody administers this installation yet: become its operator by this link, within 24 hours\n    {link}\n"
        ))?;
    }
    if let Some(measured) = measured {
        measured.serve(app.clone());
    }
    // What works beside the server asks what answers it.
    let router = server::router(app.clone(), front);
    let worker = worker::start(&app, Domains).await?;
    let deadline = server::listen::serve(listener, router, app.config().limits).await?;
    worker.stop(deadline).await;
    // What was cut may still hold a connection to the database, which is then not waited for.
    match timeout_at(deadline.max(Instant::now() + CLOSING), app.db().clone().close()).await {
        Ok(closed) => closed,
        Err(_) => {
            tracing::warn!("the database was not closed in time: a statement still runs");
            Ok(())
        }
    }
}

/// Tells the demo's passwords, this once.
pub(super) async fn tell_accounts(app: &App) -> Result<()> {
    say("  Sign in as one of these; their passwords are shown this once:\n")?;
    for DemoAccount { role, email, password } in demo::accounts::plant(app, demo::SLUG).await? {
        say(&format!("    {role:<10} {email:<24} {password}\n"))?;
    }
    Ok(())
}
