//! Reactions that people write: whose each is, what waits for confirmation or for a moderator, and what an alliance wants of comments.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0011_reacting"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
ALTER TABLE reactions ADD COLUMN alliance_id {id} REFERENCES alliances (id);
ALTER TABLE reactions ADD COLUMN visitor_id {id};
ALTER TABLE reactions ADD COLUMN address_hash {sorted};
ALTER TABLE reactions ADD COLUMN confirm_by {time};
ALTER TABLE reactions ADD COLUMN to_moderate BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE reactions ADD COLUMN concerns TEXT NOT NULL DEFAULT '';
ALTER TABLE reactions ADD COLUMN moderation_reason TEXT;
ALTER TABLE reactions ADD COLUMN settled_at {time};
UPDATE reactions SET alliance_id = COALESCE(
    (SELECT posts.alliance_id FROM posts WHERE posts.id = reactions.subject_id),
    (SELECT campaigns.alliance_id FROM campaigns WHERE campaigns.id = reactions.subject_id),
    (SELECT events.alliance_id FROM events WHERE events.id = reactions.subject_id)
);

-- Of one kind somebody has one reaction that counts, and one that waits.
CREATE UNIQUE INDEX reactions_counted_once ON reactions (subject_id, COALESCE(account_id, visitor_id), kind) WHERE state = 'COUNTED';
CREATE UNIQUE INDEX reactions_pending_once ON reactions (subject_id, COALESCE(account_id, visitor_id), kind) WHERE state = 'PENDING';
CREATE INDEX reactions_by_visitor ON reactions (visitor_id, subject_id) WHERE visitor_id IS NOT NULL;
CREATE INDEX reactions_by_address ON reactions (address_hash) WHERE address_hash IS NOT NULL;
CREATE INDEX reactions_to_moderate ON reactions (alliance_id, created_at, id) WHERE to_moderate;
CREATE INDEX reactions_to_confirm ON reactions (confirm_by) WHERE confirm_by IS NOT NULL;
CREATE INDEX reactions_withdrawn ON reactions (settled_at) WHERE state = 'WITHDRAWN';

-- What confirms a visitor's comments: sent to the address that they gave.
CREATE TABLE reaction_links (
    id {id} PRIMARY KEY,
    reaction_id {id} NOT NULL REFERENCES reactions (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key {sorted} NOT NULL,
    token_hash {sorted} NOT NULL UNIQUE,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL
);
CREATE INDEX reaction_links_by_reaction ON reaction_links (reaction_id);
CREATE INDEX reaction_links_by_address ON reaction_links (email_key);
CREATE INDEX reaction_links_by_end ON reaction_links (expires_at);

ALTER TABLE alliances ADD COLUMN comment_policy TEXT NOT NULL DEFAULT 'HELD' CHECK (comment_policy IN ('CLOSED', 'HELD', 'SHOWN'));
ALTER TABLE alliances ADD COLUMN blocked_words TEXT NOT NULL DEFAULT '';
ALTER TABLE campaigns ADD COLUMN is_sensitive BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX campaigns_sensitive ON campaigns (id) WHERE is_sensitive;
";
