//! What a test has left over. It is asked where nothing can be awaited: by a thread with a connection of its own.

use std::sync::atomic::{AtomicBool, Ordering};

use alliance::app::App;
use sea_orm::{ConnectionTrait, Database, DbErr, Statement};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Row};

use crate::secrets;

/// What stands in the statements of whoever makes a secret, or is given one.
const MAKING: [&str; 5] = ["refresh_tokens", "account_links", "api_keys", "INSERT INTO rates", "webhooks"];

/// What was done that may have left something over.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// Whether a job was enqueued, and nobody said that it may be left over.
    jobs: AtomicBool,
    /// Whether there may have been a secret.
    secrets: AtomicBool,
}

impl Watch {
    pub(crate) fn see(&self, statement: &Statement) {
        self.jobs.fetch_or(statement.sql.starts_with("INSERT INTO jobs"), Ordering::Relaxed);
        self.secrets.fetch_or(MAKING.iter().any(|making| statement.sql.contains(making)), Ordering::Relaxed);
    }

    pub(crate) fn leave_jobs(&self) {
        self.jobs.store(false, Ordering::Relaxed);
    }

    /// Fails where something is left over.
    pub(crate) fn check(&self, name: &str, app: &App) {
        if self.jobs.load(Ordering::Relaxed) {
            let left = jobs(app);
            assert!(left.is_empty(), "{name}: jobs are left over: {left:?}; call `work` or `leave_jobs`");
        }
        if self.secrets.load(Ordering::Relaxed) {
            let left = secrets(app.config().database.expose());
            assert!(left.is_empty(), "{name}: secrets are kept as they are: {left:?}");
        }
    }
}

/// The kinds of jobs that are due, or are being done.
fn jobs(app: &App) -> Vec<String> {
    let (url, backend) = (app.config().database.expose().to_owned(), app.db().backend());
    let time = app.db().bell().time(backend);
    let sql = format!("SELECT kind FROM jobs WHERE state = 'RUNNING' OR (state = 'WAITING' AND due <= {time}) ORDER BY id");
    let asked = aside(async move {
        let db = Database::connect(url).await?;
        let rows = db.query_all_raw(Statement::from_string(backend, sql)).await?;
        rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<String>, DbErr>>()
    });
    asked.expect("the database answers")
}

/// Where in a database secrets are kept as they are.
fn secrets(url: &str) -> Vec<String> {
    let found = content(url).into_iter().map(|(place, bytes)| (place, secrets::all(&String::from_utf8_lossy(&bytes))));
    found.filter(|(_, secrets)| !secrets.is_empty()).map(|(place, secrets)| format!("{place}: {}", secrets.join(", "))).collect()
}

/// All that a database holds: its files, what was deleted in them among it, or the values of each of its tables.
///
/// # Panics
/// Where it cannot be read.
#[must_use]
pub fn content(url: &str) -> Vec<(String, Vec<u8>)> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let path = path.split('?').next().unwrap_or(path);
        let files = ["", "-wal"].map(|end| format!("{path}{end}"));
        return files.into_iter().filter_map(|file| std::fs::read(&file).ok().map(|bytes| (file, bytes))).collect();
    }
    let url = url.to_owned();
    aside(async move { tables(&url).await }).expect("the database answers")
}

async fn tables(url: &str) -> sqlx::Result<Vec<(String, Vec<u8>)>> {
    let mut db = PgConnection::connect(url).await?;
    let names = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'";
    let mut all = Vec::new();
    for name in sqlx::query_scalar::<_, String>(names).fetch_all(&mut db).await? {
        let mut bytes = Vec::new();
        for row in sqlx::query(AssertSqlSafe(format!("SELECT * FROM \"{name}\""))).fetch_all(&mut db).await? {
            for column in 0..row.len() {
                bytes.extend_from_slice(row.try_get_raw(column)?.as_bytes().unwrap_or_default());
                bytes.push(0);
            }
        }
        all.push((name, bytes));
    }
    Ok(all)
}

fn aside<T: Send + 'static>(asking: impl Future<Output = T> + Send + 'static) -> T {
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
        runtime.block_on(asking)
    });
    asked.join().expect("asking does not panic")
}
