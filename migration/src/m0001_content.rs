//! Alliances, people, institutions, campaigns, events, and posts with their revisions and links.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0001_content"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
CREATE TABLE alliances (
    id {id} PRIMARY KEY,
    slug {sorted} NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('HOSTED', 'PARTNER')),
    name TEXT NOT NULL,
    sort_name {sorted} NOT NULL,
    tagline TEXT,
    description TEXT NOT NULL,
    website_url TEXT,
    time_zone TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX alliances_by_name ON alliances (sort_name, id);

CREATE TABLE people (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    name TEXT NOT NULL,
    title TEXT,
    bio TEXT,
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX people_by_alliance ON people (alliance_id);

-- A person is public by the roles they hold, and by nothing else.
CREATE TABLE person_roles (
    person_id {id} NOT NULL REFERENCES people (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('ORGANISER', 'COMMISSIONER', 'AUTHOR')),
    position INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, role)
) {ordered_table};

CREATE TABLE institutions (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    slug {sorted} NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'PUBLISHED')),
    kind TEXT NOT NULL CHECK (kind IN ('TRADE_UNION', 'FAITH_GROUP', 'CHARITY', 'SCHOOL', 'UNIVERSITY', 'OTHER')),
    name TEXT NOT NULL,
    sort_name {sorted} NOT NULL,
    description TEXT NOT NULL,
    website_url TEXT,
    joined_on {date},
    left_on {date},
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    UNIQUE (alliance_id, slug),
    CHECK (left_on IS NULL OR (joined_on IS NOT NULL AND left_on >= joined_on))
);
CREATE INDEX institutions_by_name ON institutions (status, sort_name, id);
CREATE INDEX institutions_by_alliance_and_name ON institutions (alliance_id, status, sort_name, id);

CREATE TABLE campaigns (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    slug {sorted} NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'ACTIVE', 'CLOSED')),
    title TEXT NOT NULL,
    sort_title {sorted} NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    started_on {date},
    ended_on {date},
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    UNIQUE (alliance_id, slug)
);
CREATE INDEX campaigns_by_title ON campaigns (sort_title, id);
CREATE INDEX campaigns_by_alliance_and_title ON campaigns (alliance_id, sort_title, id);

CREATE TABLE campaign_institutions (
    campaign_id {id} NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    institution_id {id} NOT NULL REFERENCES institutions (id) ON DELETE CASCADE,
    PRIMARY KEY (campaign_id, institution_id)
) {ordered_table};
CREATE INDEX campaign_institutions_by_institution ON campaign_institutions (institution_id, campaign_id);

CREATE TABLE events (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    slug {sorted} NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'SCHEDULED', 'CANCELLED')),
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    starts_at {time} NOT NULL,
    ends_at {time},
    time_zone TEXT NOT NULL,
    rescheduled_from {time},
    venue_name TEXT,
    venue_address TEXT,
    capacity INTEGER CHECK (capacity >= 0),
    attendance INTEGER CHECK (attendance >= 0),
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    UNIQUE (alliance_id, slug)
);
CREATE INDEX events_by_start ON events (starts_at, id);
CREATE INDEX events_by_alliance_and_start ON events (alliance_id, starts_at, id);

-- starts_at is the event's own, so that a campaign's page of events walks this table in order.
CREATE TABLE event_campaigns (
    event_id {id} NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    campaign_id {id} NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    starts_at {time} NOT NULL,
    PRIMARY KEY (event_id, campaign_id)
) {ordered_table};
CREATE INDEX event_campaigns_by_start ON event_campaigns (campaign_id, starts_at, event_id);

CREATE TABLE posts (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    slug {sorted} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('NEWS', 'STATEMENT', 'REPORT')),
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'SCHEDULED', 'PUBLISHED', 'UNPUBLISHED', 'ARCHIVED')),
    author_id {id} REFERENCES people (id),
    event_id {id} REFERENCES events (id),
    live_revision_id {id},
    published_at {time},
    first_published_at {time},
    scheduled_for {time},
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL,
    UNIQUE (alliance_id, slug),
    CHECK (status <> 'PUBLISHED' OR (live_revision_id IS NOT NULL AND published_at IS NOT NULL))
);
CREATE INDEX posts_by_publication ON posts (status, published_at, id);
CREATE INDEX posts_by_update ON posts (status, updated_at, id);
CREATE INDEX posts_by_alliance_and_publication ON posts (alliance_id, status, published_at, id);
CREATE INDEX posts_by_alliance_and_update ON posts (alliance_id, status, updated_at, id);
CREATE INDEX posts_by_author ON posts (author_id);
CREATE INDEX posts_by_event ON posts (event_id);

-- A revision is written once and never changed. The short columns stand first, so that a list does not read past the long ones.
CREATE TABLE post_revisions (
    id {id} PRIMARY KEY,
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    has_more BOOLEAN NOT NULL,
    reading_minutes INTEGER NOT NULL,
    created_at {time} NOT NULL,
    body TEXT NOT NULL,
    body_html TEXT NOT NULL,
    rendering INTEGER NOT NULL,
    UNIQUE (post_id, number)
);

-- published_at is the post's own while it is live, else null: these tables are the ordered index of a campaign's and an
-- institution's page.
CREATE TABLE post_campaigns (
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    campaign_id {id} NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
    published_at {time},
    PRIMARY KEY (post_id, campaign_id)
) {ordered_table};
CREATE INDEX post_campaigns_by_publication ON post_campaigns (campaign_id, published_at, post_id);

CREATE TABLE post_institutions (
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    institution_id {id} NOT NULL REFERENCES institutions (id) ON DELETE CASCADE,
    published_at {time},
    PRIMARY KEY (post_id, institution_id)
) {ordered_table};
CREATE INDEX post_institutions_by_publication ON post_institutions (institution_id, published_at, post_id);
";
