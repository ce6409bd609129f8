//! The words of every search document, so that search can look up what a word begins: the indexes hold stems, and a stem is not the
//! beginning of all of its words (`housing` is kept as `hous`, which `housi` does not begin).
//!
//! The words of documents that are there already are found here and not by a database, since no two fold text alike. How they are
//! found is a copy for good of how it is done elsewhere.

use std::collections::{BTreeSet, HashSet};

use sea_orm_migration::sea_orm::sea_query::{Alias, Expr, ExprTrait, OnConflict, Order, Query};
use sea_orm_migration::sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{MigrationTrait, SchemaManager, async_trait};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::sql;

/// How many documents are read at once.
const DOCUMENTS: u64 = 200;
/// How many words one statement writes.
const ROWS: usize = 1_000;
/// How many words are remembered as written; then they are forgotten, so that memory does not grow with the database.
const REMEMBERED: usize = 500_000;
/// How many characters the longest word has that is kept.
const LONGEST: usize = 64;

pub(crate) struct Migration;

impl sea_orm_migration::MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m0004_search_words"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        sql::run(db, SCHEMA).await?;
        fill(db).await
    }

    /// On SQLite too: it may take minutes, and what ends it midway must leave nothing behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCHEMA: &str = "
CREATE TABLE search_words (
    word {sorted} PRIMARY KEY NOT NULL
) {ordered_table};
";

async fn fill(db: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut seen: HashSet<String> = HashSet::new();
    let mut after = i64::MIN;
    loop {
        let mut page = Query::select();
        page.columns(["rank_time", "title", "body"].map(Alias::new))
            .from(Alias::new("search_documents"))
            .and_where(Expr::col(Alias::new("rank_time")).gt(after))
            .order_by(Alias::new("rank_time"), Order::Asc)
            .limit(DOCUMENTS);
        let documents = db.query_all(&page).await?;
        let Some(last) = documents.last() else { return Ok(()) };
        after = last.try_get("", "rank_time")?;
        let mut fresh = BTreeSet::new();
        for document in &documents {
            for part in ["title", "body"] {
                collect(&document.try_get::<String>("", part)?, &mut seen, &mut fresh);
            }
        }
        write(db, fresh.into_iter().collect()).await?;
        if seen.len() > REMEMBERED {
            seen.clear();
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Puts the words of `text` that were not `seen` yet among the `fresh` ones, in lower case and without accents.
fn collect(text: &str, seen: &mut HashSet<String>, fresh: &mut BTreeSet<String>) {
    for word in words(text) {
        if seen.contains(word) {
            continue;
        }
        seen.insert(word.to_owned());
        let folded = word.nfkd().filter(|c| !is_combining_mark(*c)).collect::<String>().to_lowercase();
        fresh.extend(words(&folded).filter(|word| word.chars().count() <= LONGEST).map(str::to_owned));
    }
}

async fn write(db: &impl ConnectionTrait, words: Vec<String>) -> Result<(), DbErr> {
    for some in words.chunks(ROWS) {
        let mut insert = Query::insert();
        insert.into_table(Alias::new("search_words")).columns([Alias::new("word")]);
        for word in some {
            insert.values_panic([word.as_str().into()]);
        }
        insert.on_conflict(OnConflict::column(Alias::new("word")).do_nothing().to_owned());
        db.execute(&insert).await?;
    }
    Ok(())
}
