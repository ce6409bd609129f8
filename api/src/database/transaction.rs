//! A change: several statements that are written together or not at all.

use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};

use crate::database::bell::Bell;
use crate::error::Result;

/// A transaction that may write. Dropped without a commit, it has changed nothing.
#[derive(Debug)]
pub struct Transaction {
    txn: DatabaseTransaction,
    bell: Bell,
    rings: AtomicBool,
}

impl Transaction {
    pub(super) fn new(txn: DatabaseTransaction, bell: Bell) -> Self {
        Self { txn, bell, rings: AtomicBool::new(false) }
    }

    /// Rings the bell once this is committed: others wait for what was written.
    pub fn ring_after(&self) {
        self.rings.store(true, Ordering::Relaxed);
    }

    /// The bell that it rings.
    #[must_use]
    pub fn bell(&self) -> &Bell {
        &self.bell
    }

    /// Keeps what was written: once this has returned, it survives any crash.
    ///
    /// # Errors
    /// Where the database does not answer; whether it has kept the change is then not known.
    pub async fn commit(self) -> Result<()> {
        self.txn.commit().await?;
        if self.rings.into_inner() {
            self.bell.ring();
        }
        Ok(())
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.txn.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.txn.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.txn.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.txn.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.txn.query_all_raw(statement).await
    }
}
