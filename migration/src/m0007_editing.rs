//! What editing needs: revisions that say all that a post says, schedules, notes, corrections, preview tokens, and slugs that were given up.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0007_editing"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        sql::run(db, SCHEMA).await?;
        let links =
            [("campaign_ids", "post_campaigns", "campaign_id"), ("institution_ids", "post_institutions", "institution_id")];
        for (column, table, of) in links {
            let listed = match db.get_database_backend() {
                DbBackend::Sqlite => format!("group_concat(lower(hex({of})), ',')"),
                _ => format!("string_agg(replace({of}::text, '-', ''), ',')"),
            };
            let linked = format!("SELECT {listed} FROM {table} WHERE {table}.post_id = post_revisions.post_id");
            db.execute_unprepared(&format!("UPDATE post_revisions SET {column} = coalesce(({linked}), '')")).await?;
        }
        Ok(())
    }
}

const SCHEMA: &str = "
-- A revision says all that a post says, but for its address. The ids of what it is linked to stand in hexadecimal, with commas between.
ALTER TABLE post_revisions ADD COLUMN kind TEXT NOT NULL DEFAULT 'NEWS' CHECK (kind IN ('NEWS', 'STATEMENT', 'REPORT'));
ALTER TABLE post_revisions ADD COLUMN author_id {id};
ALTER TABLE post_revisions ADD COLUMN event_id {id};
ALTER TABLE post_revisions ADD COLUMN campaign_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE post_revisions ADD COLUMN institution_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE post_revisions ADD COLUMN excerpt_is_own BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE post_revisions ADD COLUMN created_by {id} REFERENCES accounts (id) ON DELETE SET NULL;
UPDATE post_revisions SET kind = (SELECT kind FROM posts WHERE posts.id = post_revisions.post_id), author_id = (SELECT author_id FROM posts WHERE posts.id = post_revisions.post_id), event_id = (SELECT event_id FROM posts WHERE posts.id = post_revisions.post_id);
CREATE INDEX post_revisions_by_writer ON post_revisions (created_by) WHERE created_by IS NOT NULL;

ALTER TABLE posts ADD COLUMN unpublish_at {time};
ALTER TABLE posts ADD COLUMN deleted_at {time};
CREATE INDEX posts_by_deletion ON posts (deleted_at) WHERE deleted_at IS NOT NULL;

-- What is to be done to a post at a time. due is that time in milliseconds since 1970, to compare with the database's own.
CREATE TABLE post_schedules (
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    act TEXT NOT NULL CHECK (act IN ('PUBLISH', 'UNPUBLISH')),
    revision_id {id} REFERENCES post_revisions (id),
    due BIGINT NOT NULL,
    scheduled_for {time} NOT NULL,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    created_at {time} NOT NULL,
    PRIMARY KEY (post_id, act),
    CHECK ((act = 'PUBLISH') = (revision_id IS NOT NULL))
) {ordered_table};
CREATE INDEX post_schedules_by_due ON post_schedules (due);
CREATE INDEX post_schedules_by_time ON post_schedules (scheduled_for, post_id);
CREATE INDEX post_schedules_by_revision ON post_schedules (revision_id) WHERE revision_id IS NOT NULL;
CREATE INDEX post_schedules_by_writer ON post_schedules (created_by) WHERE created_by IS NOT NULL;

-- What those who write and those who review tell each other.
CREATE TABLE post_notes (
    id {id} PRIMARY KEY,
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('NOTE', 'SUBMITTED', 'RETURNED')),
    revision_number INTEGER NOT NULL,
    text TEXT,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    created_at {time} NOT NULL
);
CREATE INDEX post_notes_by_post ON post_notes (post_id, created_at, id);
CREATE INDEX post_notes_by_writer ON post_notes (created_by) WHERE created_by IS NOT NULL;

-- What was wrong with what the public had read.
CREATE TABLE post_corrections (
    id {id} PRIMARY KEY,
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    corrected_at {time} NOT NULL
);
CREATE INDEX post_corrections_by_post ON post_corrections (post_id, corrected_at, id);
CREATE INDEX post_corrections_by_writer ON post_corrections (created_by) WHERE created_by IS NOT NULL;

-- Who holds such a token reads one revision, whoever they are.
CREATE TABLE post_preview_tokens (
    id {id} PRIMARY KEY,
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    revision_id {id} NOT NULL REFERENCES post_revisions (id) ON DELETE CASCADE,
    hash {sorted} NOT NULL UNIQUE,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    revoked_at {time}
);
CREATE INDEX post_preview_tokens_by_post ON post_preview_tokens (post_id, created_at);
CREATE INDEX post_preview_tokens_by_revision ON post_preview_tokens (revision_id);
CREATE INDEX post_preview_tokens_by_writer ON post_preview_tokens (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX post_preview_tokens_by_end ON post_preview_tokens (expires_at);

-- Slugs that lead to what had them once. Nothing else of that kind in the alliance gets them.
CREATE TABLE former_slugs (
    subject_type TEXT NOT NULL CHECK (subject_type IN ('POST', 'CAMPAIGN', 'EVENT', 'INSTITUTION')),
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    slug {sorted} NOT NULL,
    subject_id {id} NOT NULL,
    retired_at {time} NOT NULL,
    PRIMARY KEY (subject_type, alliance_id, slug)
) {ordered_table};
CREATE INDEX former_slugs_by_subject ON former_slugs (subject_id);
";
