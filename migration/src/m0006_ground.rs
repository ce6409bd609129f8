//! What every change stands on: the events of the outbox, the jobs, the rates and the audit log.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0006_ground"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        sql::run(db, SCHEMA).await?;
        match db.get_database_backend() {
            DbBackend::Sqlite => sql::run(db, ON_SQLITE).await,
            _ => sql::run(db, ON_POSTGRES).await,
        }
    }
}

const SCHEMA: &str = "
-- What happened, written with the change itself.
CREATE TABLE outbox (
    id {sequence},
    kind TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id {id} NOT NULL,
    alliance_id {id},
    data TEXT NOT NULL,
    recorded_at {time} NOT NULL
);
CREATE INDEX outbox_by_time ON outbox (recorded_at);

-- What is to be done. `due` is when a job may be taken, in milliseconds since 1970 by the database's clock: a waiting one for the
-- first time or again, a running one because its lease has ended.
CREATE TABLE jobs (
    id {sequence},
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    unique_key {sorted},
    state TEXT NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'DEAD')),
    attempt INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    due BIGINT NOT NULL,
    problem TEXT,
    ended BIGINT,
    created_at {time} NOT NULL
);
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key, state) WHERE unique_key IS NOT NULL AND state IN ('WAITING', 'RUNNING');
CREATE INDEX jobs_by_due ON jobs (due, id) WHERE state IN ('WAITING', 'RUNNING');
CREATE INDEX jobs_by_end ON jobs (state, ended) WHERE state IN ('DONE', 'DEAD');

-- Who has asked too often: until when the allowance is spent, in milliseconds since 1970, by a hash of what and who.
CREATE TABLE rates (
    key {sorted} PRIMARY KEY,
    spent_until BIGINT NOT NULL
) {ordered_table};
CREATE INDEX rates_by_time ON rates (spent_until);

-- Who did what. Entries are never changed; they are deleted only while `audit_pruning` holds a row, inside one transaction.
CREATE TABLE audit_entries (
    id {id} PRIMARY KEY,
    actor TEXT NOT NULL CHECK (actor IN ('ACCOUNT', 'API_KEY', 'VISITOR', 'ANONYMOUS', 'SYSTEM', 'OPERATOR')),
    actor_id {id},
    action TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id {id},
    alliance_id {id},
    network TEXT,
    details TEXT NOT NULL,
    created_at {time} NOT NULL
);
CREATE INDEX audit_entries_by_time ON audit_entries (created_at, id);
CREATE INDEX audit_entries_by_alliance ON audit_entries (alliance_id, created_at, id);
CREATE INDEX audit_entries_by_subject ON audit_entries (subject_type, subject_id, created_at);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor_id, created_at);
CREATE TABLE audit_pruning (
    id INTEGER PRIMARY KEY
);
";

/// Here an event's id is its place: one change is written at a time.
const ON_SQLITE: &str = "
CREATE TRIGGER audit_entries_stay BEFORE UPDATE ON audit_entries BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_entries_are_kept BEFORE DELETE ON audit_entries WHEN NOT EXISTS (SELECT 1 FROM audit_pruning) BEGIN SELECT RAISE(ABORT, 'audit entries are deleted only when they are old'); END;
";

/// Here ids are given before changes are committed: a sequencer gives positions to what has been.
const ON_POSTGRES: &str = "
ALTER TABLE outbox ADD COLUMN position BIGINT UNIQUE;
CREATE INDEX outbox_without_position ON outbox (id) WHERE position IS NULL;
CREATE TABLE outbox_positions (
    id INTEGER PRIMARY KEY,
    last BIGINT NOT NULL
);
INSERT INTO outbox_positions (id, last) VALUES (1, 0);
CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM audit_pruning) THEN RETURN OLD; END IF; RAISE EXCEPTION 'audit entries are never changed, and deleted only when they are old'; END $$;
CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries FOR EACH ROW EXECUTE FUNCTION audit_entries_stay();
CREATE TRIGGER audit_entries_are_kept BEFORE TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay();
";
