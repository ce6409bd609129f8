//! Where a post stood before it was scheduled, and the HTML that was made of texts when they were written.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0010_earlier_status"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
ALTER TABLE posts ADD COLUMN earlier_status TEXT CHECK (earlier_status IN ('DRAFT', 'IN_REVIEW', 'UNPUBLISHED', 'ARCHIVED'));
-- What it was is not known of those that are scheduled already: they stand where they would have stood.
UPDATE posts SET earlier_status = CASE WHEN first_published_at IS NULL THEN 'DRAFT' ELSE 'UNPUBLISHED' END WHERE status = 'SCHEDULED';

-- The HTML of what alliances, campaigns, events and institutions say; that of posts stands in their revisions. What is not here is made when it is read.
CREATE TABLE rendered_texts (
    subject_id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    source {bytes} NOT NULL,
    html TEXT NOT NULL,
    rendering INTEGER NOT NULL
);
CREATE INDEX rendered_texts_by_alliance ON rendered_texts (alliance_id);
";
