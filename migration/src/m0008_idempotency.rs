//! The changes that were asked for with an `Idempotency-Key`, so that a repeat is given the first answer.

use sea_orm_migration::sea_orm::DbErr;
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0008_idempotency"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
-- By who asked, and the SHA-256 of the key that they chose. `claim` is whose turn it is to make the change, until `lease_ends`, in
-- milliseconds since 1970 by the database's clock. `is_committed` is written with the change itself.
CREATE TABLE idempotency_keys (
    holder {id} NOT NULL,
    key {sorted} NOT NULL,
    request TEXT NOT NULL,
    rights TEXT NOT NULL,
    claim {id} NOT NULL,
    lease_ends BIGINT NOT NULL,
    is_committed BOOLEAN NOT NULL,
    has_errors BOOLEAN NOT NULL,
    answer TEXT,
    created_at {time} NOT NULL,
    PRIMARY KEY (holder, key)
);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (created_at);
";
