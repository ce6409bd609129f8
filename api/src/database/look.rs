//! A look at a database that changes nothing, not even a file.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::config::database::DatabaseUrl;
use crate::database::connect::{self, Access};
use crate::database::migrations;
use crate::error::{Error, Result};

const READ_ONLY: [(&str, &str); 1] = [("default_transaction_read_only", "on")];

/// A connection that cannot write.
#[derive(Debug)]
pub struct Look<'a> {
    url: &'a DatabaseUrl,
    db: DatabaseConnection,
}

impl<'a> Look<'a> {
    /// Connects to a database that is there.
    ///
    /// # Errors
    /// Where it cannot be reached, with what to do.
    pub async fn open(url: &'a DatabaseUrl) -> Result<Self> {
        let db = match url.sqlite_file() {
            Some(_) => connect::sqlite(url, Access::Look, 1).await?,
            None => connect::postgres(url, 1, &READ_ONLY).await?,
        };
        Ok(Self { url, db })
    }

    /// The names of migrations that have yet to run.
    ///
    /// # Errors
    /// Where the database is from a newer Alliance, or this role may not run what has yet to run.
    pub async fn pending(&self) -> Result<Vec<String>> {
        let pending = migrations::pending(&migrations::applied(&self.db).await.map_err(|e| connect::told(self.url, e))?)?;
        if !pending.is_empty() {
            migrations::permitted(self.url, &self.db).await?;
        }
        Ok(pending)
    }

    /// Checks that a SQLite file is whole.
    ///
    /// # Errors
    /// Where it is damaged.
    pub async fn whole(&self) -> Result<()> {
        let statement = Statement::from_string(DbBackend::Sqlite, "PRAGMA quick_check(1)");
        let row = self.db.query_one_raw(statement).await.map_err(|e| connect::told(self.url, e))?;
        let verdict = row.map_or(Ok("no verdict".to_owned()), |row| row.try_get_by_index::<String>(0))?;
        match verdict.as_str() {
            "ok" => Ok(()),
            _ => Err(Error::invalid("the file", format!("{verdict}; stop the server and restore the latest backup"))),
        }
    }

    /// The connection, for statements that read.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Ends the connection.
    ///
    /// # Errors
    /// What the driver reports.
    pub async fn close(self) -> Result<()> {
        Ok(self.db.close().await?)
    }
}
