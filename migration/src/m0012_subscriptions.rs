//! What updates by e-mail need: who asked for them and who confirmed it, what goes to whom, and how far the events have been taken up.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0012_subscriptions"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        let db = manager.get_connection();
        sql::run(db, SCHEMA).await?;
        // What happened before is nothing new to anybody.
        let last = match sea_orm::ConnectionTrait::get_database_backend(db) {
            sea_orm::DbBackend::Sqlite => "COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0)",
            _ => "(SELECT last FROM outbox_positions)",
        };
        sql::run(db, &format!("INSERT INTO outbox_readers (name, position) VALUES ('subscriptions', {last})")).await
    }
}

const SCHEMA: &str = "
-- How far each reader of the events has come that must not miss one.
CREATE TABLE outbox_readers (
    name {sorted} PRIMARY KEY,
    position BIGINT NOT NULL
) {ordered_table};

-- What an alliance's mails and pages look like, and what people agree to who sign up. The version counts its wordings.
ALTER TABLE alliances ADD COLUMN mail_colour TEXT;
ALTER TABLE alliances ADD COLUMN mail_footer TEXT;
ALTER TABLE alliances ADD COLUMN subscription_wording TEXT;
ALTER TABLE alliances ADD COLUMN subscription_wording_version INTEGER NOT NULL DEFAULT 1;

-- Somebody gave an address and asked for updates; whoever reads its mail confirms it, or it expires. The ids of topics stand with blanks between.
CREATE TABLE subscription_requests (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key {sorted} NOT NULL,
    name TEXT,
    topics TEXT NOT NULL,
    frequency TEXT NOT NULL CHECK (frequency IN ('IMMEDIATE', 'DAILY', 'WEEKLY')),
    wording TEXT NOT NULL,
    wording_version INTEGER NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('OWN_PAGE', 'OTHER_PAGE', 'PROGRAM')),
    network TEXT,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time}
);
CREATE INDEX subscription_requests_by_alliance ON subscription_requests (alliance_id, expires_at);
CREATE INDEX subscription_requests_by_address ON subscription_requests (email_key);
CREATE INDEX subscription_requests_by_end ON subscription_requests (expires_at);

-- Who gets updates. What they agreed to, when and where stands beside them.
CREATE TABLE email_subscriptions (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    email_key {sorted} NOT NULL,
    name TEXT,
    state TEXT NOT NULL CHECK (state IN ('CONFIRMED', 'CANCELLED', 'BOUNCED')),
    frequency TEXT NOT NULL CHECK (frequency IN ('IMMEDIATE', 'DAILY', 'WEEKLY')),
    wording TEXT NOT NULL,
    wording_version INTEGER NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('OWN_PAGE', 'OTHER_PAGE', 'PROGRAM')),
    network TEXT,
    requested_at {time} NOT NULL,
    confirmed_at {time} NOT NULL,
    ended_at {time},
    updated_at {time} NOT NULL,
    UNIQUE (alliance_id, email_key),
    CHECK ((state = 'CONFIRMED') = (ended_at IS NULL))
);
CREATE INDEX email_subscriptions_by_state ON email_subscriptions (alliance_id, state, id);
CREATE INDEX email_subscriptions_by_address ON email_subscriptions (email_key);
CREATE INDEX email_subscriptions_by_end ON email_subscriptions (ended_at) WHERE ended_at IS NOT NULL;

-- What about: the alliance as a whole, a campaign or an institution.
CREATE TABLE email_subscription_topics (
    subscription_id {id} NOT NULL REFERENCES email_subscriptions (id) ON DELETE CASCADE,
    topic_id {id} NOT NULL,
    campaign_id {id} REFERENCES campaigns (id) ON DELETE CASCADE,
    institution_id {id} REFERENCES institutions (id) ON DELETE CASCADE,
    PRIMARY KEY (subscription_id, topic_id)
) {ordered_table};
CREATE INDEX email_subscription_topics_by_topic ON email_subscription_topics (topic_id, subscription_id);
CREATE INDEX email_subscription_topics_by_campaign ON email_subscription_topics (campaign_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX email_subscription_topics_by_institution ON email_subscription_topics (institution_id) WHERE institution_id IS NOT NULL;

-- A post that goes out by mail, once and never again. The audience is written down a few at a time; the sums once its mails are old.
CREATE TABLE post_mailings (
    post_id {id} PRIMARY KEY REFERENCES posts (id) ON DELETE CASCADE,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    published_at {time} NOT NULL,
    reached {id},
    gathered_at {time},
    closed_at {time},
    audience INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    uncertain INTEGER NOT NULL DEFAULT 0,
    suppressed INTEGER NOT NULL DEFAULT 0
) {ordered_table};
CREATE INDEX post_mailings_by_alliance ON post_mailings (alliance_id);
CREATE INDEX post_mailings_by_age ON post_mailings (gathered_at) WHERE closed_at IS NULL;

-- One mail to one person. due and lease are milliseconds since 1970 by the database's clock: when it may go, and until when who sends it must have told what came of it.
CREATE TABLE subscription_mails (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id) ON DELETE CASCADE,
    subscription_id {id} REFERENCES email_subscriptions (id) ON DELETE SET NULL,
    is_digest BOOLEAN NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('WAITING', 'SENDING', 'SENT', 'FAILED', 'UNCERTAIN', 'SUPPRESSED')),
    due BIGINT NOT NULL,
    lease BIGINT,
    attempt INTEGER NOT NULL DEFAULT 0,
    created_at {time} NOT NULL
);
CREATE UNIQUE INDEX subscription_mails_digest ON subscription_mails (subscription_id, due) WHERE is_digest;
CREATE INDEX subscription_mails_by_due ON subscription_mails (due, id) WHERE state = 'WAITING';
CREATE INDEX subscription_mails_by_lease ON subscription_mails (lease) WHERE state = 'SENDING';
CREATE INDEX subscription_mails_by_subscription ON subscription_mails (subscription_id) WHERE subscription_id IS NOT NULL;
CREATE INDEX subscription_mails_by_alliance ON subscription_mails (alliance_id);
CREATE INDEX subscription_mails_by_age ON subscription_mails (created_at);

-- What a mail is about. Nobody is told of a post twice.
CREATE TABLE subscription_mail_posts (
    post_id {id} NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
    mail_id {id} NOT NULL REFERENCES subscription_mails (id) ON DELETE CASCADE,
    subscription_id {id} REFERENCES email_subscriptions (id) ON DELETE SET NULL,
    left_out BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (post_id, mail_id),
    UNIQUE (post_id, subscription_id)
) {ordered_table};
CREATE INDEX subscription_mail_posts_by_mail ON subscription_mail_posts (mail_id);
CREATE INDEX subscription_mail_posts_by_subscription ON subscription_mail_posts (subscription_id) WHERE subscription_id IS NOT NULL;
";
