//! Who comes to an event, and how many people each institution pledged and brought.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0015_attendance"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
-- A party: somebody and their guests. What is pending is a request that its address has yet to confirm, and counts for nothing.
CREATE TABLE event_rsvps (
    id {id} PRIMARY KEY,
    event_id {id} NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'COMING', 'WAITING', 'CANCELLED')),
    guests INTEGER NOT NULL CHECK (guests >= 0),
    -- None of these is left once the event is long over.
    name TEXT,
    email TEXT,
    email_key {sorted},
    account_id {id} REFERENCES accounts (id) ON DELETE SET NULL,
    -- In what order the parties of an event came.
    turn INTEGER,
    expires_at {time},
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    CHECK ((state = 'PENDING') = (expires_at IS NOT NULL)),
    CHECK ((state = 'PENDING') = (turn IS NULL))
);
CREATE INDEX event_rsvps_by_event ON event_rsvps (event_id, created_at, id);
CREATE INDEX event_rsvps_by_turn ON event_rsvps (event_id, state, turn);
-- Each person has one answer, and one request that waits.
CREATE UNIQUE INDEX event_rsvps_by_address ON event_rsvps (email_key, event_id) WHERE email_key IS NOT NULL AND state <> 'PENDING';
CREATE UNIQUE INDEX event_rsvps_pending ON event_rsvps (email_key, event_id) WHERE email_key IS NOT NULL AND state = 'PENDING';
CREATE UNIQUE INDEX event_rsvps_by_account ON event_rsvps (account_id, event_id) WHERE account_id IS NOT NULL;
CREATE INDEX event_rsvps_by_end ON event_rsvps (expires_at) WHERE expires_at IS NOT NULL;

-- The people of those parties, guests among them.
CREATE TABLE rsvp_counters (
    event_id {id} PRIMARY KEY REFERENCES events (id) ON DELETE CASCADE,
    coming INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    -- The last turn that was given.
    turns INTEGER NOT NULL
);

CREATE TABLE event_turnouts (
    event_id {id} NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    institution_id {id} NOT NULL REFERENCES institutions (id) ON DELETE CASCADE,
    pledged INTEGER CHECK (pledged >= 0),
    actual INTEGER CHECK (actual >= 0),
    updated_at {time} NOT NULL,
    PRIMARY KEY (event_id, institution_id)
) {ordered_table};
CREATE INDEX event_turnouts_by_institution ON event_turnouts (institution_id);
";
