//! The commands.

mod accounts;
mod alliances;
mod doctor;
mod jobs;
mod keys;
mod serve;

use std::io::Write;

use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::app::App;
use crate::cli::accounts::{AccountsCommand, AdminCommand};
use crate::cli::alliances::AlliancesCommand;
use crate::cli::jobs::JobsCommand;
use crate::cli::keys::KeysCommand;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::flags::Flags;
use crate::database::{self, Database};
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::{demo, schema, seed};

/// Alliance: a headless GraphQL content API for civic alliances.
#[derive(Debug, Parser)]
#[command(name = "alliance", version)]
pub struct CommandLine {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Migrate the database and start the server (the default)
    Serve,
    /// Bring the database's schema up to date
    Migrate,
    /// Write content into an empty database
    Seed(What),
    /// Say what is wrong with this installation, and what to do
    Doctor(Depth),
    /// Make or rotate the keys that sign tokens and seal secrets
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Make admins, and let them in again
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Begin an alliance of your own
    #[command(subcommand)]
    Alliances(AlliancesCommand),
    /// See who can sign in
    #[command(subcommand)]
    Accounts(AccountsCommand),
    /// See what is to be done, and what was given up
    #[command(subcommand)]
    Jobs(JobsCommand),
    /// Work with the GraphQL schema
    #[command(subcommand)]
    Schema(SchemaCommand),
    /// Work with the settings
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Clone, Copy, Args)]
#[group(required = true, multiple = false)]
struct What {
    /// The demo content: Nottingham Citizens
    #[arg(long)]
    demo: bool,
    /// Content for measuring: an alliance `load` with N posts, the same on every machine
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    posts: Option<u32>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum SchemaCommand {
    /// Print the schema as SDL
    Print,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum ConfigCommand {
    /// Show every setting, secrets masked
    Show,
}

impl CommandLine {
    /// Reads the command line; what is no such line ends the process with its usage.
    #[must_use]
    pub fn read() -> Self {
        let matches = Self::command().get_matches();
        let mut line = Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
        line.flags.forget_overruled(&matches);
        line
    }
}

/// Does what the command line says.
///
/// # Errors
/// A wrong setting, or a database that cannot be used.
pub async fn run(line: CommandLine) -> Result<()> {
    let CommandLine { flags, command } = line;
    if let Some(Command::Schema(SchemaCommand::Print)) = command {
        return say(&schema::sdl(&schema::build()));
    }
    if let Some(Command::Keys(command)) = &command {
        return keys::run(command, &flags);
    }
    let config = Config::read(&flags)?;
    match command.unwrap_or(Command::Serve) {
        Command::Serve => serve::serve(config).await,
        Command::Migrate => {
            database::migrate(&config.database).await?;
            say(&format!("{} is up to date\n", config.database))
        }
        Command::Seed(What { posts: Some(posts), demo: _ }) => seed_posts(config, posts).await,
        Command::Seed(What { posts: None, demo: _ }) => seed_demo(config).await,
        Command::Doctor(Depth { deep }) => examine(&config, deep).await,
        Command::Schema(SchemaCommand::Print) | Command::Keys(_) => Ok(()),
        Command::Admin(command) => with_app(config, async |app| accounts::administer(app, command).await).await,
        Command::Alliances(command) => with_app(config, async |app| alliances::run(app, command).await).await,
        Command::Accounts(AccountsCommand::List) => with_app(config, accounts::list).await,
        Command::Jobs(command) => with_app(config, async |app| jobs::run(app, command).await).await,
        Command::Config(ConfigCommand::Show) => {
            config.shown().iter().try_for_each(|(name, value)| say(&format!("{name}={value}\n")))
        }
    }
}

/// How closely to look.
#[derive(Debug, Clone, clap::Args)]
struct Depth {
    /// Also compare what stands in several places: rows, revisions, schedules, search, counters, the audit log and the outbox
    #[arg(long)]
    deep: bool,
}

/// Does something with an installation that may be running, and tells what came of it.
async fn with_app(config: Config, work: impl AsyncFnOnce(&App) -> Result<String>) -> Result<()> {
    let keys = Keys::load(&config)?;
    let app = App::new(Database::open(&config.database).await?, Clock::System, keys, config);
    let told = work(&app).await;
    app.db().clone().close().await?;
    say(&told?)
}

async fn examine(config: &Config, deep: bool) -> Result<()> {
    let findings = doctor::examine(config, deep).await;
    findings.iter().try_for_each(|finding| say(&finding.line()))?;
    match findings.iter().filter(|finding| !finding.is_well()).count() {
        0 => Ok(()),
        problems => Err(Error::invalid("doctor", format!("{problems} found; see above"))),
    }
}

async fn seed_demo(config: Config) -> Result<()> {
    let keys = Keys::load(&config)?;
    let app = App::new(Database::open(&config.database).await?, Clock::System, keys, config);
    match demo::plant(&app).await? {
        true => {
            say("the demo content was written\n")?;
            serve::tell_accounts(&app).await
        }
        false => {
            Err(Error::invalid("DATABASE_URL", "this database holds an alliance already; the demo content wants an empty one"))
        }
    }
}

async fn seed_posts(config: Config, posts: u32) -> Result<()> {
    let keys = Keys::load(&config)?;
    let app = App::new(Database::open(&config.database).await?, Clock::System, keys, config);
    let reported = |written: u32| say(&format!("{written} of {posts} posts are written\n"));
    let planted = seed::plant(&app, posts, reported).await?;
    // SQLite moves what was written into its file then.
    app.db().clone().close().await?;
    match planted {
        true => say("the content for measuring was written: it is the alliance `load`\n"),
        false => Err(Error::invalid("DATABASE_URL", "this database holds an alliance already; seeding wants an empty one")),
    }
}

/// Writes to the standard output; a reader who has gone away is no fault.
fn say(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::internal(e)),
        _ => Ok(()),
    }
}

/// Tells the operator why it stopped.
pub fn say_error(error: &Error) {
    // An operator, unlike a client, may know the cause.
    let problem = if let Error::Internal(cause) = error { cause.to_string() } else { error.to_string() };
    drop(writeln!(std::io::stderr(), "alliance: {problem}"));
}
