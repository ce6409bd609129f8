//! The vocabulary of full-text search: each word that a search document has or had, in lower case and without accents.

use sea_orm::entity::prelude::*;

/// One row of `search_words`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "search_words")]
pub struct Model {
    /// Letters and digits, at most 64.
    #[sea_orm(primary_key, auto_increment = false)]
    pub word: String,
}

impl ActiveModelBehavior for ActiveModel {}
