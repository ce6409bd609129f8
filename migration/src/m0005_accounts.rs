//! Accounts with their roles, sessions and links, the keys of partners, and whose rows posts and reactions are.

use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait, sea_orm};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0005_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), sea_orm::DbErr> {
        sql::run(manager.get_connection(), SCHEMA).await
    }
}

const SCHEMA: &str = "
CREATE TABLE accounts (
    id {id} PRIMARY KEY,
    email TEXT NOT NULL,
    email_key {sorted} NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_is_public BOOLEAN NOT NULL,
    password_hash TEXT,
    is_operator BOOLEAN NOT NULL,
    two_factor_secret {bytes},
    two_factor_since {time},
    two_factor_step BIGINT,
    disabled_at {time},
    signed_in_at {time},
    version INTEGER NOT NULL DEFAULT 1,
    created_at {time} NOT NULL,
    updated_at {time} NOT NULL
);
CREATE INDEX accounts_of_operators ON accounts (is_operator) WHERE is_operator;

CREATE TABLE account_recovery_codes (
    account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    hash {sorted} NOT NULL,
    used_at {time},
    PRIMARY KEY (account_id, hash)
) {ordered_table};

CREATE TABLE account_roles (
    account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    role TEXT NOT NULL CHECK (role IN ('ADMIN', 'EDITOR', 'AUTHOR', 'ORGANISER', 'SUPPORTER')),
    granted_at {time} NOT NULL,
    PRIMARY KEY (account_id, alliance_id, role)
) {ordered_table};
CREATE INDEX account_roles_by_alliance ON account_roles (alliance_id, role);

CREATE TABLE sessions (
    id {id} PRIMARY KEY,
    account_id {id} NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    in_cookie BOOLEAN NOT NULL,
    user_agent TEXT,
    network TEXT,
    created_at {time} NOT NULL,
    used_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    ended_at {time}
);
CREATE INDEX sessions_by_account ON sessions (account_id, ended_at);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- A session's refresh tokens: the one that is valid, and those that it has replaced, by their hashes alone.
CREATE TABLE refresh_tokens (
    hash {sorted} PRIMARY KEY,
    session_id {id} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at {time} NOT NULL,
    replaced_at {time}
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- What can be done once by whoever holds a link. The token is made when the link is sent; its hash is kept.
CREATE TABLE account_links (
    id {id} PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('REGISTRATION', 'INVITATION', 'SETUP', 'PASSWORD_RESET', 'EMAIL_CHANGE')),
    email TEXT NOT NULL,
    email_key {sorted} NOT NULL,
    name TEXT,
    account_id {id} REFERENCES accounts (id) ON DELETE CASCADE,
    alliance_id {id} REFERENCES alliances (id),
    role TEXT CHECK (role IN ('ADMIN', 'EDITOR', 'AUTHOR', 'ORGANISER', 'SUPPORTER')),
    invited_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    token_hash {sorted} UNIQUE,
    created_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time}
);
CREATE INDEX account_links_by_address ON account_links (email_key);
CREATE INDEX account_links_by_account ON account_links (account_id);
CREATE INDEX account_links_by_end ON account_links (expires_at);

CREATE TABLE api_keys (
    id {id} PRIMARY KEY,
    alliance_id {id} NOT NULL REFERENCES alliances (id),
    holder TEXT NOT NULL,
    prefix TEXT NOT NULL,
    hash {sorted} NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_by {id} REFERENCES accounts (id) ON DELETE SET NULL,
    created_at {time} NOT NULL,
    expires_at {time},
    used_at {time},
    revoked_at {time}
);
CREATE INDEX api_keys_by_alliance ON api_keys (alliance_id, holder);

-- Addresses that must not be written to again, as keyed hashes.
CREATE TABLE suppressions (
    hash {sorted} PRIMARY KEY,
    reason TEXT NOT NULL CHECK (reason IN ('ERASED')),
    created_at {time} NOT NULL
) {ordered_table};

ALTER TABLE alliances ADD COLUMN two_factor_required BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE posts ADD COLUMN owner_id {id} REFERENCES accounts (id) ON DELETE SET NULL;
ALTER TABLE posts ADD COLUMN draft_revision_id {id} REFERENCES post_revisions (id);
CREATE INDEX posts_by_owner ON posts (owner_id) WHERE owner_id IS NOT NULL;
ALTER TABLE reactions ADD COLUMN account_id {id} REFERENCES accounts (id) ON DELETE CASCADE;
CREATE INDEX reactions_by_account ON reactions (account_id) WHERE account_id IS NOT NULL;
";
