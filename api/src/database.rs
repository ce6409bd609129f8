//! The database: its connections, its limits, its migrations, and what differs between SQLite and PostgreSQL.

use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use alliance_migration::Migrator;
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;

use crate::config::database::DatabaseUrl;
use crate::error::{Error, Result};

const ACQUIRE: Duration = Duration::from_secs(3);
const STATEMENT: Duration = Duration::from_secs(5);
const READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
const SEARCHERS: u32 = 4;
/// PostgreSQL does not know what it costs to look into a document that is stored out of line, and would rather read them all: the
/// index of words is never the worse way. A plan made for one word does not fit another.
const FOR_SEARCH: [(&str, &str); 3] = [("plan_cache_mode", "force_custom_plan"), ("enable_seqscan", "off"), ("work_mem", "64MB")];
/// Any number, the same in every process: the lock that those who migrate take on PostgreSQL.
const MIGRATION_LOCK: i64 = 0x0041_4c4c_4941_4e43;

/// The connections. On SQLite one of them writes and the others can only read; on PostgreSQL reading and writing share a pool.
#[derive(Debug, Clone)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    search: DatabaseConnection,
}

/// Is told of every statement that is executed.
pub type Observer = Arc<dyn Fn(&Statement) + Send + Sync>;

impl Database {
    /// Connects, after bringing the schema up to date.
    ///
    /// # Errors
    /// Where the database cannot be reached, or a migration fails.
    pub async fn open(url: &DatabaseUrl) -> Result<Self> {
        migrate(url).await?;
        Self::connect(url, None).await
    }

    /// Connects to a database whose schema is up to date; `observer` sees every statement.
    ///
    /// # Errors
    /// Where the database cannot be reached.
    pub async fn connect(url: &DatabaseUrl, observer: Option<Observer>) -> Result<Self> {
        let (mut read, mut write, mut search) = match url.sqlite_file() {
            Some(_) => {
                let write = reach(url, sqlite(url, false, 1)).await?;
                let read = reach(url, sqlite(url, true, READERS)).await?;
                (read, write, reach(url, sqlite(url, true, SEARCHERS)).await?)
            }
            None => {
                let pool = reach(url, postgres(url, POSTGRES_CONNECTIONS, &[])).await?;
                let search = reach(url, postgres(url, SEARCHERS, &FOR_SEARCH)).await?;
                (pool.clone(), pool, search)
            }
        };
        if let Some(observer) = observer {
            for connection in [&mut read, &mut write, &mut search] {
                let observer = Arc::clone(&observer);
                connection.set_metric_callback(move |seen| observer(seen.statement));
            }
        }
        Ok(Self { read, write, search })
    }

    /// For statements that only read.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For statements that write.
    #[must_use]
    pub fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// For full-text search: a few connections of its own, so that slow searches cannot keep readers waiting.
    #[must_use]
    pub fn search(&self) -> &DatabaseConnection {
        &self.search
    }

    /// Which of the two it is.
    #[must_use]
    pub fn backend(&self) -> DbBackend {
        self.read.get_database_backend()
    }

    /// Whether it is SQLite.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        self.backend() == DbBackend::Sqlite
    }

    /// The names of migrations that have yet to run; none where the schema is up to date.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn pending(&self) -> Result<Vec<String>> {
        let pending = Migrator::get_pending_migrations(&self.write).await?;
        Ok(pending.iter().map(|migration| migration.name().to_owned()).collect())
    }

    /// Closes every connection once its statement has ended.
    ///
    /// # Errors
    /// What the driver reports.
    pub async fn close(self) -> Result<()> {
        self.read.close().await?;
        self.search.close().await?;
        self.write.close().await?;
        Ok(())
    }
}

/// Brings the schema up to date. Of several processes that do so at once, one does it while the others wait.
///
/// # Errors
/// Where the database cannot be reached, or a migration fails.
pub async fn migrate(url: &DatabaseUrl) -> Result<()> {
    match url.sqlite_file() {
        Some(file) => {
            if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                std::fs::create_dir_all(folder).map_err(|e| unusable(url, &e))?;
            }
            let lock = File::create(file.with_extension("lock")).map_err(|e| unusable(url, &e))?;
            // Waiting for another process's lock blocks: not on a thread that answers requests.
            let lock = tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await.map_err(Error::internal)?;
            let _held = lock.map_err(|e| unusable(url, &e))?;
            let db = reach(url, sqlite(url, false, 1)).await?;
            Migrator::up(&db, None).await?;
            db.close().await?;
        }
        None => {
            let db = reach(url, postgres(url, 1, &[])).await?;
            db.execute_unprepared("SET statement_timeout = 0").await?;
            db.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
            // The lock belongs to the one connection of this pool, and ends with it, however this ends.
            Migrator::up(&db, None).await?;
            db.close().await?;
        }
    }
    Ok(())
}

async fn reach(url: &DatabaseUrl, options: ConnectOptions) -> Result<DatabaseConnection> {
    sea_orm::Database::connect(options).await.map_err(|e| {
        let problem = format!("`{url}` cannot be reached: {e}; does it run, and are its name, user and password right?");
        Error::invalid("DATABASE_URL", problem)
    })
}

fn unusable(url: &DatabaseUrl, problem: &std::io::Error) -> Error {
    Error::invalid("DATABASE_URL", format!("`{url}` cannot be used: {problem}; name a folder that this user may write to"))
}

fn options(url: &DatabaseUrl, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url.expose());
    options.max_connections(connections).min_connections(1).acquire_timeout(ACQUIRE).connect_timeout(ACQUIRE).sqlx_logging(false);
    options
}

fn sqlite(url: &DatabaseUrl, read_only: bool, connections: u32) -> ConnectOptions {
    let mut options = options(url, connections);
    options.max_lifetime(None).idle_timeout(None).test_before_acquire(false).map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .create_if_missing(!read_only)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(STATEMENT)
            .statement_cache_capacity(512)
            .pragma("query_only", if read_only { "ON" } else { "OFF" })
            .pragma("cache_size", "-4096")
            .pragma("temp_store", "MEMORY")
    });
    options
}

fn postgres(url: &DatabaseUrl, connections: u32, settings: &'static [(&str, &str)]) -> ConnectOptions {
    let mut options = options(url, connections);
    options
        .set_application_name("alliance")
        .statement_timeout(STATEMENT)
        .map_sqlx_postgres_opts(move |o| o.statement_cache_capacity(512).options(settings.iter().copied()));
    options
}
