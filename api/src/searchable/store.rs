//! Every statement that writes the documents of search and its vocabulary.

use alliance_entity::id::AllianceId;
use alliance_entity::search_document::{self, Column, Entity, SearchType};
use alliance_entity::search_word;
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, Func, OnConflict, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::database::transaction::Transaction;
use crate::error::{Error, Result};
use crate::searchable::words::Vocabulary;

/// How many seconds a document's date is moved on at most, to find one that is free.
const A_DAY: i64 = 86_400;
/// How many words one statement writes.
const ROWS: usize = 1_000;
/// How often a second is looked for that others may take meanwhile.
const TRIES: usize = 100;

/// What is to be found.
#[derive(Debug, Clone)]
pub struct Findable<'a> {
    /// What kind of thing it is.
    pub subject_type: SearchType,
    /// Which.
    pub subject_id: Uuid,
    /// Whose it is.
    pub alliance_id: AllianceId,
    /// Its title or name.
    pub title: &'a str,
    /// What else it says, in plain text.
    pub body: &'a str,
    /// Its date: of equals the newest is found first.
    pub date: DateTime<Utc>,
}

/// Lets a thing be found as it is now.
///
/// # Errors
/// Where the database does not answer.
pub async fn put(txn: &Transaction, thing: Findable<'_>) -> Result<()> {
    let Findable { subject_type, subject_id, alliance_id, title, body, date } = thing;
    let rank_time = date.timestamp();
    let there = Entity::find().filter(Column::SubjectId.eq(subject_id)).one(txn).await?;
    let document = search_document::Model {
        rank_time,
        subject_type,
        subject_id,
        alliance_id,
        title: title.to_owned(),
        body: body.to_owned(),
    };
    match there {
        Some(old) if (rank_time..rank_time + A_DAY).contains(&old.rank_time) => {
            let search_document::Model { title, body, .. } = normal(document);
            insert_words(txn, &words_of(&title, &body)).await?;
            let set = Entity::update_many()
                .col_expr(Column::Title, Expr::val(title))
                .col_expr(Column::Body, Expr::val(body))
                .filter(Column::SubjectId.eq(subject_id));
            set.exec(txn).await?;
            Ok(())
        }
        _ => {
            delete(txn, subject_id).await?;
            insert(txn, document).await
        }
    }
}

/// Lets a thing be found no more.
///
/// # Errors
/// Where the database does not answer.
pub async fn delete(txn: &Transaction, subject_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::SubjectId.eq(subject_id)).exec(txn).await?;
    Ok(())
}

/// Adds a document, and its words to the vocabulary. Its `rank_time` moves on to the first second after it that no other document has.
///
/// # Errors
/// Where the database does not answer, or a day has no second left.
pub async fn insert(db: &impl ConnectionTrait, document: search_document::Model) -> Result<()> {
    let document = normal(document);
    insert_words(db, &words_of(&document.title, &document.body)).await?;
    for _ in 0..TRIES {
        let rank_time = free_second(db, document.rank_time).await?;
        let row = search_document::Model { rank_time, ..document.clone() };
        // Another may have taken it meanwhile.
        let taken = OnConflict::column(Column::RankTime).do_nothing().to_owned();
        let inserted = Entity::insert(row.into_active_model()).on_conflict(taken).exec_without_returning(db).await?;
        if inserted > 0 {
            return Ok(());
        }
    }
    Err(Error::Unavailable)
}

async fn free_second(db: &impl ConnectionTrait, from: i64) -> Result<i64> {
    let mut latest = Query::select();
    latest
        .expr_as(Func::max(Expr::col(Column::RankTime)), "latest")
        .from(Entity)
        .and_where(Column::RankTime.gte(from))
        .and_where(Column::RankTime.lt(from + A_DAY));
    let latest: Option<i64> = match db.query_one(&latest).await? {
        Some(row) => row.try_get("", "latest")?,
        None => None,
    };
    let free = latest.map_or(from, |latest| latest + 1);
    if free >= from + A_DAY {
        return Err(Error::internal("a day has no second left for a search document"));
    }
    Ok(free)
}

fn normal(document: search_document::Model) -> search_document::Model {
    let search_document::Model { rank_time, subject_type, subject_id, alliance_id, title, body } = document;
    let (title, body) = (title.nfc().collect(), body.nfc().collect());
    search_document::Model { rank_time, subject_type, subject_id, alliance_id, title, body }
}

fn words_of(title: &str, body: &str) -> Vec<String> {
    let mut vocabulary = Vocabulary::default();
    vocabulary.read(title);
    vocabulary.read(body);
    vocabulary.take()
}

/// Adds those of `words` that are not there yet. They come in order: two who write the same words wait for each other, and never
/// both of them.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert_words(db: &impl ConnectionTrait, words: &[String]) -> Result<()> {
    for some in words.chunks(ROWS) {
        let rows = some.iter().map(|word| search_word::Model { word: word.clone() }.into_active_model());
        let there = OnConflict::column(search_word::Column::Word).do_nothing().to_owned();
        search_word::Entity::insert_many(rows).on_conflict(there).exec_without_returning(db).await?;
    }
    Ok(())
}
