//! What carries posts to other sites: an alliance's own addresses and terms, its partners and what they may carry, what was taken away
//! again, and the webhooks with what became of each delivery.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0017_syndication"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        let db = manager.get_connection();
        sql::run(db, SCHEMA).await?;
        // What happened before is told to nobody.
        let last = match sea_orm::ConnectionTrait::get_database_backend(db) {
            sea_orm::DbBackend::Sqlite => "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)",
            _ => "(SELECT last FROM outbox_positions)",
        };
        sql::run(db, &format!("INSERT INTO outbox_readers (name, position) VALUES ('webhooks', {last})")).await
    }
}

const SCHEMA: &str = "
-- Where an alliance's own site shows what it publishes, what its feeds hold, and on what terms others carry its posts.
ALTER TABLE alliances ADD COLUMN link_template TEXT;
ALTER TABLE alliances ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
ALTER TABLE alliances ADD COLUMN feed_content TEXT NOT NULL DEFAULT 'FULL' CHECK (feed_content IN ('FULL', 'EXCERPT'));
ALTER TABLE alliances ADD COLUMN licence TEXT;
ALTER TABLE alliances ADD COLUMN usage_terms TEXT;

-- The terms of one post, where they differ; until when nobody may carry it; and what partners' desks are told of it.
ALTER TABLE posts ADD COLUMN licence TEXT;
ALTER TABLE posts ADD COLUMN usage_terms TEXT;
ALTER TABLE posts ADD COLUMN embargoed_until {time};
ALTER TABLE posts ADD COLUMN desk_note TEXT;
-- Since when anyone could carry it: never changed, so that it has one place in an archive for ever.
ALTER TABLE posts ADD COLUMN carried_since {time};
UPDATE posts SET carried_since = first_published_at WHERE first_published_at IS NOT NULL;
-- Counts what changed of it for those who carry it: saves of drafts are nobody's business.
ALTER TABLE posts ADD COLUMN public_version INTEGER NOT NULL DEFAULT 0;
UPDATE posts SET public_version = 1 WHERE first_published_at IS NOT NULL;
CREATE INDEX posts_by_carrying ON posts (alliance_id, carried_since) WHERE carried_since IS NOT NULL;
CREATE INDEX posts_by_change ON posts (alliance_id, updated_at) WHERE carried_since IS NOT NULL;
CREATE INDEX posts_by_embargo ON posts (embargoed_until) WHERE embargoed_until IS NOT NULL;

-- Posts that were public in a place, an alliance, a campaign or an institution, and are not any more. They may be deleted since.
CREATE TABLE post_departures (
    place_id {id} NOT NULL,
    post_id {id} NOT NULL,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    carried_since {time} NOT NULL,
    left_at {time} NOT NULL,
    is_deleted BOOLEAN NOT NULL,
    PRIMARY KEY (place_id, post_id)
) {ordered_table};
CREATE INDEX post_departures_by_time ON post_departures (place_id, left_at, post_id);
CREATE INDEX post_departures_by_carrying ON post_departures (place_id, carried_since);
CREATE INDEX post_departures_by_post ON post_departures (post_id);
CREATE INDEX post_departures_by_alliance ON post_departures (alliance_id);

-- Other alliances that carry posts of one here, each with its rights: all campaigns, or some.
CREATE TABLE partners (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    sort_name {sorted} NOT NULL,
    website_url TEXT,
    contact TEXT,
    carries_all BOOLEAN NOT NULL,
    suspended_at {time},
    version INTEGER NOT NULL,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE UNIQUE INDEX partners_by_name ON partners (alliance_id, sort_name);
CREATE INDEX partners_by_creator ON partners (created_by) WHERE created_by IS NOT NULL;

CREATE TABLE partner_campaigns (
    partner_id {id} NOT NULL REFERENCES partners (id) ON DELETE CASCADE,
    campaign_id {id} NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    PRIMARY KEY (partner_id, campaign_id)
) {ordered_table};
CREATE INDEX partner_campaigns_by_campaign ON partner_campaigns (campaign_id);

ALTER TABLE api_keys ADD COLUMN partner_id {id} REFERENCES partners (id) ON DELETE CASCADE;
CREATE INDEX api_keys_by_partner ON api_keys (partner_id) WHERE partner_id IS NOT NULL;

-- Where to a site is told what happens. The secrets are sealed. Times in milliseconds since 1970 are by the database's clock.
CREATE TABLE webhooks (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    partner_id {id} REFERENCES partners (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    description TEXT,
    events TEXT NOT NULL,
    query TEXT,
    secret TEXT NOT NULL,
    former_secret TEXT,
    former_secret_until {time},
    disabled_at {time},
    disabled_reason TEXT CHECK (disabled_reason IN ('BY_HAND', 'GONE', 'FAILING')),
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since {time},
    open_until BIGINT,
    version INTEGER NOT NULL,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX webhooks_by_alliance ON webhooks (alliance_id, created_at);
CREATE INDEX webhooks_by_partner ON webhooks (partner_id) WHERE partner_id IS NOT NULL;
CREATE INDEX webhooks_by_creator ON webhooks (created_by) WHERE created_by IS NOT NULL;

-- One event for one webhook: told once, and the same message however often it is tried. A test has no position.
CREATE TABLE webhook_deliveries (
    id {id} PRIMARY KEY,
    webhook_id {id} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    position BIGINT,
    event TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id {id} NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('WAITING', 'SENDING', 'DELIVERED', 'FAILED')),
    cache_tags TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    attempts_before INTEGER NOT NULL DEFAULT 0,
    due BIGINT NOT NULL,
    lease BIGINT,
    happened_at {time} NOT NULL,
    created_at {time} NOT NULL,
    ended_at {time}
);
CREATE UNIQUE INDEX webhook_deliveries_once ON webhook_deliveries (webhook_id, position);
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (webhook_id, created_at, id);
CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (webhook_id, due, id) WHERE state = 'WAITING';
CREATE INDEX webhook_deliveries_by_lease ON webhook_deliveries (webhook_id, lease) WHERE state = 'SENDING';
CREATE INDEX webhook_deliveries_by_end ON webhook_deliveries (ended_at) WHERE ended_at IS NOT NULL;

CREATE TABLE webhook_attempts (
    delivery_id {id} NOT NULL REFERENCES webhook_deliveries (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    began_at {time} NOT NULL,
    took_millis INTEGER NOT NULL,
    status INTEGER,
    problem TEXT,
    answer TEXT,
    PRIMARY KEY (delivery_id, number)
) {ordered_table};

-- Slugs that lead to the alliance that had them once. No other alliance gets them.
CREATE TABLE former_alliance_slugs (
    slug {sorted} NOT NULL PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    retired_at {time} NOT NULL
) {ordered_table};
CREATE INDEX former_alliance_slugs_by_alliance ON former_alliance_slugs (alliance_id);
";
