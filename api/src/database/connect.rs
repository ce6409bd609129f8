//! How each database is connected to, with which limits, and what is said where that fails.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sea_orm::sqlx::ConnectOptions as _;
use sea_orm::sqlx::postgres::PgConnectOptions;
use sea_orm::sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, DatabaseConnection, DbErr, RuntimeErr};

use crate::config::database::DatabaseUrl;
use crate::database::connection::Target;
use crate::database::pool::ACQUIRE;
use crate::error::database::code;
use crate::error::{Error, Result};

/// How long the database itself works on a statement, or waits for its turn.
const STATEMENT: Duration = Duration::from_secs(5);
/// What the server does for one whose network was cut: it hears of it, undoes what was begun, and lets its locks and its connection go.
const WHERE_CUT: [(&str, &str); 4] = [
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("idle_in_transaction_session_timeout", "10s"),
];

/// What a connection to SQLite may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// Everything; the file is made where there is none.
    Write,
    /// Read, beside one that writes.
    Read,
    /// Read, and leave every file as it is.
    Look,
}

/// SQLite, for a pool.
pub(super) fn sqlite_target(url: &DatabaseUrl, access: Access) -> Target {
    let file = url.sqlite_file().unwrap_or_default();
    Target::Sqlite(Box::new(limited(SqliteConnectOptions::new().disable_statement_logging(), access, &file)))
}

/// PostgreSQL, for a pool.
///
/// # Errors
/// Where the driver finds fault with its address.
pub(super) fn postgres_target(url: &DatabaseUrl, settings: &[(&str, &str)]) -> Result<Target> {
    let parsed = PgConnectOptions::from_str(url.expose());
    let options = parsed.map_err(|e| told(url, DbErr::Conn(RuntimeErr::SqlxError(e.into()))))?;
    let options = options.application_name("alliance").disable_statement_logging().statement_cache_capacity(512);
    let options = options.options([("statement_timeout", STATEMENT.as_millis().to_string())]).options(WHERE_CUT);
    Ok(Target::Postgres(Box::new(options.options(settings.iter().copied()))))
}

pub(super) async fn sqlite(url: &DatabaseUrl, access: Access, connections: u32) -> Result<DatabaseConnection> {
    let file = url.sqlite_file().unwrap_or_default();
    let mut options = options(url, connections);
    options
        .max_lifetime(None)
        .idle_timeout(None)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| limited(sqlite, access, &file));
    reach(url, options).await
}

fn limited(sqlite: SqliteConnectOptions, access: Access, file: &Path) -> SqliteConnectOptions {
    // What the driver read out of the address is not used: it takes `?` and `%` in a name for its own.
    let sqlite = match file.starts_with("file:") {
        true => sqlite.filename(Path::new(".").join(file)),
        false => sqlite.filename(file),
    };
    let sqlite = sqlite.foreign_keys(true).busy_timeout(STATEMENT).statement_cache_capacity(512);
    let sqlite = sqlite.pragma("cache_size", "-4096").pragma("temp_store", "MEMORY");
    // What is deleted is overwritten: whoever was erased is not found in the file either.
    let sqlite = sqlite.pragma("secure_delete", "ON");
    let sqlite = sqlite.pragma("query_only", if access == Access::Write { "OFF" } else { "ON" });
    match access {
        // With a log beside it the file is in use, or was until a crash, and must be read with what the log holds.
        Access::Look => sqlite.create_if_missing(false).read_only(true).immutable(!super::files::beside(file, "-wal").exists()),
        Access::Write | Access::Read => sqlite
            .create_if_missing(access == Access::Write)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full),
    }
}

pub(super) async fn postgres(
    url: &DatabaseUrl,
    connections: u32,
    settings: &'static [(&str, &str)],
) -> Result<DatabaseConnection> {
    let mut options = options(url, connections);
    options
        .set_application_name("alliance")
        .statement_timeout(STATEMENT)
        .map_sqlx_postgres_opts(move |o| o.statement_cache_capacity(512).options(settings.iter().copied()));
    reach(url, options).await
}

fn options(url: &DatabaseUrl, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.expose());
    options.max_connections(connections).min_connections(1).acquire_timeout(ACQUIRE).connect_timeout(ACQUIRE).sqlx_logging(false);
    options
}

async fn reach(url: &DatabaseUrl, options: ConnectOptions) -> Result<DatabaseConnection> {
    sea_orm::Database::connect(options).await.map_err(|e| told(url, e))
}

/// What the operator is told of an error of the database, and what to do about it.
pub(super) fn told(url: &DatabaseUrl, error: DbErr) -> Error {
    let code = code(&error).unwrap_or_default();
    let problem = if url.sqlite_file().is_some() {
        let advice = match code.parse::<u16>().map(|code| code & 0xff) {
            Ok(5 | 6) => "another process holds it: stop that one, or try again",
            Ok(8 | 14 | 23) => {
                "this user may not open or write it: mend the rights of the file and its folder, or name another file"
            }
            Ok(11) => "the file is damaged: stop the server and restore the latest backup",
            Ok(13) => "the disk is full: make room",
            Ok(26) => "the file is no SQLite database: name another file, or restore the latest backup",
            _ if matches!(error, DbErr::Conn(_)) => "is its address right?",
            _ => return Error::from(error),
        };
        format!("`{url}` cannot be used: {error}; {advice}")
    } else if code == "42501" {
        format!("`{url}` cannot be used: {error}; let the owner of what is named grant it to this role")
    } else if matches!(error, DbErr::Conn(_)) {
        format!("`{url}` cannot be reached: {error}; does it run, and are its name, user and password right?")
    } else {
        return Error::from(error);
    };
    Error::invalid("DATABASE_URL", problem)
}
