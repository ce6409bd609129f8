//! Institutions that ask to sit down with an organiser, each step of what came of it; and whom people write to about their data.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0013_enquiries"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
CREATE TABLE enquiries (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    state TEXT NOT NULL CHECK (state IN ('NEW', 'CONTACTED', 'MEETING', 'JOINED', 'CLOSED')),
    institution_name TEXT NOT NULL,
    institution_kind TEXT NOT NULL CHECK (institution_kind IN ('TRADE_UNION', 'FAITH_GROUP', 'CHARITY', 'SCHOOL', 'UNIVERSITY', 'OTHER')),
    institution_id {id} REFERENCES institutions (id) ON DELETE SET NULL,
    contact_name TEXT NOT NULL,
    email TEXT NOT NULL,
    -- The address as it is compared.
    email_key {sorted} NOT NULL,
    phone TEXT,
    message TEXT NOT NULL,
    -- Who wrote it, where they were signed in.
    account_id {id} REFERENCES accounts (id) ON DELETE SET NULL,
    -- Who works it.
    organiser_id {id} REFERENCES accounts (id) ON DELETE SET NULL,
    closed_at {time},
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    CHECK ((state = 'CLOSED') = (closed_at IS NOT NULL))
);
CREATE INDEX enquiries_by_time ON enquiries (created_at, id);
CREATE INDEX enquiries_by_alliance ON enquiries (alliance_id, created_at, id);
CREATE INDEX enquiries_by_address ON enquiries (email_key);
CREATE INDEX enquiries_by_institution ON enquiries (institution_id) WHERE institution_id IS NOT NULL;
CREATE INDEX enquiries_by_writer ON enquiries (account_id) WHERE account_id IS NOT NULL;
CREATE INDEX enquiries_by_organiser ON enquiries (organiser_id) WHERE organiser_id IS NOT NULL;
CREATE INDEX enquiries_by_end ON enquiries (closed_at) WHERE closed_at IS NOT NULL;

-- What was done about an enquiry, and what those who work it told each other. No step is changed.
CREATE TABLE enquiry_steps (
    id {id} PRIMARY KEY,
    enquiry_id {id} NOT NULL REFERENCES enquiries (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('SUBMITTED', 'ASSIGNED', 'ADVANCED', 'NOTE')),
    -- Where the enquiry stood from then on.
    state TEXT NOT NULL CHECK (state IN ('NEW', 'CONTACTED', 'MEETING', 'JOINED', 'CLOSED')),
    -- Who worked it from then on.
    organiser_id {id} REFERENCES accounts (id) ON DELETE SET NULL,
    text TEXT,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    created_at {time} NOT NULL
);
CREATE INDEX enquiry_steps_by_enquiry ON enquiry_steps (enquiry_id, created_at, id);
CREATE INDEX enquiry_steps_by_organiser ON enquiry_steps (organiser_id) WHERE organiser_id IS NOT NULL;
CREATE INDEX enquiry_steps_by_writer ON enquiry_steps (created_by) WHERE created_by IS NOT NULL;

ALTER TABLE alliances ADD COLUMN privacy_contact TEXT;
";
