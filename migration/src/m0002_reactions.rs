//! Reactions to posts, campaigns and events, and the counters that lists read.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0002_reactions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
CREATE TABLE reactions (
    id {id} PRIMARY KEY,
    subject_type TEXT NOT NULL CHECK (subject_type IN ('POST', 'CAMPAIGN', 'EVENT')),
    subject_id {id} NOT NULL,
    revision_id {id},
    kind TEXT NOT NULL CHECK (kind IN ('SUPPORT', 'THANKS', 'SOLIDARITY', 'CELEBRATE', 'CONCERN')),
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'COUNTED', 'WITHDRAWN', 'REMOVED')),
    has_comment BOOLEAN NOT NULL,
    comment TEXT,
    author_name TEXT,
    created_at {time} NOT NULL,
    CHECK (has_comment = (comment IS NOT NULL))
);
CREATE INDEX reactions_by_subject ON reactions (subject_id, state, has_comment, created_at, id);

-- How many reactions of a kind are COUNTED: changed in the transaction that changes the reaction.
CREATE TABLE reaction_counters (
    subject_id {id} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('SUPPORT', 'THANKS', 'SOLIDARITY', 'CELEBRATE', 'CONCERN')),
    total BIGINT NOT NULL CHECK (total >= 0),
    PRIMARY KEY (subject_id, kind)
) {ordered_table};
";
