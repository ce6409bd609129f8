//! The database: its connections, and the one who migrates or fills it. How it is connected to, what its files must be and what is
//! wrong with it are rooms of their own.

pub mod bell;
mod connect;
pub mod files;
pub mod look;
mod migrations;
pub mod transaction;

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

use crate::config::database::DatabaseUrl;
use crate::database::bell::Bell;
use crate::database::connect::Access;
use crate::database::transaction::Transaction;
use crate::error::Result;

const READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;
const SEARCHERS: u32 = 4;
/// PostgreSQL does not know what it costs to look into a document that is stored out of line, and would rather read them all: the
/// index of words is never the worse way. A plan made for one word does not fit another.
const FOR_SEARCH: [(&str, &str); 3] = [("plan_cache_mode", "force_custom_plan"), ("enable_seqscan", "off"), ("work_mem", "64MB")];
/// Any numbers, the same in every process: the locks that those who migrate, and those who fill an empty database, take on PostgreSQL.
const MIGRATION_LOCK: i64 = 0x0041_4c4c_4941_4e43;
const FILLING_LOCK: i64 = MIGRATION_LOCK + 1;

/// The connections. On SQLite one of them writes and the others can only read; on PostgreSQL reading and writing share a pool.
#[derive(Debug, Clone)]
pub struct Database {
    read: DatabaseConnection,
    write: DatabaseConnection,
    search: DatabaseConnection,
    bell: Bell,
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
                let write = connect::sqlite(url, Access::Write, 1).await?;
                let read = connect::sqlite(url, Access::Read, READERS).await?;
                (read, write, connect::sqlite(url, Access::Read, SEARCHERS).await?)
            }
            None => {
                let pool = connect::postgres(url, POSTGRES_CONNECTIONS, &[]).await?;
                let search = connect::postgres(url, SEARCHERS, &FOR_SEARCH).await?;
                (pool.clone(), pool, search)
            }
        };
        if let Some(observer) = observer {
            for connection in [&mut read, &mut write, &mut search] {
                let observer = Arc::clone(&observer);
                connection.set_metric_callback(move |seen| observer(seen.statement));
            }
        }
        Ok(Self { read, write, search, bell: Bell::new() })
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

    /// What rings when something has been committed that others wait for.
    #[must_use]
    pub fn bell(&self) -> &Bell {
        &self.bell
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
    /// Where the database does not answer, or is from a newer Alliance.
    pub async fn pending(&self) -> Result<Vec<String>> {
        migrations::pending(&migrations::applied(&self.read).await?)
    }

    /// Begins a change. On SQLite one change is made at a time, and the others wait for their turn.
    ///
    /// # Errors
    /// Where the database does not answer, or the others take too long.
    pub async fn begin(&self) -> Result<Transaction> {
        // A transaction that reads first and writes later could not wait: SQLite refuses it when somebody has written in between.
        let mode = self.is_sqlite().then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..TransactionOptions::default() };
        Ok(Transaction::new(self.write.begin_with_options(options).await?, self.bell.clone()))
    }

    /// Begins a change that fills an empty database. Of several processes that do so at once, one begins and the others wait until
    /// it has ended, and then see what it wrote.
    ///
    /// # Errors
    /// Where the database does not answer, or the others take too long.
    pub async fn begin_filling(&self) -> Result<Transaction> {
        let txn = self.begin().await?;
        if !self.is_sqlite() {
            txn.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
            txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({FILLING_LOCK})")).await?;
        }
        Ok(txn)
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
/// Where the database cannot be reached, is from a newer Alliance, or a migration fails.
pub async fn migrate(url: &DatabaseUrl) -> Result<()> {
    // The lock is let go when this ends, however it does: a file is closed, and PostgreSQL's lock belongs to the one connection.
    let (_held, db) = match url.sqlite_file() {
        Some(_) => {
            files::check(url)?;
            files::make_folder(url)?;
            let held = files::lock(url).await?;
            (Some(held), connect::sqlite(url, Access::Write, 1).await?)
        }
        None => {
            let db = connect::postgres(url, 1, &[]).await?;
            db.execute_unprepared("SET statement_timeout = 0").await?;
            db.execute_unprepared(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})")).await?;
            (None, db)
        }
    };
    let done = migrations::run(url, &db).await;
    db.close().await?;
    done
}
