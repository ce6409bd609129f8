//! The vocabulary, in SQL.

use std::collections::HashMap;

use alliance_entity::search_word::{Column, Entity};
use sea_orm::sea_query::{Expr, Func, Order, Query};
use sea_orm::{ColumnTrait, ConnectionTrait};

use crate::app::App;
use crate::error::Result;
use crate::loader::Load;
use crate::searchable::words::beyond;
use crate::viewer::Viewer;

/// How many words one beginning stands for at most, the shortest ones.
const MOST_BEGUN: u64 = 32;

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
