//! How many reactions of a kind a subject has: the COUNTED ones.

use sea_orm::entity::prelude::*;

use crate::reaction::ReactionKind;

/// One row of `reaction_counters`.
#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reaction_counters")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub subject_id: uuid::Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: ReactionKind,
    pub total: i64,
}

impl ActiveModelBehavior for ActiveModel {}
