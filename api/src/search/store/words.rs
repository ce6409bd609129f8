//! The vocabulary, in SQL.

use std::collections::HashMap;

use alliance_entity::search_word::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, Func, OnConflict, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::search::words::beyond;
use crate::viewer::Viewer;

/// How many words one beginning stands for at most, the shortest ones.
const MOST_BEGUN: u64 = 32;
/// How many words one statement writes.
const ROWS: usize = 1_000;

/// The beginning of words, as a key to load them by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Beginning(pub String);

impl Load for Beginning {
    type Value = Vec<String>;

    /// Words tell a viewer nothing: they are searched for in what the viewer may read.
    async fn load(app: &App, _: &Viewer, keys: Vec<Self>) -> Result<HashMap<Self, Self::Value>> {
        let mut found = HashMap::new();
        for key in keys {
            let mut select = Query::select();
            // A range and no LIKE, so that it is one walk of the key.
            select
                .column(Column::Word)
                .from(Entity)
                .and_where(Column::Word.gte(key.0.as_str()))
                .and_where(Column::Word.lt(beyond(&key.0)))
                .order_by_expr(Func::char_length(Expr::col(Column::Word)).into(), Order::Asc)
                .order_by(Column::Word, Order::Asc)
                .limit(MOST_BEGUN);
            let rows = app.db().search().query_all(&select).await?;
            let words: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get("", "word")).collect();
            found.insert(key, words?);
        }
        Ok(found)
    }
}

/// Adds those of `words` that are not there yet. They come in order: two who write the same words wait for each other, and never
/// both of them.
///
/// # Errors
/// Where the database does not answer.
pub async fn insert(db: &impl ConnectionTrait, words: &[String]) -> Result<()> {
    for some in words.chunks(ROWS) {
        let rows = some.iter().map(|word| Model { word: word.clone() }.into_active_model());
        let there = OnConflict::column(Column::Word).do_nothing().to_owned();
        Entity::insert_many(rows).on_conflict(there).exec_without_returning(db).await?;
    }
    Ok(())
}
