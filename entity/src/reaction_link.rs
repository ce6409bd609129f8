//! What confirms a visitor's comments, sent to the address that they gave.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use crate::id::{ReactionId, ReactionLinkId};

/// One row of `reaction_links`.
#[derive(Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reaction_links")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ReactionLinkId,
    pub reaction_id: ReactionId,
    /// Where it is sent.
    pub email: String,
    /// The address as it is compared.
    pub email_key: String,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// None is named: statements join by columns.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Without what a log must not show.
impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("reaction_link::Model").field("id", &self.id).field("reaction", &self.reaction_id).finish_non_exhaustive()
    }
}
