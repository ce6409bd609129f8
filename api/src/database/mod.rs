//! The database: its connections, and the one who migrates or fills it. How it is connected to, what its files must be and what is
//! wrong with it are rooms of their own.

pub mod bell;
mod connect;
mod connection;
pub mod files;
mod health;
mod lease;
pub mod look;
mod migrations;
pub mod pool;
pub mod transaction;

use std::sync::{Arc, Weak};

use sea_orm::{ConnectionTrait, DbBackend, Statement};

use crate::config::database::DatabaseUrl;
use crate::database::bell::Bell;
use crate::database::connect::Access;
use crate::database::connection::Target;
use crate::database::health::{Health, Watcher};
use crate::database::pool::{Pool, Usage};
use crate::database::transaction::{Pace, Transaction};
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
    read: Pool,
    write: Pool,
    search: Pool,
    health: Arc<Health>,
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
        let health = Arc::new(Health::new());
        let pool = |target: Target, most: u32| Pool::new(target, most, Arc::clone(&health), observer.clone());
        let (read, write, search) = match url.sqlite_file() {
            Some(_) => {
                let (reader, writer) = (connect::sqlite_target(url, Access::Read), connect::sqlite_target(url, Access::Write));
                (pool(reader.clone(), READERS), pool(writer, 1).for_writing(), pool(reader, SEARCHERS))
            }
            None => {
                let both = pool(connect::postgres_target(url, &[])?, POSTGRES_CONNECTIONS);
                let search = pool(connect::postgres_target(url, &FOR_SEARCH)?, SEARCHERS);
                (both.clone(), both.for_writing(), search)
            }
        };
        // The one that makes the file comes first.
        for pool in [&write, &read, &search] {
            drop(pool.lease().await.map_err(|e| connect::told(url, e))?);
        }
        if url.sqlite_file().is_none() {
            watch(connect::postgres_target(url, &[])?, [&read, &search], &health);
        }
        Ok(Self { read, write, search, health, bell: Bell::new() })
    }

    /// For statements that only read: where a connection turns out to be dead, they are repeated on another.
    #[must_use]
    pub fn read(&self) -> &Pool {
        &self.read
    }

    /// For statements that write.
    #[must_use]
    pub fn write(&self) -> &Pool {
        &self.write
    }

    /// For statements that count: executed twice they do no harm, and of what they write nobody is promised that it outlives the machine.
    #[must_use]
    pub fn counting(&self) -> &Pool {
        if self.is_sqlite() { &self.write } else { &self.read }
    }

    /// For full-text search: a few connections of its own, so that slow searches cannot keep readers waiting.
    #[must_use]
    pub fn search(&self) -> &Pool {
        &self.search
    }

    /// What rings when something has been committed that others wait for.
    #[must_use]
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Whether it answers. SQLite is taken to.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.health.answers()
    }

    /// What each pool holds, by its name.
    #[must_use]
    pub fn usage(&self) -> Vec<(&'static str, Usage)> {
        let mut all = vec![("read", self.read.usage()), ("search", self.search.usage())];
        match self.is_sqlite() {
            true => all.push(("write", self.write.usage())),
            // Reading and writing share one.
            false => all[0].0 = "main",
        }
        all
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
        Transaction::begin(&self.write, Pace::Usual, self.bell.clone()).await
    }

    /// Begins a change of an operator's, whose statements may take as long as they want.
    ///
    /// # Errors
    /// Where the database does not answer, or the others take too long.
    pub async fn begin_slow(&self) -> Result<Transaction> {
        Transaction::begin(&self.write, Pace::Slow, self.bell.clone()).await
    }

    /// Begins a change that fills an empty database. Of several processes that do so at once, one begins and the others wait until
    /// it has ended, and then see what it wrote.
    ///
    /// # Errors
    /// Where the database does not answer, or the others take too long.
    pub async fn begin_filling(&self) -> Result<Transaction> {
        let txn = self.begin_slow().await?;
        if !self.is_sqlite() {
            txn.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({FILLING_LOCK})")).await?;
        }
        Ok(txn)
    }

    /// Moves what SQLite's log holds into the file and empties it, so that nothing that was deleted is left in it. Where somebody reads
    /// for long meanwhile, that is for another time.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn empty_log(&self) -> Result<()> {
        if self.is_sqlite() {
            self.write.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        }
        Ok(())
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

/// Watches over the health of a server, for as long as somebody uses its pools.
fn watch(target: Target, pools: [&Pool; 2], health: &Arc<Health>) {
    let pools = pools.map(|pool| Arc::downgrade(&pool.shared));
    let health = Arc::clone(health);
    let mut watcher = Watcher::new(target);
    tokio::spawn(async move {
        loop {
            watcher.look(&health).await;
            let used: Vec<_> = pools.iter().filter_map(Weak::upgrade).filter(|pool| !pool.is_closed()).collect();
            if used.is_empty() {
                return;
            }
            for pool in used {
                pool.tidy();
            }
        }
    });
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
