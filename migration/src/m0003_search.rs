//! What full-text search reads: one document for each live post, campaign, event and institution.
//!
//! `rank_time` is the document's key and its recency at once: seconds since 1970 of its date, moved on by one where two would
//! share it. FTS5 keeps its lists in the order of that key, so that "the newest thousand matches" is a walk that stops. Titles have an index of their own: what they match ranks first, and
//! their lists are short.

use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};

use crate::sql;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0003_search"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        match db.get_database_backend() {
            DbBackend::Sqlite => on_sqlite(db).await,
            _ => sql::run(db, ON_POSTGRES).await,
        }
    }
}

/// Triggers hold semicolons at line ends, so each statement goes by itself here.
async fn on_sqlite(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    for statement in ON_SQLITE {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}

const ON_SQLITE: [&str; 7] = [
    "CREATE TABLE search_documents (
        rank_time INTEGER PRIMARY KEY,
        subject_type TEXT NOT NULL CHECK (subject_type IN ('POST', 'CAMPAIGN', 'EVENT', 'INSTITUTION')),
        subject_id BLOB NOT NULL UNIQUE,
        alliance_id BLOB NOT NULL,
        title TEXT NOT NULL,
        body TEXT NOT NULL
    )",
    "CREATE INDEX search_documents_by_alliance ON search_documents (alliance_id)",
    "CREATE VIRTUAL TABLE search_index USING fts5 (
        title, body, content='search_documents', content_rowid='rank_time',
        tokenize=\"porter unicode61 remove_diacritics 2\", prefix='2 3'
    )",
    "CREATE VIRTUAL TABLE search_titles USING fts5 (
        title, content='search_documents', content_rowid='rank_time',
        tokenize=\"porter unicode61 remove_diacritics 2\", prefix='2 3'
    )",
    "CREATE TRIGGER search_documents_inserted AFTER INSERT ON search_documents BEGIN
        INSERT INTO search_index (rowid, title, body) VALUES (new.rank_time, new.title, new.body);
        INSERT INTO search_titles (rowid, title) VALUES (new.rank_time, new.title);
    END",
    "CREATE TRIGGER search_documents_deleted AFTER DELETE ON search_documents BEGIN
        INSERT INTO search_index (search_index, rowid, title, body) VALUES ('delete', old.rank_time, old.title, old.body);
        INSERT INTO search_titles (search_titles, rowid, title) VALUES ('delete', old.rank_time, old.title);
    END",
    "CREATE TRIGGER search_documents_updated AFTER UPDATE ON search_documents BEGIN
        INSERT INTO search_index (search_index, rowid, title, body) VALUES ('delete', old.rank_time, old.title, old.body);
        INSERT INTO search_titles (search_titles, rowid, title) VALUES ('delete', old.rank_time, old.title);
        INSERT INTO search_index (rowid, title, body) VALUES (new.rank_time, new.title, new.body);
        INSERT INTO search_titles (rowid, title) VALUES (new.rank_time, new.title);
    END",
];

/// The configuration stems English, folds accents and drops no word, as the tokenizer on SQLite does; the punctuation that
/// PostgreSQL's parser would keep inside a word (addresses, file names, signed numbers, tags) is blanked first.
const ON_POSTGRES: &str = "
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE TEXT SEARCH DICTIONARY alliance_stem (TEMPLATE = snowball, LANGUAGE = english);
CREATE TEXT SEARCH CONFIGURATION alliance_text (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION alliance_text
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH unaccent, alliance_stem;
CREATE TABLE search_documents (
    rank_time BIGINT PRIMARY KEY,
    subject_type TEXT NOT NULL CHECK (subject_type IN ('POST', 'CAMPAIGN', 'EVENT', 'INSTITUTION')),
    subject_id UUID NOT NULL UNIQUE,
    alliance_id UUID NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    title_words TSVECTOR NOT NULL GENERATED ALWAYS AS (to_tsvector('alliance_text', translate(title, '-+./@:_<>&', '          '))) STORED,
    words TSVECTOR NOT NULL GENERATED ALWAYS AS (to_tsvector('alliance_text', translate(title || ' ' || body, '-+./@:_<>&', '          '))) STORED
);
CREATE INDEX search_documents_by_alliance ON search_documents (alliance_id);
CREATE INDEX search_documents_by_title_words ON search_documents USING GIN (title_words);
CREATE INDEX search_documents_by_words ON search_documents USING GIN (words);
";
