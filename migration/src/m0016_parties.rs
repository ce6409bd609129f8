//! How many parties come to an event; links that confirm comments, whose tokens are kept nowhere any more; what is forgotten by its age.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0016_parties"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
ALTER TABLE rsvp_counters ADD COLUMN parties INTEGER NOT NULL DEFAULT 0;
UPDATE rsvp_counters SET parties = (SELECT COUNT(*) FROM event_rsvps WHERE event_rsvps.event_id = rsvp_counters.event_id AND state = 'COMING');

-- Links that are under way have tokens of another form: whoever has one sends the comment again.
DROP TABLE reaction_links;
CREATE TABLE reaction_links (
    id {id} PRIMARY KEY,
    reaction_id {id} NOT NULL REFERENCES reactions (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key {sorted} NOT NULL,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
);
CREATE INDEX reaction_links_by_reaction ON reaction_links (reaction_id);
CREATE INDEX reaction_links_by_address ON reaction_links (email_key);
CREATE INDEX reaction_links_by_end ON reaction_links (expires_at);

CREATE INDEX reactions_removed ON reactions (settled_at) WHERE state = 'REMOVED';
CREATE INDEX reactions_held ON reactions (created_at) WHERE state = 'PENDING' AND confirm_by IS NULL;
CREATE INDEX enquiries_open ON enquiries (updated_at) WHERE closed_at IS NULL;
";
